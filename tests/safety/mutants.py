"""Every permission check of the house, found by reading its source and its database, and how to take one away in this process."""

import ast
import copy
import functools
import importlib
import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import get_resolver
from rules import Predicate

from fridhem.foundation.accounts import pages

SOURCE = Path(__file__).parent.parent.parent / "src" / "fridhem"
ALWAYS, EVERYTHING = "_always", "_everything"  # what a mutant's code calls for what is always true, and every row of a table
ZONE_WORDS = ("in_zone", "zones", "acting_in(", "_check_right", "KeyMissing")


@dataclass(frozen=True)
class Mutant:
    """One check taken away: where it stood, in which room, and whether it's a check of a zone. `apply` takes it away here."""

    kind: str
    where: str
    what: str
    room: str
    words: tuple[str, ...]  # names by which the tests that are near to it are found
    is_zone: bool
    apply: Callable[[], None]
    undo: str = ""  # SQL that puts back what it changed in the database

    @property
    def is_first(self) -> bool:
        """Whether it's asked first: a view's own question, a query's filter and a row's wall stand behind another."""
        return self.kind == "page" or any(name in self.where for name in ("permissions.py", "predicates.py", "actions"))

    def __str__(self) -> str:
        return f"{self.kind} {self.where}: {self.what}"


def every() -> list[Mutant]:
    """All of them, in the order of the source."""
    return [*_pages(), *(mutant for path in _files() for mutant in _of_file(path)), *_policies()]


def _files() -> list[Path]:
    names = ("permissions.py", "predicates.py", "queries.py", "views.py", "actions.py")
    rooms = [
        path for path in sorted(SOURCE.rglob("*.py")) if path.name in names or path.parent.name in {"actions", "views", "queries"}
    ]
    return [*rooms, SOURCE / "foundation/crypto/service.py", SOURCE / "site/pages/people.py"]


def _room(path: Path) -> str:
    parts = path.relative_to(SOURCE).parts
    return parts[1] if len(parts) > 2 else parts[0]


# ── For whom a page is ────────────────────────────────────────────────────


def _pages() -> Iterator[Mutant]:
    for pattern, name in pages.walk(get_resolver("fridhem.site.urls.staff").url_patterns):
        policy = pages.policy_of(pattern.callback)
        if policy is not None and policy is not pages.anyone:
            view = pattern.callback
            yield Mutant(
                "page", name, f"open_to={policy.name}", view.__module__.split(".")[2], (name, view.__name__),
                "zone " in policy.name, functools.partial(setattr, view, "open_to", _true()),
            )  # fmt: skip


def _true() -> Predicate:
    return Predicate(lambda *_given: True, name="anybody")


# ── What the source says ──────────────────────────────────────────────────


def _of_file(path: Path) -> Iterator[Mutant]:
    """The mutants of one file: each is the whole tree with one check less."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    negated = {node.operand.id for node in ast.walk(tree) if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Name)}
    for number, place in enumerate(tree.body):
        for what, line, changed in _less(place, path, negated):
            named = getattr(place, "name", "") or ast.unparse(getattr(place, "targets", [place])[0])
            yield Mutant(
                "code", f"{path.relative_to(SOURCE)}:{line}", f"{named}: {what}", _room(path), (named, *_called(what)),
                any(word in what for word in ZONE_WORDS), functools.partial(_replace, path, number, changed),
            )  # fmt: skip


def _called(what: str) -> tuple[str, ...]:
    return tuple(word.split(".")[-1] for word in what.replace("(", " ").split()[:1])


Less = tuple[str, int, ast.stmt]  # what is taken away, its line, and the statement without it


def _less(place: ast.stmt, path: Path, negated: set[str]) -> Iterator[Less]:
    in_permissions = path.name in {"permissions.py", "predicates.py"}
    if isinstance(place, ast.Assign) and in_permissions and isinstance(place.value, ast.BinOp | ast.Call | ast.UnaryOp):
        yield from _changed(place, _factors(place.value), lambda _old: ast.Name(ALWAYS, ast.Load()))
    if not isinstance(place, ast.FunctionDef):
        return
    yield from _changed(place, _checks(place), lambda _old: ast.Pass())
    yield from _changed(place, _alternatives(place), lambda _old: ast.Constant(False))
    if in_permissions:
        yield from _answers(place, negated)
    if "visible_to" in place.name or place.name == "shut_to":
        yield from _changed(place, _filters(place), lambda old: old.func.value)
    yield from _changed(place, _uses(place), lambda old: ast.Call(ast.Name(EVERYTHING, ast.Load()), [old], []))


def _factors(value: ast.expr) -> list[ast.AST]:
    """What is combined with & and |, each for itself."""
    if isinstance(value, ast.BinOp):
        return [*_factors(value.left), *_factors(value.right)]
    return [value]


def _checks(function: ast.FunctionDef) -> list[ast.AST]:
    """Statements that refuse: `permissions.check_…(…)`, `if not …: raise Denied`, `if not …: return nothing`."""
    return [node for node in ast.walk(function) if isinstance(node, ast.Expr | ast.If) and _refuses(node, function)]


def _refuses(node: ast.Expr | ast.If, function: ast.FunctionDef) -> bool:
    if isinstance(node, ast.Expr):
        called = ast.unparse(node.value.func) if isinstance(node.value, ast.Call) else ""
        return called.startswith(("permissions.check_", "check_may", "check_is"))
    ends = ast.unparse(node.body[-1])
    nothing = "visible_to" in function.name and ends.endswith(".none()")
    return nothing or ends.startswith(("raise Denied", "raise Conflict", "raise KeyMissing"))


def _alternatives(function: ast.FunctionDef) -> list[ast.AST]:
    """The parts of a refusal's condition: `not this(user) or not that(user)`."""
    conditions = [node.test for node in _checks(function) if isinstance(node, ast.If)]
    return [part for test in conditions if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) for part in test.values]


