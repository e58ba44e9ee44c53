"""The checks of the keys each get a key service of their own."""

from tests.factories.key_services import new_service, own

__all__ = ["new_service", "own"]
