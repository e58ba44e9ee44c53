"""Authenticators that live in the browser's test hooks: real WebAuthn, with nobody's finger."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page


class Authenticator:
    """One virtual authenticator of a page's browser, as a telephone with a fingerprint reader is."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def keys(self) -> list[dict]:
        """What it holds."""
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def remove(self) -> None:
        """Throw it away: the lost telephone."""
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def refuse(self) -> None:
        """The finger isn't the right one from now on."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@contextmanager
def authenticator(page: Page) -> Iterator[Authenticator]:
    """A virtual authenticator for as long as the block lasts."""
    one = Authenticator(page)
    try:
        yield one
    finally:
        one.remove()
