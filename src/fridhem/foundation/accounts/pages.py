"""For whom each page is, said where its address is given. A page that doesn't say doesn't exist.

    page("sok/", views.find, name="find", open_to=permissions.works_with_cases)

The middleware, the menu, the system check and the safety test read the same word. It's the coarse question; which case, which
person is asked inside, through `visible_to`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path, resolve, reverse
from rules import Predicate

from fridhem.foundation.accounts.predicates import anyone

View = Callable[..., Any]


def page(route: str, view: View, *, open_to: Predicate, name: str, given: Mapping[str, Any] | None = None) -> URLPattern:
    """An address, its view and for whom it is: a predicate of the user. `given`: what this address tells the view besides."""
    return path(route, declared(view, open_to), dict(given or {}), name=name)


def declared(view: View, policy: Predicate) -> View:
    """The view with its policy. What is open to anyone asks nobody to sign in."""

    @wraps(view)
    def guarded(*args: Any, **given: Any) -> Any:
        return view(*args, **given)

    guarded.open_to = policy  # type: ignore[attr-defined]
    if policy is anyone:
        guarded.login_required = False  # type: ignore[attr-defined]
    return guarded


def all_open_to(policy: Predicate, patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """A library's own addresses, all with one policy."""
    found = list(patterns)
    for pattern, _name in walk(found):
        pattern.callback = declared(pattern.callback, policy)
    return found


def policy_of(view: View) -> Predicate | None:
    """For whom a view is; None when nobody said."""
    return getattr(view, "open_to", None)


def is_open(name: str, user: Any) -> bool:
    """Whether the page of that name is for the user."""
    policy = policy_of(resolve(reverse(name)).func)
    return policy is not None and policy.test(user)


def walk(entries: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[URLPattern, str]]:
    """Every address under `entries` with its full name, such as `casework:case`."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield entry, f"{space}{entry.name}"


def undeclared(urlconf: str) -> list[str]:
    """The addresses of a face that don't say for whom they are."""
    found = walk(get_resolver(urlconf).url_patterns)
    return [f"{name} {pattern.pattern}" for pattern, name in found if policy_of(pattern.callback) is None]
