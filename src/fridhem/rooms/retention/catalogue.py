"""The dated rules that ship with the room, read once."""

from functools import cache
from pathlib import Path

from fridhem.pure.retention.rule import Rule, read_rules


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, of every period. Raises `BadRules` when the table can't be trusted."""
    return read_rules((Path(__file__).parent / "rules.csv").read_text(encoding="utf-8"))
