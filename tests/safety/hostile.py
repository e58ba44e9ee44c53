"""Requests that no browser of ours would send: by chance, from a seed, and aimed at what is known to break web services.

A request is data: the same one can go over the wire and to Django's client, and is printed whole when it broke something.
"""

import random
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from django.test import Client

FORM = "application/x-www-form-urlencoded"
LONG = "x" * 70_000
NASTY = (
    "\0", "a\0b", "", " ", "-1", "0", str(2**31), str(2**63), str(-(2**63) - 1), "9" * 5000, "1e309", "NaN", "-inf", "²", "½",
    "٣",
    "\ud800", "a\udfffb", "\ufeff", "\u202e", "\U0010ffff", "é" * 300, LONG, "%", "%s%n%00", "' OR 1=1--",
    "../../../etc/passwd",
    "{{7*7}}", "{% load x %}", "<script>alert(1)</script>", "a\r\nSet-Cookie: s=1", "[]", "{}", "null",
    "[" * 5000, '{"a":' * 5000,
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "0001-01-01T00:00", "9999-12-31T23:59",
    "25:61", "1" * 400, "V-ABSNT", "00000000-0000-0000-0000-000000000007", "ffffffff-ffff-ffff-ffff-fffffffffffff", "true",
    "on",
    "18900101-0000", "99999999999999999999", "0x10", "1_000", "+1", ".", "..", "/", "\\", ";", "http://[", "//example.org",
    "\x1b[2J",
)  # fmt: skip
PATHS = (
    "/%", "/%zz", "/%00", "/%ff%fe", "/%ED%A0%80", "/%C0%AF", "//", "///example.org", "/..%2f..%2fetc/passwd", "/%2e%2e/",
    "/;a=b",
    "/%5c", "/" + "a/" * 3000, "/" + "%41" * 8000, "/?", "/?%", "/?=%00&=&&&", "/?" + "a=1&" * 1001, "/#x", "/static/%00",
    "/static/..%2f",
    "/static/%ff.css", "/favicon.ico%00", "/*", "/\u00e5".encode().decode("latin-1"),
)  # fmt: skip
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "P" * 300)
TYPES = (
    FORM, f"{FORM}; charset=utf-99", f"{FORM}; charset=utf-7", f"{FORM}; charset=utf-16", f"{FORM}; charset=idna",
    "text/plain", "",
    f"{FORM}; charset=\xff", f"{FORM}; charset=hex", f"{FORM}; charset=unicode_escape", f"{FORM}; charset=punycode",
    "application/json",
    "application/json; charset=utf-32", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=\xe5", "multipart/form-data; boundary=x; charset=utf-99", "multipart/mixed; boundary=x",
    ";;;", "a/b" * 900,
)  # fmt: skip
HEADERS = (
    "Accept-Language", "Accept", "Accept-Encoding", "Cookie", "Referer", "Origin", "Host", "User-Agent", "X-Steps",
    "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "X-CSRFToken", "HX-Request", "HX-Target", "HX-Current-URL", "HX-Trigger",
    "HX-Prompt", "Range",
    "If-Modified-Since", "If-None-Match", "Content-Encoding", "X-HTTP-Method-Override", "Authorization", "X-Requested-With",
    "Sec-Fetch-Site",
)  # fmt: skip
JUNK = (
    "sv, " * 2000, "xx-" * 400, "c=\0; s=\xff; l=../../x", "s=" + "9" * 4000, "l=sv\xad; c=%00", "bytes=9-1",
    "Mon, 99 Foo 0000", "true",
    "gzip;q=9e999", "127.0.0.1:99999999", "[::1", "a" * 6000, "null", "\xff\xfe", "URI-AutoEncoded", "%00", "http://[",
    "sv-" + "a" * 600,
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One request, sent by `who` (None: a visitor). Headers and body hold the bytes that are sent."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)  # latin-1
    body: bytes = b""
    who: str | None = None

    def __str__(self) -> str:
        said = {name: value[:80] for name, value in self.headers.items()}
        return f"{self.method[:20]} {self.path[:300]!r} by {self.who}, {said}, {self.body[:300]!r} ({len(self.body)} bytes)"


def quoted(text: str) -> str:
    """Percent-encoded, lone surrogates too."""
    return urllib.parse.quote(text.encode("utf-8", "surrogatepass"), safe="")


def form(fields: Sequence[tuple[str, str]]) -> bytes:
    """Fields in order, any of them twice, as a browser would write them."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields).encode()


def multipart(fields: Sequence[tuple[str, str]], boundary: str = "x", end: str = "--") -> bytes:
    """The same as parts; without an `end` the last boundary is missing its own."""
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return ("".join(parts) + f"--{boundary}{end}\r\n").encode("utf-8", "surrogatepass")


def file(name: str, filename: str, kind: str = "text/plain", more: str = "") -> bytes:
    """One file, in parts."""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n{more}\r\n'
    return head.encode("utf-8", "surrogatepass") + b"ord\r\n--x--\r\n"


@dataclass
class Target:
    """What is known of a face, for one person: its addresses, those that open, and the forms that are shown with their fields."""

    who: str | None
    addresses: list[str]
    opened: list[str] = field(default_factory=list)
    forms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Every field's name."""
        return sorted({name for fields in self.forms.values() for name, _value in fields} | {"q", "sida", "visa", "next", "go"})


def forms_of(page: str, address: str) -> dict[str, list[tuple[str, str]]]:
    """The forms of a page: address → its fields with what they hold."""
    found: dict[str, list[tuple[str, str]]] = {}
    for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.S):
        action = re.search(r'action="([^"]*)"', attributes)
        fields = [_field(tag) for tag in re.findall(r"<(?:input|select|textarea|button)[^>]*\bname=[^>]*>", inside)]
        found.setdefault(unescape(action[1]) if action and action[1] else address, []).extend(fields)
    return found


