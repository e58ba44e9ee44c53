"""Hold texts and files against what must not leave the house."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from fridhem.pure.outbound.finding import Haystack, find
from fridhem.pure.outbound.needles import Needle, Secret, needles
from fridhem.pure.outbound.opening import Piece, ReadPicture, Unchecked, open_file
from fridhem.pure.outbound.opening.plain import variants


@dataclass(frozen=True)
class Parcel:
    """What is about to leave: a text, and files as (name, bytes)."""

    text: str = ""
    files: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class Finding:
    """That a secret stands somewhere: whose and of what kind, in which file and part, on which page and in which paragraph.

    `span` is where in the piece's text; neither the value nor the words around it are here.
    """

    whose: str
    kind: str
    file: str
    part: str
    page: int | None
    paragraph: int
    span: tuple[int, int]


@dataclass(frozen=True)
class Report:
    """What the check says. Only a report that `passes` lets anything out by itself."""

    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    pieces: tuple[Piece, ...] = field(repr=False)
    found_in: tuple[int, ...] = field(default=(), repr=False)  # for each finding, which piece

    @property
    def passes(self) -> bool:
        """Whether nothing was found and everything could be read."""
        return not self.findings and not self.unchecked


@dataclass(frozen=True)
class Sought:
    """Secrets with all that is looked for because of them: made once, to be held against many texts."""

    wanted: tuple[tuple[Secret, Needle], ...] = field(repr=False)


def sought(secrets: Collection[Secret], common: Collection[str] = ()) -> Sought:
    """Everything to look for. `common`: words that lead to nobody here."""
    return Sought(tuple((secret, needle) for secret in secrets for needle in needles(secret, common)))


def check(
    parcel: Parcel,
    secrets: Collection[Secret] | Sought,
    *,
    common: Collection[str] = (),
    read_picture: ReadPicture | None = None,
) -> Report:
    """Look for every secret in the text, the files, their names and all that lies in them.

    `common`: as in `sought`. `read_picture`: the text in a picture, when this machine can read pictures.
    """
    pieces: list[Piece] = [Piece("", "text", parcel.text)] if parcel.text else []
    pieces += [one for one in variants("", "text", parcel.text) if isinstance(one, Piece)]
    unchecked: list[Unchecked] = []
    for name, data in parcel.files:
        for opened in open_file(name, data, read_picture=read_picture):
            (pieces if isinstance(opened, Piece) else unchecked).append(opened)  # type: ignore[arg-type]
    wanted = (secrets if isinstance(secrets, Sought) else sought(secrets, common)).wanted
    found: dict[tuple[Finding, int], None] = {}
    for place, piece in enumerate(pieces):
        for finding in _in(piece, wanted):
            found.setdefault((finding, place))
    once = _once(found)
    return Report(
        tuple(finding for finding, _place in once),
        tuple(dict.fromkeys(unchecked)),
        tuple(pieces),
        tuple(place for _finding, place in once),
    )


def _in(piece: Piece, wanted: Sequence[tuple[Secret, Needle]]) -> Iterator[Finding]:
    haystack = Haystack(piece.text)
    for secret, needle in wanted:
        for start, end in find(needle, haystack):
            before = piece.text[:start]
            page = before.count("\f") + 1 if piece.is_paged else None
            paragraph = before[before.rfind("\f") + 1 :].count("\n") + 1
            yield Finding(secret.whose, secret.kind, piece.file, piece.part, page, paragraph, (start, end))


def _once(found: Collection[tuple[Finding, int]]) -> list[tuple[Finding, int]]:
    """Each place once, in the order of the file."""
    return sorted(found, key=lambda one: (one[1], one[0].span))


def spans_in(report: Report, place: int) -> list[tuple[int, int]]:
    """What is to be blacked out in a piece."""
    return [finding.span for finding, where in zip(report.findings, report.found_in, strict=True) if where == place]
