"""Speaking to a running face over the wire, byte for byte, as anyone can."""

import contextlib
import http.client
import re
import socket
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in lower case; a header that came twice is joined by a line break."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Caller:
    """One visitor: keeps its cookies and its connection, follows nothing."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    _open: http.client.HTTPConnection | None = None

    def asks(self, path: str, method: str = "GET", body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request, sent as it stands; tried again once when the connection had gone to sleep."""
        place = urlsplit(self.base)
        sent = {"Host": place.netloc, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for last in (False, True):
            self._open = self._open or http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
            try:
                return self._answer(method, path, body, sent)
            except (OSError, http.client.HTTPException):
                self.hangs_up()
                if last:
                    raise
        raise AssertionError

    def _answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = self._open
        assert connection is not None
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.encode("utf-8", "surrogateescape"))
        if body or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            found[name.lower()] = f"{found[name.lower()]}\n{value}" if name.lower() in found else value
        for cookie in found.get("set-cookie", "").split("\n"):
            name, _, value = cookie.split(";")[0].strip().partition("=")
            if name:
                self.cookies[name] = value
        content = answer.read()
        if answer.getheader("Connection") == "close":
            self.hangs_up()
        return Answer(answer.status, found, content)

    def hangs_up(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None

    def sends(self, path: str, headers: Mapping[str, str] | None = None, **said: str) -> Answer:
        """A form, with the token of the cookie when there is one."""
        token = {"csrfmiddlewaretoken": self.cookies["c"]} if "c" in self.cookies else {}
        body = urllib.parse.urlencode({**token, **said}).encode()
        return self.asks(path, "POST", body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def steps_in(self, username: str) -> "Caller":
        """Become one of the demonstration's people."""
        self.asks("/")
        answer = self.sends(f"/prova/{username}/", {"Origin": self.base.rstrip("/")})
        assert answer.status == 302, answer.status
        return self

    def steps(self, **said: str) -> Answer:
        """A step of the public page, as its script sends it."""
        return self.sends("/", {"X-Steps": "1"}, **{"language": "sv", **said})


def links(answer: Answer) -> list[str]:
    """The addresses on the same face that a page names."""
    found = re.findall(r'(?:href|src|action)="(/[^"#]*)', answer.page)
    return [path.replace("&amp;", "&") for path in dict.fromkeys(found)]


def raw(base: str, sent: bytes, patience: float = 5.0) -> bytes:
    """What comes back on a bare connection for bytes that no client would send; empty when it is simply closed."""
    place = urlsplit(base)
    got = b""
    with contextlib.suppress(OSError), socket.create_connection((place.hostname, place.port), timeout=patience) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        while part := line.recv(65536):
            got += part
    return got
