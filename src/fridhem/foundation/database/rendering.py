"""A new house's migrations in a fraction of the time: render anew only what a change is seen in.

At each operation Django renders the changed model and, by way of their relations, all that have to do with it. Here every model
has to do with the user, so hundreds of models were rendered hundreds of times.

A new model is rendered alone; one with a new field, or a change that no relation goes by, together with those that point at it.
What then isn't up to date is the way back, as in `user.cases`. `is_delayed` is Django's own word for that: who may ask for the
way back, such as `RunPython`, gets everything rendered anew first. At any other change everything is rendered anew at once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState

Key = tuple[str, str]


@contextmanager
def sparingly() -> Iterator[None]:
    """Migrate with no more rendering than is needed."""
    django: Any = ProjectState
    whole = django.reload_model, django.reload_models
    django.reload_model, django.reload_models = _reload_model, _reload_models
    try:
        yield
    finally:
        django.reload_model, django.reload_models = whole


def _reload_model(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    key = (app_label, model_name.lower())
    if "apps" not in state.__dict__:
        return  # nothing is rendered yet
    if delay or _has_grown(state, key):
        state.is_delayed = True
        state._reload(_pointing_at(state, key))  # type: ignore[attr-defined]
    else:
        _forget(state)


def _reload_models(state: ProjectState, models: Iterable[Key], delay: bool = True) -> None:
    _forget(state)


def _forget(state: ProjectState) -> None:
    """Let everything be rendered anew when it's next asked for."""
    state.__dict__.pop("apps", None)
    state.is_delayed = False


def _has_grown(state: ProjectState, key: Key) -> bool:
    """Whether the model is new, or has more fields than when it was rendered."""
    rendered = state.apps.all_models[key[0]].get(key[1])
    if rendered is None:
        return True
    before = {field.name for field in (*rendered._meta.local_fields, *rendered._meta.local_many_to_many)}
    return before < set(state.models[key].fields)


def _pointing_at(state: ProjectState, key: Key) -> set[Key]:
    """The model and those that hold it, by a relation or as their base, directly or by way of others."""
    found: set[Key] = set()
    left = [key]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += state.relations.get(one, ())
            left += [other for other, model in state.models.items() if ".".join(one) in _bases(model)]
    return found


def _bases(model: ModelState) -> set[str]:
    return {base.lower() for base in model.bases if isinstance(base, str)}
