"""The tests of the key service each get one of their own."""

from tests.factories.key_services import new_service, own

__all__ = ["new_service", "own"]
