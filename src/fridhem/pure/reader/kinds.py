"""Which kind of document it is: cues with weights, added up per kind."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from fridhem.pure.reader.cleaning import Clean, Line
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.swedish import pattern


class Where(StrEnum):
    """Where a cue counts."""

    NAME = "name"  # a line near the top that begins with it and holds little else: the document says what it is
    TITLE = "title"  # a line near the top begins with it
    HEAD = "head"  # anywhere near the top
    LINE = "line"  # a whole line anywhere
    TEXT = "text"  # anywhere


TOP_LINES = 20
NAME_REST = 4

PARTIES = (
    r"(?:socialdemokrat(?:er|erna)|moderater(?:na)?|centerpartiet|liberaler(?:na)?|vänsterpartiet|kristdemokrater(?:na)?"
    r"|miljöpartiet|sverigedemokrater(?:na)?|feministiskt initiativ)"
)

# (kind, where, pattern, weight). A document's own name weighs most, what it does less, its words least.
CUES = (
    ("protokollsutdrag", Where.HEAD, r"sammanträdes ?-?protokoll|protokollsutdrag|utdrag ur (?:sammanträdes)?protokoll", 14),
    ("protokollsutdrag", Where.NAME, r"(?:sammanträdes)?protokoll(?:sutdrag)?\b", 25),
    ("protokollsutdrag", Where.LINE, r"§ ?\d+\b.*", 4),
    ("protokollsutdrag", Where.LINE, r"""
        beslutsgång(?:en)?|justerande?s? sign.*|utdragsbestyrkande.*|expedierat/bestyrkt.*|justerat|vid protokollet
    """, 3),
    ("protokollsutdrag", Where.TEXT, r"""
        paragrafen är (?:omedelbart )?justerad|finner att (?:nämnden|styrelsen|kommun\w+|utskottet) (?:beslutar|bifaller)
    """, 3),
    ("kallelse", Where.NAME, r"kallelse\b|föredragningslista|dagordning\b|ärendelista", 30),
    ("kallelse", Where.TEXT, r"kallas (?:härmed )?till (?:samman|möte|tids)|förhinder att närvara|anmäl förhinder", 4),
    ("tjansteskrivelse", Where.NAME, r"(?:\w+ )?tjänste(?:skrivelse|utlåtande)", 25),
    ("tjansteskrivelse", Where.NAME, r"utlåtande \d{4}:\S+|utlåtande$", 20),
    ("tjansteskrivelse", Where.HEAD, r"tjänste(?:skrivelse|utlåtande)", 8),
    ("tjansteskrivelse", Where.LINE, r"(?:\w+ )?förslag till (?:beslut|[\w -]+beslut)", 4),
    ("tjansteskrivelse", Where.TITLE, r"svar på (?:motion|medborgarförslag|e-förslag)", 3),
    ("revisionssvar", Where.TITLE, r"granskning(?:en)?\b", 4),
    ("revisionssvar", Where.HEAD, r"""
        (?:svar|yttrande) (?:på|över|till|med anledning av) .{0,80}(?:granskning|revisions?|revisorerna)
    """, 10),
    ("revisionssvar", Where.HEAD, r"\b\w*revision(?:en|ens|srapport\w*)?\b|revisorernas?\b", 10),
    ("revisionssvar", Where.TEXT, r"revis(?:ionens|orernas) (?:granskning|rekommendation|bedömning|rapport)", 4),
    ("revisionsskrivelse", Where.NAME, r"revisions(?:skrivelse|rapport|missiv)|granskningsrapport", 20),
    ("yttrande", Where.NAME, r"(?:yttrande|remiss(?:vars?|yttrande)|remissvar|svar på remiss)\b", 11),
    ("yttrande", Where.TITLE, r"""
        yttrande (?:över|till|angående|om|gällande|med)|(?:svar på|remissvar) (?:på )?remiss|svar på (?:remiss|betänkande)
        |remissvar
    """, 9),
    ("yttrande", Where.TEXT, r"(?:lämna|avge|avger|lämnar) (?:följande|nedanstående) (?:yttrande|svar|remissvar|synpunkter)", 5),
    ("yttrande", Where.TEXT, r"""
        (?:har (?:beretts|fått|getts) (?:tillfälle|möjlighet) att (?:yttra|lämna))|(?:tillstyrker|avstyrker) (?:förslaget
        |utredningens|motionen)
    """, 2),
    ("remiss", Where.TITLE, r"""
        remiss (?:av|om|avseende|gällande|–|-|:)|remiss$|remittering|begäran om yttrande|inbjudan att lämna synpunkter
    """, 9),
    ("remiss", Where.TEXT, r"""
        remissvare?n? (?:ska|bör|skall) (?:ha )?(?:komm|lämna|skicka|vara)|remissinstanser(?:na)?\b|svar senast
    """, 5),
    ("regeringsuppdrag", Where.TITLE, r"uppdrag (?:till|att|om|åt|inom)\b|regeringsbeslut|ändring av uppdrag", 8),
    ("regeringsuppdrag", Where.TEXT, r"regeringen (?:uppdrar åt|ger .{3,80} i uppdrag|beslutar att .{3,80} ska)", 8),
    ("regeringsuppdrag", Where.TEXT, r"får i uppdrag att|slutredovisa|redovisas? till regeringskansliet", 3),
    ("handlingsplan", Where.TITLE, r"""
        (?:\w+ )?(?:handlings|åtgärds|verksamhets|genomförande|samverkans|inriktnings|jämställdhets)plan\b|[\w-]*plan (?:för
        |mot|mot)\b|[\w-]*strategi\b|program (?:för|mot)\b
    """, 8),
    ("handlingsplan", Where.HEAD, r"handlingsplan|åtgärdsplan", 4),
    ("handlingsplan", Where.TEXT, r"""
        denna (?:handlings)?plan|planen gäller|handlingsplanen (?:gäller|ska|syftar|innehåller)|fokusområde|inriktningsmål
    """, 3),
    ("riktlinje", Where.TITLE, r"""
        (?:\w+ ){0,2}riktlinje(?:r|rna)?\b|rutin (?:för|vid)\b|policy (?:för|mot)\b|regler för|anvisning(?:ar)? för|vägledning
        |reglemente
    """, 9),
    ("riktlinje", Where.HEAD, r"dokument(?:et)? (?:gäller|är beslutat|ersätter)|dokument(?:typ|ansvarig)", 4),
    ("riktlinje", Where.TEXT, r"(?:denna|syftet med) riktlinje|riktlinjen (?:gäller|ska|syftar|omfattar|beskriver)", 3),
    ("motion", Where.TITLE, r"motion(?:en)?\b(?! av .* tjänste)", 8),
    ("motion", Where.TEXT, r"""
        (?:yrkar|föreslår) (?:jag|vi|[\w ]{0,30}(?:partiet|erna))|(?:jag|vi|undertecknade?) (?:yrkar|föreslår|vill att
        |motionärer)
    """, 4),
    ("motion", Where.TEXT, r"""
        (?:yrkar|föreslår|föreslås)[^.]{0,60}(?:att )?(?:kommun|stads)?fullmäktige (?:beslutar|besluta|beslutar:|ger|ska)
    """, 2),
    ("interpellation", Where.TITLE, r"interpellation\b|svar på interpellation", 12),
    ("interpellation", Where.TEXT, r"""
        (?:jag vill|vill jag|vi vill) (?:därför |med anledning av detta )?(?:fråga|ställa)|mina frågor (?:är|till)|min fråga
    """, 3),
    ("partiprogram", Where.TITLE, r"""
        (?:valmanifest|valprogram|partiprogram|handlingsprogram|kommunpolitiskt program|\w+politiskt program)
    """, 8),
    ("partiprogram", Where.TEXT, rf"{PARTIES}(?: i \w+)? v ?i ?l ?l ?:?\s|vi {PARTIES} (?:vill|vi)|går vi till val", 5),
    ("partiprogram", Where.TEXT, r"\w+politiska? program(?:met)?|valmanifest(?:et)?|vårt vallöfte|mandatperiod", 3),
    ("debattartikel", Where.NAME, r"(?:debatt(?:artikel|inlägg|era)?|replik|slutreplik|insändare|ledare|opinion)\b", 12),
    ("debattartikel", Where.TEXT, r"""
        (?:detta|det här) är en (?:debatt|opinion|insändar)\w*|åsikterna (?:är|i texten)|skribentens? egna?
    """, 8),
    ("debattartikel", Where.TEXT, r"skriver \w+ \w+ \(\w{1,2}\)|publicerad i|debattören|läs (?:mer|också|även)", 2),
)  # fmt: skip


@dataclass(frozen=True)
class Cue:
    """A row of the table, ready to be used."""

    kind: str
    where: Where
    seen: re.Pattern[str]
    weight: int


@dataclass(frozen=True)
class Hit:
    """A cue that was seen."""

    cue: Cue
    start: int
    end: int


COMPILED = tuple(
    Cue(kind, where, pattern(rf"\W*(?:{written})" if where in (Where.NAME, Where.TITLE) else written), weight)
    for kind, where, written, weight in CUES
)


def find_kind(clean: Clean) -> Finding | None:
    """Find the kind of document, with how far it is ahead of the next kind as confidence; None without any cue."""
    hits = [hit for cue in COMPILED if (hit := _hit(clean, cue))]
    if not hits:
        return None
    sums = Counter[str]()
    for hit in hits:
        sums[hit.cue.kind] += hit.cue.weight
    (best, weight), *others = sums.most_common(2)
    ahead = (weight - (others[0][1] if others else 0)) / weight
    strongest = max((hit for hit in hits if hit.cue.kind == best), key=lambda hit: hit.cue.weight)
    rule = f"document type: {strongest.cue.where.value} says {best}"
    return Finding("document_type", best, strongest.start, strongest.end, rule, round(0.5 + ahead / 2, 2))


def _hit(clean: Clean, cue: Cue) -> Hit | None:
    if cue.where is Where.TEXT:
        found = cue.seen.search(clean.text)
        return Hit(cue, found.start(), found.end()) if found else None
    lines = clean.lines if cue.where is Where.LINE else clean.lines[:TOP_LINES]
    for line in lines:
        found = _on_line(line, cue)
        if found:
            return Hit(cue, line.start + found.start(), line.start + found.end())
    return None


def _on_line(line: Line, cue: Cue) -> re.Match[str] | None:
    if cue.where is Where.HEAD:
        return cue.seen.search(line.text)
    if cue.where is Where.LINE:
        return cue.seen.fullmatch(line.text)
    found = cue.seen.match(line.text)
    much_else = found and cue.where is Where.NAME and len(line.text[found.end() :].split()) > NAME_REST
    return None if much_else else found
