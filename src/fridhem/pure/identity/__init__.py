"""Swedish identity numbers: read, check and mask them."""

from fridhem.pure.identity.number import (
    TEST_NUMBERS,
    IdentityNumber,
    NotAnIdentityNumber,
    check_digit,
    masked,
    parse,
    test_number,
)

__all__ = ["TEST_NUMBERS", "IdentityNumber", "NotAnIdentityNumber", "check_digit", "masked", "parse", "test_number"]
