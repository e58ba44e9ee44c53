"""Conditions in a diagram: comparisons of answers, and nothing that could do anything.

A condition is Python's smallest part: names, codes, numbers, `==`, `<`, `in`, `and`, `or`, `not`. Everything else (calls,
attributes, arithmetic, imports) is refused when the diagram is read, and could not be evaluated afterwards either.
"""

import ast
import operator
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from simpleeval import EvalWithCompoundTypes, InvalidExpression

from fridhem.pure.refusals import NotNow

LONGEST = 200
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Name, ast.Load, ast.Constant,
    ast.Tuple, ast.List, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip
_OPERATORS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, values: value in values,
    ast.NotIn: lambda value, values: value not in values,
    ast.Not: operator.not_,
}


class BadExpression(ValueError):
    """The condition isn't one that we evaluate."""


class MissingAnswer(NotNow):
    """The process asks for an answer that nobody has given."""


def check(expression: str) -> None:
    """Raise `BadExpression`, with the part that isn't allowed, unless `expression` is a condition."""
    if len(expression) > LONGEST:
        raise BadExpression(_("it is longer than %(most)s characters") % {"most": LONGEST})
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpression(_("it can't be read as a condition")) from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise BadExpression(_("it contains %(what)s; compare answers with ==, <, in, and, or, not") % {"what": _words(node)})
        if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
            raise BadExpression(_("it contains a value that isn't a text, a number or true/false"))


def names(expression: str) -> list[str]:
    """The answers that a condition asks for, each once. The condition is one that `check` lets through."""
    found = (node.id for node in ast.walk(ast.parse(expression.strip(), mode="eval")) if isinstance(node, ast.Name))
    return list(dict.fromkeys(found))


def evaluate(expression: str, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds for `answers` (name → text, number or true/false).

    Raises `BadExpression`, or `MissingAnswer` when it asks for an answer that isn't there.
    """
    check(expression)
    for name in names(expression):
        if name not in answers:
            raise MissingAnswer(_("The process needs an answer to “%(name)s” before it can go on.") % {"name": name})
    evaluator = EvalWithCompoundTypes(operators=_OPERATORS, functions={}, names=dict(answers))
    try:
        return bool(evaluator.eval(expression.strip()))
    except (InvalidExpression, TypeError, ValueError) as error:
        raise BadExpression(_("it can't be evaluated: %(fault)s") % {"fault": error}) from None


def _words(node: ast.AST) -> str:
    known = {"Call": _("a call"), "Attribute": _("an attribute"), "BinOp": _("arithmetic"), "Lambda": _("a function")}
    return known.get(type(node).__name__, f"“{type(node).__name__}”")
