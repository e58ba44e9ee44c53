"""Read a decision table from a DMN file, or say of every fault what is wrong and where.

One decision with one table; cells as `pure.decisions.cells` reads them. Nothing in a file is evaluated.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from lxml import etree

from fridhem.foundation.processes.faults import BadTable, Faults
from fridhem.foundation.processes.xml import decoded, parsed
from fridhem.pure.decisions import checking
from fridhem.pure.decisions.cells import BadCell, Why, read_among, read_cell, read_codes, read_value
from fridhem.pure.decisions.table import Between, Column, Kind, Policy, Rule, Table, Value

DMN = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(MODEL/|dmn\.xsd)", re.ASCII)
VERSION = "{http://camunda.org/schema/1.0/dmn}versionTag"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
MOST_COLUMNS, MOST_RULES, MOST_CASES = 8, 100, 10_000
MOST_SORTS = 200  # of values of one question, and codes of one column
LONGEST_TEXT = 1_000
KINDS = {
    "string": Kind.CODE, "boolean": Kind.BOOLEAN, "integer": Kind.NUMBER, "long": Kind.NUMBER, "number": Kind.NUMBER,
}  # fmt: skip
# What decides more than the one table that we read.
REFUSED = frozenset(
    {"literalExpression", "businessKnowledgeModel", "decisionService", "requiredDecision", "requiredKnowledge", "invocation",
     "context", "relation", "functionDefinition", "list", "conditional", "for", "every", "some", "filter"}
)  # fmt: skip


def read_table(data: bytes) -> tuple[Table, int]:
    """The decision table in a DMN file, and its version (`camunda:versionTag`, 1 without). Raises `BadTable` with every fault."""
    root = parsed(decoded(data, BadTable), BadTable)
    name = etree.QName(root)
    if name.localname != "definitions" or not DMN.fullmatch(name.namespace or ""):
        raise BadTable([_("The file isn't DMN: its outermost element must be “definitions” of that standard.")])
    faults = Faults(BadTable)
    for element in root.iter(*(f"{{{name.namespace}}}{kind}" for kind in REFUSED)):
        faults.add(
            _("“%(what)s” on row %(row)s isn't supported: a decision is one table, which needs no other.")
            % {"what": etree.QName(element).localname, "row": element.sourceline}
        )
    tables = list(root.iterfind("{*}decision/{*}decisionTable"))
    if len(tables) != 1:
        faults.add(_("It has %(count)s decision tables: there must be exactly one.") % {"count": len(tables)})
    faults.stop()
    table = _table(tables[0], faults)
    faults.stop()
    _check(table, faults)
    faults.stop()
    version = tables[0].getparent().get(VERSION, "1")
    return table, int(version) if re.fullmatch(r"\d{1,9}", version, re.ASCII) else 1


# ── The table ─────────────────────────────────────────────────────────────


def _table(element: etree._Element, faults: Faults) -> Table:
    decision = element.getparent()
    key, policy = decision.get("id", ""), element.get("hitPolicy", "UNIQUE")
    if not KEY.fullmatch(key):
        faults.add(_("The decision has the id “%(id)s”: use at most 64 of the letters a–z, digits, - and _.") % {"id": key[:80]})
    if policy not in tuple(Policy) or element.get("aggregation"):
        faults.add(_("The hit policy is %(policy)s: choose UNIQUE, FIRST or ANY.") % {"policy": policy[:80]})
    asked, given, rows = (list(element.iterchildren(f"{{*}}{kind}")) for kind in ("input", "output", "rule"))
    for count, most, what in (
        (len(asked), MOST_COLUMNS, _("questions")),
        (len(given), MOST_COLUMNS, _("answers")),
        (len(rows), MOST_RULES, _("rules")),
    ):
        if not 1 <= count <= most:
            faults.add(
                _("It has %(count)s %(what)s: there must be 1 to %(most)s.") % {"count": count, "what": what, "most": most}
            )
    faults.stop()  # what follows costs by the column
    inputs = tuple(_column(one, one.find("{*}inputExpression"), "inputValues", faults) for one in asked)
    outputs = tuple(_column(one, one, "outputValues", faults) for one in given)
    columns = (*inputs, *outputs)
    faults.extend(_("The name “%(name)s” is used twice.") % {"name": name} for name in _twice([each.name for each in columns]))
    faults.extend(
        _("The heading “%(label)s” is used twice: nobody could tell the columns apart.") % {"label": label}
        for label in _twice([each.label for each in columns])
    )
    faults.stop()
    return Table(
        key=key,
        name=" ".join((decision.get("name") or key).split())[:200],
        policy=Policy(policy),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(rule for number, row in enumerate(rows, 1) if (rule := _rule(row, number, inputs, outputs, faults))),
        default=_default(element, outputs, faults),
        description=" ".join((decision.findtext("{*}description") or "").split())[:LONGEST_TEXT],
    )


def _twice(words: Sequence[str]) -> Iterator[str]:
    return (word for word, times in sorted(Counter(words).items()) if times > 1)


def _column(element: etree._Element, typed: etree._Element | None, values: str, faults: Faults) -> Column:
    """A question or an answer: its name is a variable's, its kind is declared, and a code's values are listed."""
    label = " ".join((element.get("label") or "").split())[:200]
    name = ((typed.findtext("{*}text") if values == "inputValues" else element.get("name")) if typed is not None else "") or ""
    name = name.strip()
    place = {"column": label or name or "–", "row": element.sourceline}
    if not NAME.fullmatch(name):
        faults.add(
            _("The column “%(column)s” (row %(row)s) asks for “%(name)s”: write the name of one answer.")
            % {**place, "name": name[:80]}
        )
    language = typed.get("expressionLanguage", "feel") if typed is not None else "feel"
    if not language.lower().rstrip("/").endswith("feel"):
        faults.add(_("The column “%(column)s” (row %(row)s) is written in another language than FEEL.") % place)
    written = (typed.get("typeRef") or "") if typed is not None else ""
    kind = KINDS.get(written.rpartition(":")[2].lower())
    if kind is None:
        faults.add(
            _("The column “%(column)s” (row %(row)s) has the type “%(kind)s”: choose string (a code), integer or boolean.")
            % {**place, "kind": written or "–"}
        )
        return Column(name, label or name, Kind.CODE)
    listed = (element.findtext(f"{{*}}{values}/{{*}}text") or "").strip()
    codes: tuple[str, ...] = ()
    among = Between()
    try:
        if kind == Kind.CODE and listed:
            codes = read_codes(listed)
        elif kind == Kind.NUMBER and listed:
            among = read_among(listed)
    except BadCell as bad:
        faults.add(_("The column “%(column)s” (row %(row)s) lists its values wrongly: %(why)s.") % {**place, "why": _why(bad)})
    if len(codes) > MOST_SORTS:
        faults.add(
            _("The column “%(column)s” (row %(row)s) has %(count)s codes: there must be at most %(most)s.")
            % {**place, "count": len(codes), "most": MOST_SORTS}
        )
        codes = ()
    if kind == Kind.CODE and not listed:
        faults.add(_('The column “%(column)s” (row %(row)s) doesn\'t list its codes: write them as "low","high".') % place)
    return Column(name, label or name, kind, codes, among)


def _rule(
    row: etree._Element, number: int, inputs: tuple[Column, ...], outputs: tuple[Column, ...], faults: Faults
) -> Rule | None:
    asked, given = (list(row.iterfind(f"{{*}}{kind}")) for kind in ("inputEntry", "outputEntry"))
    if (len(asked), len(given)) != (len(inputs), len(outputs)):
        faults.add(_("Rule %(rule)s (row %(row)s) lacks a cell, or has one too many.") % {"rule": number, "row": row.sourceline})
        return None
    cells, results = [], []
    for entry, column in (*zip(asked, inputs, strict=True), *zip(given, outputs, strict=True)):
        text = entry.findtext("{*}text") or ""
        try:
            if column in inputs:
                cells.append(read_cell(text, column))
            else:
                results.append(_value(text, column))
        except BadCell as bad:
            faults.add(
                _("Rule %(rule)s (row %(row)s), “%(column)s”: %(why)s.")
                % {"rule": number, "row": entry.sourceline, "column": column.label, "why": _why(bad)}
            )
    note = (
        " ".join(" ".join(each.itertext()) for each in row.iterfind("{*}annotationEntry")) or row.findtext("{*}description") or ""
    )
    written = tuple(" ".join((entry.findtext("{*}text") or "-").split()) for entry in (*asked, *given))
    return Rule(tuple(cells), tuple(results), written, " ".join(note.split())[:LONGEST_TEXT], (row.get("id") or "")[:200])


def _default(element: etree._Element, outputs: tuple[Column, ...], faults: Faults) -> tuple[Value, ...] | None:
    """What is answered when no rule holds: said for every answer, or for none."""
    found = [one.findtext("{*}defaultOutputEntry/{*}text") for one in element.iterchildren("{*}output")]
    if not any(text and text.strip() for text in found):
        return None
    values = []
    for text, column in zip(found, outputs, strict=True):
        try:
            values.append(_value(text or "", column))
        except BadCell as bad:
            faults.add(_("The default of “%(column)s”: %(why)s.") % {"column": column.label, "why": _why(bad)})
    return tuple(values)


def _value(text: str, column: Column) -> Value:
    value = read_value(text, column)
    if not column.has(value):
        raise BadCell(Why.UNKNOWN_CODE, text)
    return value


# ── Whether it answers every case, once ───────────────────────────────────


def _check(table: Table, faults: Faults) -> None:
    sorts = checking.sorts(table)
    for column, most in zip(table.inputs, sorts, strict=True):
        if most > MOST_SORTS:
            faults.add(
                _("“%(column)s” has %(count)s sorts of values, and at most %(most)s can be checked: divide the table.")
                % {"column": column.label, "count": most, "most": MOST_SORTS}
            )
    faults.stop()
    count = math.prod(sorts)
    if count > MOST_CASES:
        faults.add(
            _("It has %(count)s sorts of cases, and at most %(most)s can be checked: divide it.")
            % {"count": count, "most": MOST_CASES}
        )
        return
    for one in checking.overlaps(table):
        faults.add(
            _("Rules %(first)s and %(second)s both hold for %(example)s: change one, or choose FIRST.")
            % {"first": one.first, "second": one.second, "example": _told(table, one.example)}
        )
    faults.extend(_("Rule %(rule)s never holds: remove it, or change it.") % {"rule": rule} for rule in checking.unreached(table))
    missing = checking.gap(table)
    if missing is not None:
        faults.add(_("No rule holds for %(example)s: add one, or a default answer.") % {"example": _told(table, missing)})


def _told(table: Table, case: checking.Case) -> str:
    return ", ".join(f"{column.label} = {_word(case[column.name])}" for column in table.inputs)


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _why(bad: BadCell) -> str:
    words = {
        Why.UNREADABLE: _("“%(part)s” can't be read; write -, a value, < 7, [1..5], a list with commas, or not(…)"),
        Why.UNKNOWN_CODE: _("“%(part)s” isn't among the values of the column"),
        Why.WRONG_KIND: _("“%(part)s” is of another kind than the column"),
        Why.EMPTY_RANGE: _("“%(part)s” holds no number"),
        Why.TOO_LONG: _("“%(part)s…” is too long"),
    }
    return words[bad.why] % {"part": bad.part[:80]}