def _answers(function: ast.FunctionDef, negated: set[str]) -> Iterator[Less]:
    """What a predicate answers: always yes (no, when it's asked with `~`), and each of its conditions met."""
    if not any("predicate" in ast.unparse(one) for one in function.decorator_list) or function.name == "anyone":
        return
    back = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    open_to_all = function.name not in negated
    yield from _changed(function, back, lambda _old: ast.Constant(open_to_all))
    parts = [part for value in back if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And) for part in value.values]
    yield from _changed(function, parts, lambda _old: ast.Constant(True))


def _filters(function: ast.FunctionDef) -> list[ast.AST]:
    called = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [node for node in called if node.func.attr in {"filter", "exclude"}]


def _uses(function: ast.FunctionDef) -> list[ast.AST]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [node for node in calls if ast.unparse(node.func).split(".")[-1].endswith("visible_to")]


def _changed(place: ast.stmt, targets: list[Any], new: Callable[[Any], ast.AST]) -> Iterator[Less]:
    nodes = list(ast.walk(place))
    for target in targets:
        twin = copy.deepcopy(place)
        at = list(ast.walk(twin))[nodes.index(target)]
        changed = _Swap(at, new(at)).visit(twin)
        text = ast.unparse(target)
        yield text if len(text) < 110 else text[:107] + "…", target.lineno, ast.fix_missing_locations(changed)


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new, self.done = old, new, False

    def visit(self, node: ast.AST) -> Any:
        if node is self.old and not self.done:
            self.done = True
            return ast.copy_location(self.new, node)
        return self.generic_visit(node)


# ── Taking it away ────────────────────────────────────────────────────────


def _replace(path: Path, number: int, changed: ast.stmt) -> None:
    """Give the living function, or the living predicate, the changed code: whoever holds it meets the change."""
    module = importlib.import_module(
        ".".join(("fridhem", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    )
    vars(module)[EVERYTHING] = lambda rows: rows.model._default_manager.all()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if isinstance(changed, ast.Assign):
        (name,) = (target.id for target in changed.targets if isinstance(target, ast.Name))
        known = {**vars(module), ALWAYS: _true()}
        vars(module)[name].__dict__.update(eval(compile(ast.Expression(changed.value), str(path), "eval"), known).__dict__)
        return
    tree.body[number] = changed
    made = compile(tree, str(path), "exec")
    living = vars(module)[changed.name]
    function = inspect.unwrap(living.fn if isinstance(living, Predicate) else living)
    function.__code__ = next(one for one in made.co_consts if isinstance(one, types.CodeType) and one.co_name == changed.name)


# ── What the database says ────────────────────────────────────────────────


def _policies() -> Iterator[Mutant]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname, permissive, cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies "
            "WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        found = cursor.fetchall()
    for table, policy, permissive, verb, using, check in found:
        yield Mutant(
            "wall", f"{table}.{policy}", f"{permissive} {verb}", table.split("_")[0], (table, policy, table.split("_", 1)[-1]),
            "acting_in(" in using + check, functools.partial(_open, table, policy, bool(using), bool(check)),
            _closed(table, policy, using, check),
        )  # fmt: skip


def _open(table: str, policy: str, using: bool, check: bool) -> None:
    """The policy lets everything through."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER POLICY {policy} ON {table} {'USING (true)' * using} {'WITH CHECK (true)' * check}")


def _closed(table: str, policy: str, using: str, check: str) -> str:
    """What puts the policy back."""
    return f"ALTER POLICY {policy} ON {table} {f'USING ({using})' if using else ''} {f'WITH CHECK ({check})' if check else ''}"