def _field(tag: str) -> tuple[str, str]:
    name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
    return unescape(name[1]) if name else "", unescape(value[1]) if value else "ord"


# ── By chance ─────────────────────────────────────────────────────────────


def by_chance(targets: Sequence[Target], chance: random.Random) -> Iterator[Hostile]:
    """Without end: one of the attacks, at one of the addresses, as one of the people."""
    while True:
        target = chance.choice(targets)
        yield replace(chance.choice(ATTACKS)(target, chance), who=target.who)


def _place(target: Target, chance: random.Random) -> str:
    return chance.choice(
        chance.choice([each for each in (list(target.forms), target.opened, target.opened, target.addresses) if each])
    )


def _asked(target: Target, chance: random.Random) -> Hostile:
    pairs = [(chance.choice([*target.names, chance.choice(NASTY)]), chance.choice(NASTY)) for _ in range(chance.randint(1, 4))]
    return Hostile(
        chance.choice(("GET", "GET", "HEAD")), f"{_place(target, chance)}?{form(pairs * chance.randint(1, 2)).decode()}"
    )


def _filled(target: Target, chance: random.Random) -> Hostile:
    """A form as it stands, with something nasty in one field or in some; fields missing, fields twice."""
    where = chance.choice(list(target.forms)) if target.forms and chance.random() < 0.8 else _place(target, chance)
    fields = list(target.forms.get(where, [(name, "ord") for name in target.names]))
    fields = [pair for pair in fields if chance.random() < 0.95]
    for at in chance.sample(range(len(fields)), min(len(fields), chance.choice((1, 1, 2, 5)))):
        fields[at] = (fields[at][0], chance.choice(NASTY))
    fields += chance.sample(fields, min(len(fields), chance.choice((0, 0, 2))))
    if chance.random() < 0.3:
        return Hostile("POST", where, {"Content-Type": "multipart/form-data; boundary=x"}, multipart(fields))
    return Hostile("POST", where, {"Content-Type": FORM}, form(fields))


def _mistyped(target: Target, chance: random.Random) -> Hostile:
    body = chance.choice(
        (b"", b"go=send&what=x", form([(name, "\0") for name in target.names]), chance.randbytes(300), multipart([("go", "x")]))
    )
    return Hostile(chance.choice(METHODS), _place(target, chance), {"Content-Type": chance.choice(TYPES)}, body)


def _headed(target: Target, chance: random.Random) -> Hostile:
    picked = chance.sample(HEADERS, chance.randint(1, 4))
    headers = {
        name: chance.choice((*JUNK, *(each for each in NASTY if each.isascii() and each.isprintable()))) for name in picked
    }
    return Hostile(chance.choice(("GET", "POST")), _place(target, chance), headers)


def _misplaced(target: Target, chance: random.Random) -> Hostile:
    """An address with one of its parts put wrong."""
    parts = _place(target, chance).split("?")[0].split("/")
    parts[chance.randrange(len(parts))] = quoted(chance.choice(NASTY))[:7000]
    return Hostile(chance.choice(("GET", "POST")), "/" + "/".join(parts).lstrip("/"))


def _odd(target: Target, chance: random.Random) -> Hostile:
    return Hostile(chance.choice(METHODS), chance.choice((_place(target, chance), chance.choice(PATHS))))


