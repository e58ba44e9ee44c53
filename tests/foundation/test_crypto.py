"""What is sealed stays sealed, fits only its own place, and tells nothing by its size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from fridhem.foundation.crypto import boxes, receipts

SALT = b"0123456789abcdef"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=3000)


@given(TEXTS)
def test_a_box_gives_back_what_was_sealed(text):
    key = PrivateKey.generate()

    assert boxes.unseal(boxes.seal({"text": text}, key.public_key), key) == {"text": text}


@given(TEXTS)
def test_a_box_never_shows_its_text_and_grows_in_steps(text):
    key = PrivateKey.generate()

    box = boxes.seal(text, key.public_key)

    assert len(text) < 8 or text.encode() not in box
    assert (len(box) - 48) % boxes.STEP == 0


def test_a_box_opens_for_no_one_else_and_not_when_damaged():
    key, other = PrivateKey.generate(), PrivateKey.generate()
    box = boxes.seal("hemligt", key.public_key)

    for wrong_box, wrong_key in [(box, other), (box[:-1] + bytes([box[-1] ^ 1]), key), (b"", key), (box[:40], key)]:
        with pytest.raises(boxes.Unopenable):
            boxes.unseal(wrong_box, wrong_key)


def test_receipts_are_twenty_digits_in_five_groups_and_never_the_same():
    drawn = {receipts.new_receipt() for _ in range(10_000)}

    assert len(drawn) == 10_000
    assert all(len(groups := receipt.split()) == 5 and all(len(g) == 4 and g.isdigit() for g in groups) for receipt in drawn)


def test_a_receipt_opens_the_same_mailbox_however_it_is_written():
    plain = receipts.mailbox("12345678901234567890", SALT)

    for written in ("1234 5678 9012 3456 7890", "1234-5678-9012-3456-7890", "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦ ٧٨٩٠"):
        again = receipts.mailbox(written, SALT)
        assert (again.lookup, bytes(again.key)) == (plain.lookup, bytes(plain.key))
    assert receipts.mailbox("12345678901234567891", SALT).lookup != plain.lookup
    assert receipts.mailbox("12345678901234567890", b"another-salt-123").lookup != plain.lookup


@pytest.mark.parametrize("typed", ["", "1234", "1234 5678 9012 3456 789", "1234 5678 9012 3456 789x", "½" * 20, "\x00" * 20])
def test_what_is_no_receipt_is_refused(typed):
    with pytest.raises(receipts.NotAReceipt):
        receipts.digits_of(typed)
