"""What each table is called and what its numbers mean: told beside every figure, on the page, in files, on paper."""

from dataclasses import dataclass
from typing import Any

from fridhem.rooms.statistics.enums import Table


@dataclass(frozen=True)
class Definition:
    """`title`, `unit` (what one is), `source` and `responsible` by language ("sv", "en"); how the table is first laid out."""

    key: str
    title: dict[str, str]
    unit: dict[str, str]
    source: dict[str, str]
    responsible: dict[str, str]
    rows: str
    columns: str

    def words(self, language: str) -> dict[str, Any]:
        """The texts in one language."""
        return {name: getattr(self, name)[language] for name in ("title", "unit", "source", "responsible")}


ANONYMOUS = {
    "source": {"sv": "Enheternas egen räkning i Fridhem.", "en": "The units' own counting in Fridhem."},
    "responsible": {"sv": "Socialförvaltningens strateg.", "en": "The social services' strategist."},
}

DEFINITIONS: dict[str, Definition] = {
    Table.GRANTED_REASONS: Definition(
        key=Table.GRANTED_REASONS,
        title={"sv": "Beviljade insatser efter orsak", "en": "Granted interventions by reason"},
        unit={
            "sv": "Antal orsaker till beviljade insatser. En insats som har beviljats av två orsaker räknas en gång för varje "
            "orsak. En person kan ha flera insatser. Året är det år då beslutet fattades.",
            "en": "Number of reasons for granted interventions. An intervention granted for two reasons counts once for each. "
            "A person can have several interventions. The year is the year of the decision.",
        },
        source={"sv": "Kommunens egna ärenden i Fridhem.", "en": "The municipality's own cases in Fridhem."},
        responsible={"sv": "Socialförvaltningens strateg.", "en": "The social services' strategist."},
        rows="intervention",
        columns="age_group",
    ),
    Table.ANONYMOUS_CONTACTS: Definition(
        key=Table.ANONYMOUS_CONTACTS,
        title={"sv": "Anonyma kontakter", "en": "Anonymous contacts"},
        unit={
            "sv": "Antal kontakter i stöd utan behovsprövning där ingen frågade efter namn. En person kan ha flera kontakter, "
            "och ingen vet hur många personer det är. Frågan om våld är frivillig.",
            "en": "Number of contacts in support without a needs assessment in which nobody asked for a name. A person can "
            "have several contacts, and nobody knows how many people they are. The question on violence is voluntary.",
        },
        **ANONYMOUS,
        rows="offer",
        columns="violence",
    ),
    Table.ANONYMOUS_HELP: Definition(
        key=Table.ANONYMOUS_HELP,
        title={"sv": "Vad anonyma kontakter fick", "en": "What was given in anonymous contacts"},
        unit={
            "sv": "Antal kontakter i stöd utan behovsprövning där ingen frågade efter namn, efter vad personen fick och vart hen "
            "hänvisades.",
            "en": "Number of contacts in support without a needs assessment in which nobody asked for a name, by what was given "
            "and where the person was referred.",
        },
        **ANONYMOUS,
        rows="given",
        columns="referred",
    ),
    Table.ANONYMOUS_VIOLENCE: Definition(
        key=Table.ANONYMOUS_VIOLENCE,
        title={"sv": "Våld i anonyma kontakter", "en": "Violence told of in anonymous contacts"},
        unit={
            "sv": "Antal gånger en form av våld berättades av den som svarade ja på frågan om våld. En kontakt räknas en gång "
            "för varje form.",
            "en": "Number of times a form of violence was told of by someone who said yes to the question on violence. A "
            "contact counts once for each form.",
        },
        **ANONYMOUS,
        rows="form",
        columns="age_group",
    ),
}
