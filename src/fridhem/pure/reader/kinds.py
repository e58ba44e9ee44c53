"""Which kind of document it is: cues with weights, added up per kind."""

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
class Hit:
    """A cue that was seen."""

    kind: str
    start: int
    end: int
    weight: int
    rule: str


def _compiled(where: Where, written: str):  # type: ignore[no-untyped-def]
    return pattern(rf"\W*(?:{written})") if where in (Where.NAME, Where.TITLE) else pattern(written)


COMPILED = tuple((kind, where, _compiled(where, written), weight, written) for kind, where, written, weight in CUES)


def find_kind(clean: Clean) -> Finding | None:
    """Find the kind of document, with how far it is ahead of the next kind as confidence; None without any cue."""
    hits = [hit for cue in COMPILED if (hit := _hit(clean, *cue))]
    sums: dict[str, int] = {}
    for hit in hits:
        sums[hit.kind] = sums.get(hit.kind, 0) + hit.weight
    if not sums:
        return None
    best, *others = sorted(sums, key=lambda kind: -sums[kind])
    ahead = (sums[best] - (sums[others[0]] if others else 0)) / sums[best]
    strongest = max((hit for hit in hits if hit.kind == best), key=lambda hit: hit.weight)
    return Finding("document_type", best, strongest.start, strongest.end, strongest.rule, round(0.5 + ahead / 2, 2))


def _hit(clean: Clean, kind, where, compiled, weight, written) -> Hit | None:  # type: ignore[no-untyped-def]
    rule = f"document type: {where.value} says {kind}"
    top = clean.lines[:TOP_LINES]
    if where is Where.TEXT:
        found = compiled.search(clean.text)
        return Hit(kind, found.start(), found.end(), weight, rule) if found else None
    lines = clean.lines if where is Where.LINE else top
    for line in lines:
        span = _on_line(line, where, compiled)
        if span:
            return Hit(kind, line.start + span[0], line.start + span[1], weight, rule)
    return None


def _on_line(line: Line, where: Where, compiled) -> tuple[int, int] | None:  # type: ignore[no-untyped-def]
    if where is Where.HEAD:
        found = compiled.search(line.text)
    elif where is Where.LINE:
        found = compiled.fullmatch(line.text)
    else:
        found = compiled.match(line.text)
        if found and where is Where.NAME and len(line.text[found.end() :].split()) > NAME_REST:
            found = None
    return found.span() if found else None
