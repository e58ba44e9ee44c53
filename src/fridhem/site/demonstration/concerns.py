"""What people in Fridköping have worried about: written for the demonstration, about nobody."""

from dataclasses import dataclass

from fridhem.rooms.intake.enums import Children, Identity, Relation, Urgency
from fridhem.rooms.intake.rules import Said

# The receipt of the first concern, told on the first page so that a visitor can see how an answer is read.
KNOWN_RECEIPT = "1357 2468 1357 2468 1357"


@dataclass(frozen=True)
class Worry:
    """A concern as someone sent it, `days_ago` days before today, what they added later, and what we answered."""

    said: Said
    days_ago: int
    later: str = ""
    answer: str = ""


def _worry(days_ago: int, urgency: str, children: str, relation: str, where: str, what: str, **more: str) -> Worry:
    later, answer = more.pop("later", ""), more.pop("answer", "")
    identity = Identity.NAMED if "name" in more else Identity.ANONYMOUS
    language = more.pop("language", "sv")
    said = Said(language, urgency, what, where, children=children, relation=relation, identity=identity, **more)
    return Worry(said, days_ago, later, answer)


WORRIES = (
    _worry(
        2,
        Urgency.TODAY,
        Children.YES,
        Relation.NEIGHBOUR,
        "Lindgatan 14, andra våningen",
        "Jag hör skrik och dunsar i väggen nästan varje kväll. I går grät ett barn i över en timme. "
        "Jag har inte vågat göra något.",
        later="I natt var det igen, vid halv tre. Nu är det tyst.",
        answer="Tack för att du hörde av dig. Vi tittar på det redan i dag. Du behöver inte göra något själv. "
        "Om det låter så igen: ring 112 direkt.",
    ),
    _worry(
        0,
        Urgency.NOW,
        Children.YES,
        Relation.NEIGHBOUR,
        "Ängsvägen 3",
        "My neighbour told me that he keeps her passport and her phone. She has two small children. She asked me not to tell.",
        language="en",
    ),
    _worry(
        1,
        Urgency.TODAY,
        Children.NO,
        Relation.RELATIVE,
        "Norra Torget, trappan mot ån",
        "Min arbetskamrat kommer till jobbet med blåmärken och säger att hon ramlat. "
        "Hon får inte gå på lunch utan att ringa hem.",
        name="Siv Snödroppe",
        contact="070-174 06 44, vardagar efter fem",
    ),
    _worry(
        3,
        Urgency.DAYS,
        Children.YES,
        Relation.WORK,
        "Björkskolan",
        "En flicka i min klass har berättat att hon ska på en lång resa i sommar och att hon inte tror att hon kommer hem.",
        name="Lärare Malva Mattram",
        contact="070-174 06 21",
    ),
    _worry(
        9,
        Urgency.LATER,
        Children.UNSURE,
        Relation.NEIGHBOUR,
        "Hyreshuset bakom biblioteket",
        "Det är mest en känsla. Mannen i trappan pratar för henne och hon tittar ner när vi möts. Förut fikade hon med oss.",
    ),
    _worry(
        4,
        Urgency.DAYS,
        Children.UNSURE,
        Relation.RELATIVE,
        "بجانب المحطة",
        "أختي لا تستطيع الخروج من البيت وحدها. أخاف عليها من زوجها ومن أهله.",
        language="ar",
    ),
    _worry(
        1,
        Urgency.DAYS,
        Children.NO,
        Relation.SELF,
        "",
        "Det är jag själv som behöver någon att prata med. Han läser min telefon. Jag kan bara skriva härifrån.",
        later="Torsdag förmiddag är jag ensam hemma.",
    ),
    _worry(
        12,
        Urgency.LATER,
        Children.NO,
        Relation.RELATIVE,
        "Seniorboendet Åkanten",
        "Min pappa är rädd för sin nya sambo. Hon har tagit hand om hans bankkort och jag får inte komma på besök.",
        name="Tyra Tusensköna",
        contact="070-174 06 12",
    ),
    _worry(
        2,
        Urgency.TODAY,
        Children.YES,
        Relation.WORK,
        "Fritidsgården Knuten",
        "En pojke här passar sin syster hela tiden. Han säger att han måste, annars blir det han som får stryk.",
        name="Fritidsledare Loke Lupin",
        contact="070-174 06 33",
    ),
    _worry(
        6,
        Urgency.UNSURE,
        Children.UNSURE,
        Relation.UNSAID,
        "Parkeringen vid Folkets hus",
        "Ett par bråkade högt och han höll fast henne i armen. De åkte sedan. Jag vet inte vilka de är.",
    ),
)
