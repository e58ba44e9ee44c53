"""Read a code list from CSV text, or say of every bad row what is wrong and what to do."""

import csv
from datetime import date

from fridhem.pure.codes.code_list import Code, CodeList, overlaps

COLUMNS = ("code", "label_sv", "label_en", "valid_from", "valid_to")
LONGEST_CODE = 64
LONGEST_LABEL = 200


class BadCodeList(ValueError):
    """The text can't be used as a code list; `problems` has one sentence per fault."""

    def __init__(self, name: str, problems: list[str]):
        self.problems = tuple(problems)
        super().__init__(f"The code list {name!r} can't be used: " + " ".join(problems))


def read_code_list(text: str, *, name: str) -> CodeList:
    """The code list in `text`: CSV with comma or semicolon and the columns of `COLUMNS`, dates as 2025-07-01.

    `valid_to` may be empty. Nothing is read halfway: any fault raises BadCodeList with all of them.
    """
    lines = text.lstrip("\ufeff").splitlines()
    header = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if ";" in header else ",")
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadCodeList(name, [f"The first row lacks {', '.join(missing)}; it must name {', '.join(COLUMNS)}."])
    codes, problems = [], []
    for row in reader:
        faults = _faults(row)
        if faults:
            problems += [f"Row {reader.line_num}: {fault}" for fault in faults]
        else:
            codes.append(_code(row))
    problems += [
        f"The code {first.code!r} has two periods that overlap, from {first.valid_from} and from {second.valid_from}: "
        "end the first before the second begins."
        for first, second in overlaps(codes)
    ]
    if not codes and not problems:
        problems.append("It has no rows: add at least one code.")
    if problems:
        raise BadCodeList(name, problems)
    return CodeList(name, tuple(codes))


def _faults(row: dict[str, str]) -> list[str]:
    if None in row or None in row.values():
        return ["it has another number of columns than the first row: quote what contains the separator."]
    faults = [f"{column} is empty: fill it in." for column in COLUMNS[:4] if not row[column].strip()]
    if len(row["code"]) > LONGEST_CODE:
        faults.append(f"the code is longer than {LONGEST_CODE} characters: shorten it.")
    faults += [
        f"{column} is longer than {LONGEST_LABEL} characters: shorten it."
        for column in ("label_sv", "label_en")
        if len(row[column]) > LONGEST_LABEL
    ]
    faults += [
        f"{column} is {row[column]!r}: write the date as 2025-07-01."
        for column in ("valid_from", "valid_to")
        if row[column].strip() and _day(row[column]) is None
    ]
    start, end = _day(row["valid_from"]), _day(row["valid_to"])
    if start and end and end < start:
        faults.append(f"valid_to {end} is before valid_from {start}: swap or correct them.")
    return faults


def _code(row: dict[str, str]) -> Code:
    start = _day(row["valid_from"])
    assert start is not None
    return Code(row["code"].strip(), row["label_sv"].strip(), row["label_en"].strip(), start, _day(row["valid_to"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
