"""Canaries: words that stand nowhere else, and a search for them in every form in which they could lie on a disk.

What PostgreSQL itself packs inside a page (a long text, by pglz) is read in the dump of the same table, where it lies unpacked.
"""

import datetime as dt
import json
import os
import re
import secrets
import subprocess
import tempfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote

from fridhem.pure import identity

FIRST_DAY = dt.date(1931, 1, 1)
LAST_DAYS = 27_000  # days after the first: nobody is born in the future
DEEPEST = 3  # packed in what is packed in what is packed
SHELF = 32_000_000  # bytes looked through at a time
MOST = 64_000_000  # bytes that one packed thing may become
PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
HEXADECIMAL = re.compile(rb"[0-9a-fA-F]+")


@dataclass(frozen=True)
class Someone:
    """A person who doesn't exist, told in words that stand nowhere else; `numbers` is one number in its four spellings."""

    numbers: tuple[str, ...]
    name: str
    words: str
    file_name: str
    address: str
    phone: str

    @property
    def canaries(self) -> tuple[str, ...]:
        """Each of the words."""
        return (*self.numbers, self.name, self.words, self.file_name, self.address, self.phone)

    @property
    def story(self) -> str:
        """All of it in one text."""
        return ". ".join(self.canaries)

    def as_json(self) -> dict[str, object]:
        """As another process is told of it."""
        return asdict(self)


def someone(place: int) -> Someone:
    """The person of this place in a row; people of different places share nothing."""
    number = identity.test_number(FIRST_DAY + dt.timedelta(days=place * 7919 % LAST_DAYS), place)
    mark, paper = secrets.token_hex(5), secrets.token_hex(5)  # a name that says the address isn't told again in a finding
    return Someone(
        numbers=(number, number.replace("-", ""), number[2:], number[2:].replace("-", "")),
        name=f"Åsa Kvitter{mark}",
        words=f"hotet på trappan {mark}",
        file_name=f"läkarintyg-{paper}.txt",
        address=f"Sångfågelgränd {mark}",
        phone=f"070-174 06 {5 + place % 95:02d} ({mark})",
    )


def forms(word: str) -> dict[str, set[bytes]]:
    """What the word looks like on a disk, by the name of the form."""
    plain = word.encode()
    return {
        "UTF-8": {plain},
        "UTF-16LE": {word.encode("utf-16-le")},
        "UTF-16BE": {word.encode("utf-16-be")},
        "Latin-1": {word.encode("latin-1", "replace")},
        "hex": {plain.hex().encode(), plain.hex().upper().encode()},
        "base64": {cut for shift in range(3) for cut in _within_base64(plain, shift)},
        "JSON": {json.dumps(word)[1:-1].encode()},
        "address": {quote(word).encode(), quote(word, safe="").encode()},
    }


def _within_base64(plain: bytes, shift: int) -> Iterator[bytes]:
    """The signs that only the word decides, when it begins so many bytes into a group of three."""
    first, last = -(-8 * shift // 6), 8 * (shift + len(plain)) // 6
    yield b64encode(bytes(shift) + plain)[first:last]
    yield urlsafe_b64encode(bytes(shift) + plain)[first:last]


@dataclass(frozen=True)
class Hit:
    """A word that was found: in what form, and where."""

    word: str
    form: str
    place: str


def search(words: Iterable[str], contents: Iterable[tuple[str, bytes]]) -> set[Hit]:
    """Every word in every form in these contents (place, bytes), and in what is packed in them (gzip, zlib, zip)."""
    known: dict[bytes, list[tuple[str, str]]] = {}
    for word in words:
        for form, written in forms(word).items():
            for one in written:
                known.setdefault(one, []).append((word, form))
    assert not any(b"\n" in one for one in known), "a line each"
    everything = (part for place, content in contents for part in ((place, content), *_unpacked(place, content)))
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(known))
        patterns.flush()
        found = {one for shelf in _shelves(everything) for one in _found(shelf, Path(patterns.name))}
    return {Hit(word, form, place) for place, what in found for word, form in known[what]}


def _shelves(contents: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """The contents, some at a time: to read the patterns costs more than to look through a small file."""
    shelf: list[tuple[str, bytes]] = []
    for each in contents:
        shelf.append(each)
        if sum(len(content) for _place, content in shelf) > SHELF or len(shelf) > SHELF / 10_000:
            yield shelf
            shelf = []
    yield shelf


def _found(shelf: list[tuple[str, bytes]], patterns: Path) -> set[tuple[str, bytes]]:
    """Which patterns stand where; ten digits in the midst of hexadecimal ones are chance."""
    data = b"\n".join(content for _place, content in shelf)
    ends = list(accumulate(len(content) + 1 for _place, content in shelf))
    command = ["grep", "-a", "-o", "-b", "-F", "-f", str(patterns)]
    said = subprocess.run(command, input=data, capture_output=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    assert said.returncode in (0, 1), said.stderr
    lines = [line.partition(b":") for line in said.stdout.split(b"\n") if line]
    hits = [(int(begin), what) for begin, _colon, what in lines]
    return {(shelf[bisect_right(ends, begin)][0], what) for begin, what in hits if not _by_chance(data, begin, what)}


def _by_chance(data: bytes, begin: int, what: bytes) -> bool:
    around = data[max(begin - 8, 0) : begin] + data[begin + len(what) : begin + len(what) + 8]
    return what.isdigit() and len(what) == 10 and HEXADECIMAL.fullmatch(around) is not None and len(around) == 16


def _unpacked(place: str, data: bytes, depth: int = 1) -> Iterator[tuple[str, bytes]]:
    """What is packed in the data, as far as it can be unpacked."""
    for found in PACKED.finditer(data):
        begin, bits, kind = found.start(), zlib.MAX_WBITS, "zlib"
        if found[0][:2] == b"\x1f\x8b":
            bits, kind = bits | 16, "gzip"
        elif found[0][:2] == b"PK":
            name, more = (int.from_bytes(data[begin + at : begin + at + 2], "little") for at in (26, 28))
            begin, bits, kind = begin + 30 + name + more, -bits, "zip"
        content = _inflated(data, begin, bits)
        if len(content) > 8:
            where = f"{place} ({kind})"
            yield where, content
            if depth < DEEPEST:
                yield from _unpacked(where, content, depth + 1)


def _inflated(data: bytes, begin: int, bits: int) -> bytes:
    """As much as can be unpacked from there: what is broken off gives what stands before the break."""
    opener, got, view = zlib.decompressobj(bits), bytearray(), memoryview(data)
    try:
        while begin < len(data) and not opener.eof and len(got) < MOST:
            got += opener.decompress(view[begin : begin + 512], MOST)
            begin += 512
    except zlib.error:
        pass
    return bytes(got)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under the folder as it lies, by its path; its name is searched too."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield f"the name {name}", name.encode()
        if path.is_file() and not path.is_symlink():
            try:
                yield name, path.read_bytes()
            except FileNotFoundError:
                continue  # the server tidied it away


def counted(contents: Iterable[tuple[str, bytes]], tally: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """The same contents; how many and how many bytes are added up in `tally`."""
    for place, content in contents:
        tally["places"] = tally.get("places", 0) + 1
        tally["bytes"] = tally.get("bytes", 0) + len(content)
        yield place, content
