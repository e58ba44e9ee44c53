"""XLSForms as small as a test needs."""

from collections.abc import Mapping, Sequence

from fridhem.pure.instruments.definition import Definition
from fridhem.pure.instruments.reading import read_instrument
from fridhem.pure.instruments.workbook import read_workbook
from fridhem.pure.instruments.writing import write_workbook

Table = Sequence[Sequence[str]]
SURVEY: Table = (
    ("type", "name", "label", "required", "relevant", "constraint", "constraint_message", "calculation"),
    ("select_one ja_nej", "radd", "Är du rädd?", "yes"),
    ("begin group", "rad", "Den du är rädd för", "", "${radd} = '1'"),
    ("integer", "ganger", "Hur många gånger?", "yes", "", ". >= 0 and . < 100", "Skriv 0 till 99."),
    ("select_multiple hur", "hur", "Hur?", "", "${ganger} > 0"),
    ("end group",),
    ("calculate", "summa", "", "", "", "", "", "${radd} + coalesce(${ganger}, 0) + count-selected(${hur})"),
)
CHOICES: Table = (
    ("list_name", "name", "label", "label::English (en)"),
    ("ja_nej", "1", "Ja", "Yes"),
    ("ja_nej", "0", "Nej", "No"),
    ("hur", "ord", "Med ord", ""),
    ("hur", "slag", "Med slag", ""),
)
SETTINGS: Table = (
    ("form_title", "form_title::English (en)", "form_id", "version", "score", "rights"),
    ("Ett prov", "A test", "ett_prov", "3", "summa", "Egen text."),
)
LEVELS: Table = (
    ("code", "from", "to", "when", "label", "dangerous", "review"),
    ("lag", "", "2", "", "Låg", "no", "P6M"),
    ("hog", "3", "", "selected(${hur}, 'slag')", "Hög", "yes", "P7D"),
)


def tables(**changed: Table) -> Mapping[str, Table]:
    return {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS, "levels": LEVELS, **changed}


def xlsx(**changed: Table) -> bytes:
    return write_workbook(tables(**changed))


def read(**changed: Table) -> Definition:
    return read_instrument(read_workbook(xlsx(**changed)))


def survey(*rows: Mapping[str, str]) -> Table:
    """A survey of these rows, by the names of their columns."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    return (heads, *([row.get(head, "") for head in heads] for row in rows))