ATTACKS: Sequence[Callable[[Target, random.Random], Hostile]] = (
    _asked,
    _filled,
    _filled,
    _filled,
    _mistyped,
    _headed,
    _misplaced,
    _odd,
)


# ── Aimed ─────────────────────────────────────────────────────────────────


def aimed(targets: Sequence[Target], chance: random.Random) -> Iterator[Hostile]:
    """Every known weakness of such services, each at places of its own; without end."""
    while True:
        for known in chance.sample(KNOWN, len(KNOWN)):
            target = chance.choice(targets)
            yield replace(known, path=known.path or _place(target, chance), who=target.who)


def _post(body: bytes, kind: str = FORM, **headers: str) -> Hostile:
    return Hostile("POST", "", {"Content-Type": kind, **headers}, body)


ASKED = ("go", "what", "receipt", "ticket", "text", "q", "number", "at")
FILES = ("file", "files", "document")
FILE_NAMES = ("\0", "..", "", "\ud800", "a" * 5000, "a/../b", '"')
KINDS = ("", "\0", "a" * 5000, "text/plain; charset=utf-99", "text/plain; name*=x'y'%zz")
BOMBS = (b"[" * 100_000, b'{"a":' * 50_000, b"9" * 100_000, b"\0", b'"\\ud800"', b"\xff", b"")
MULTI = "multipart/form-data; boundary=x"
KNOWN: Sequence[Hostile] = (
    *(Hostile(method, path) for path in PATHS for method in ("GET", "POST")),
    *(_post(b"go=send&what=x", kind) for kind in TYPES),
    *(Hostile("GET", "", {name: value}) for name in HEADERS for value in JUNK[:6]),
    *(Hostile(method, "") for method in METHODS),
    *(_post(form([(name, value) for name in ASKED])) for value in NASTY),
    _post(form([(f"f{n}", "1") for n in range(1001)])),
    _post(multipart([(f"f{n}", "1") for n in range(1001)]), MULTI),
    _post(form([("go", "send")] * 400)),
    _post(b"=" * 400), _post(b"&" * 9000), _post(b"%" * 9000), _post(b"\0" * 9000), _post(b"\xff\xfe" * 900),
    _post(b"a=%ED%A0%80%00%FF"),
    _post(multipart([("go", "send")], end=""), MULTI), _post(multipart([("go", "send")])[:40], MULTI), _post(b"--x--", MULTI),
    _post(b"", MULTI),
    _post(b"--x\r\n\r\n--x\r\n" * 300, MULTI), _post(multipart([("a\0b", "\0")]), MULTI),
    _post(multipart([("\ud800", "\ud800")]), MULTI),
    _post(b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", MULTI),
    _post(b"--x\r\n" + b"A: b\r\n" * 2000 + b"\r\n--x--", MULTI),
    _post(b"--x\r\nContent-Disposition: form-data; name*=utf-99''%ff\r\n\r\n1\r\n--x--", MULTI),
    *(_post(file(name, "a", more="Content-Transfer-Encoding: base64\r\n"), MULTI) for name in ("file", "go")),
    *(_post(file(name, nasty), MULTI) for name in FILES for nasty in FILE_NAMES),
    *(_post(file("file", "a", kind), MULTI) for kind in KINDS),
    _post(b"".join(file(f"f{n}", "a")[:-7] for n in range(101)) + b"--x--", MULTI),
    *(_post(bomb, "application/json") for bomb in BOMBS),
    _post(b"go=send", FORM, **{"Content-Encoding": "gzip"}), _post(b"go=send", FORM, **{"Content-Length": "-1"}),
    _post(b"go=send", FORM, **{"Content-Length": "x"}), _post(b"go=send", FORM, **{"Content-Length": "9" * 40}),
)  # fmt: skip


# ── To Django's client ────────────────────────────────────────────────────


def by_client(client: Client, one: Hostile):
    """Django's own client meets the request as a WSGI server would hand it over."""
    meta = {name.upper().replace("-", "_"): value for name, value in one.headers.items()}
    kind = meta.pop("CONTENT_TYPE", "")
    meta.pop("CONTENT_LENGTH", None)  # a server hands over no length that is none: that is tried over the wire
    cookie = (
        {"HTTP_COOKIE": f"{own}; {meta.pop('COOKIE')}"}
        if "COOKIE" in meta and (own := client.cookies.output(header="", sep=";"))
        else {}
    )
    more = {f"HTTP_{name}": value for name, value in meta.items()} | cookie
    return client.generic(one.method, one.path, one.body, content_type=kind, **more)
