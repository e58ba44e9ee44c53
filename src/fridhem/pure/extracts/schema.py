"""What we ask of an extract, as a Table Schema (https://datapackage.org/standard/table-schema/).

Two properties are our own: `fridhem:codes` names the code list of a field, `fridhem:names` what other systems call its column.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `codes` is the code list that its values are of, or empty; `names` what other systems may call it."""

    name: str
    title: str
    about: str
    type: str
    required: bool
    longest: int
    codes: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of an extract, in their order."""

    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @property
    def coded(self) -> tuple[Field, ...]:
        """The columns whose values are codes."""
        return tuple(field for field in self.fields if field.codes)


def read_schema(text: str) -> Schema:
    """The schema in a Table Schema descriptor. Raises KeyError, ValueError: it ships with the house."""
    return Schema(tuple(_field(raw) for raw in json.loads(text)["fields"]))


def _field(raw: Mapping[str, object]) -> Field:
    limits = raw.get("constraints", {})
    assert isinstance(limits, dict)
    names = raw.get("fridhem:names", [])
    assert isinstance(names, list)
    return Field(
        name=str(raw["name"]),
        title=str(raw["title"]),
        about=str(raw["description"]),
        type=str(raw["type"]),
        required=bool(limits.get("required", False)),
        longest=int(limits.get("maxLength", 200)),
        codes=str(raw.get("fridhem:codes", "")),
        names=tuple(map(str, names)),
    )


def proposed(schema: Schema, heads: Iterable[str]) -> dict[str, str]:
    """The column that each field seems to be, by its name; a column is proposed once, and what isn't recognised is left out."""
    left = {_plain(head): head for head in heads}
    found: dict[str, str] = {}
    for field in schema.fields:
        known = [_plain(name) for name in (field.name, field.title, *field.names)]
        fits = next((name for name in known if name in left), None)
        if fits is not None:
            found[field.name] = left.pop(fits)
    return found


def _plain(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.casefold())
