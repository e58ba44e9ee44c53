"""The title: what stands between the letterhead and the first section."""

import re
from itertools import dropwhile, islice, pairwise, takewhile

from fridhem.pure.reader.cleaning import Clean, Line
from fridhem.pure.reader.dates import dates
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import Layout, heading
from fridhem.pure.reader.swedish import one_line, pattern

PARAGRAPH = pattern(r"(?:\w{1,4} )?§ ?\d+\b.*")
LABEL_AT_END = pattern(
    r"[,(]?\s*(?:dnr[.:]?|diarienummer[.:]?)?\s*(?-i:[A-ZÅÄÖ]{1,5})[ /-]?\d{4}[-/:.]\d+\)?\s*$|diarienummer:.*$"
)
# A line of the letterhead: a field's name, an address, a page number, a name of a kind of document.
LETTERHEAD = pattern(
    r"""
        (?:datum|diarienummer|dnr|till|sida|adress|vår referens|er referens|handläggare|upprättad|tjänste(?:skrivelse
        |utlåtande)|yttrande|
    """
    r"""
        [\w &]+ kommun|[\w ]+ stad|\d[\d() /-]*|.*@.*|(?:protokoll|sammanträdes)\w*|\d{3} \d{2} \w+
        |(?:dnr:? )?[A-ZÅÄÖ]{1,5}[ ./-]?\d{4}\S*(?: \(delvis\))?)(?: \d.*)?
    """
)
SENTENCES = re.compile(r"[a-zåäö]\. [A-ZÅÄÖ]")
MAX_LINES = 5
MAX_LENGTH = 300
NAMED_BY_KIND = {
    "kallelse": "",
    "partiprogram": "",
    "debattartikel": "",
    "riktlinje": "(?:riktlinje|rutin|policy|regler)",
    "handlingsplan": "(?:[a-zåäö]*plan|[a-zåäö]*strategi|program)",
    "motion": "motion",
    "interpellation": "interpellation",
    "remiss": "remiss",
    "regeringsuppdrag": "uppdrag",
    "yttrande": "(?:remissvar|yttrande|svar)",
    "revisionssvar": "(?:yttrande|svar)",
}


def find_title(clean: Clean, layout: Layout, kind: Finding | None) -> Finding | None:
    """Find the title: a heading marked as one, else the lines after the paragraph sign, else those before the first section.

    A notice of a meeting, a plan or a motion begins its title with the name of its kind.
    """
    head = clean.lines[: layout.head_lines]
    group = _marked(head) or _named_by_kind(head, kind) or _after_paragraph(head) or _last_group(head)
    if not group or sum(len(line.text) for line in group) > MAX_LENGTH or any(SENTENCES.search(line.text) for line in group):
        return None
    start, end = group[0].start, group[-1].end
    marks = len(group[0].text) - len(group[0].text.lstrip("# "))
    text = one_line(LABEL_AT_END.sub("", clean.text[start + marks : end]))
    return Finding("title", text, start + marks, end, "title: last lines of the head", 0.6) if text else None


def _named_by_kind(head: tuple[Line, ...], kind: Finding | None) -> list[Line]:
    if kind is None or kind.value not in NAMED_BY_KIND or not head:
        return []
    if kind.value in ("partiprogram", "debattartikel"):
        return [] if heading(head[0].text) else [head[0]]
    if kind.value == "kallelse":
        return [line for line in head if line.start <= kind.start < line.end]
    word = pattern(rf"(?:[\w-]+ )?{NAMED_BY_KIND[kind.value]}\w*:? \S+ \S+.*")
    first = next((line for line in head if word.fullmatch(line.text)), None)
    if first is None and kind.value in ("motion", "interpellation"):
        first = _after_name(head, NAMED_BY_KIND[kind.value])
    following = [line for line in head if first and line.number > first.number]
    return [first, *takewhile(_runs_on, following[: MAX_LINES - 1])] if first else []


def _after_name(head: tuple[Line, ...], name: str) -> Line | None:
    """The line after one that says "Motion" and nothing else."""
    alone = pattern(name)
    following = (after for line, after in pairwise(head) if alone.fullmatch(line.text))
    return next((line for line in following if not LETTERHEAD.fullmatch(line.text) and not dates(line.text)), None)


def _runs_on(line: Line) -> bool:
    apart = line.after_gap or line.text[0].isupper() or ":" in line.text
    return not apart and not LETTERHEAD.fullmatch(line.text) and not dates(line.text)


def _marked(head: tuple[Line, ...]) -> list[Line]:
    return [line for line in head if line.text.startswith("# ")][:1]


def _after_paragraph(head: tuple[Line, ...]) -> list[Line]:
    sign = next((line.number for line in head if PARAGRAPH.fullmatch(line.text)), None)
    following = dropwhile(lambda line: LETTERHEAD.fullmatch(line.text), head[sign + 1 :]) if sign is not None else ()
    return list(islice(following, MAX_LINES))


def _last_group(head: tuple[Line, ...]) -> list[Line]:
    group: list[Line] = []
    for line in reversed(head):
        if LETTERHEAD.fullmatch(line.text) or dates(line.text):
            if group:
                break
            continue
        group.insert(0, line)
        if line.after_gap or len(group) == MAX_LINES:
            break
    return group
