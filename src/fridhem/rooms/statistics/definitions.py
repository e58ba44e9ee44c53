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
}
