"""Who works in Fridköping: every role, obviously invented."""

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User

RECEPTION, ADULTS, CHILDREN, OFFICE, COUNCIL, AUDIT = (
    "Mottag",
    "Vuxen våld",
    "Barn och familj",
    "Socialförvaltningens kansli",
    "Kommunledningskontoret",
    "Kommunrevisionen",
)

# username, name, role, unit; in the order of the chain
STAFF = (
    ("mona", "Mona Mandelblom", Role.RECEPTION, RECEPTION),
    ("viola", "Viola Vintergäck", Role.CASEWORKER, ADULTS),
    ("kerstin", "Kerstin Kaprifol", Role.TEAM_LEADER, ADULTS),
    ("sofia", "Sofia Solhatt", Role.STRATEGIST, OFFICE),
    ("nils", "Nils Nypon", Role.SECRETARY, COUNCIL),
    ("alma", "Alma Kungsljus", Role.COUNCILLOR, COUNCIL),
    ("folke", "Folke Fackelblomster", Role.AUDITOR, AUDIT),
    ("disa", "Disa Daggkåpa", Role.PRIVACY_OFFICER, COUNCIL),
    ("arvid", "Arvid Akleja", Role.ADMINISTRATOR, OFFICE),
    ("petra", "Petra Prästkrage", Role.PROCESS_OWNER, OFFICE),
    ("pelle", "Pelle Pärlhyacint", Role.PERSONAL_CONTACT, ADULTS),
    ("ronja", "Ronja Ringblomma", Role.RECEPTION, RECEPTION),
    ("vera", "Vera Vallmo", Role.CASEWORKER, ADULTS),
    ("bo", "Bo Blåklocka", Role.CASEWORKER, CHILDREN),
    ("cilla", "Cilla Cikoria", Role.TEAM_LEADER, CHILDREN),
)


def move_in() -> dict[str, User]:
    """Make the units and the people who work in them (again, harmlessly); by username."""
    units = {name: Unit.objects.get_or_create(name=name)[0] for *_, name in STAFF}
    people = {}
    for username, name, role, unit in STAFF:
        values = {"name": name, "role": role, "unit": units[unit], "is_invented": True}
        people[username], _made = User.objects.update_or_create(username=username, defaults=values)
        people[username].set_unusable_password()
        people[username].save(update_fields=["password"])
    return people
