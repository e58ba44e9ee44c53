"""What a migration sees of the models is right, although few of them are rendered anew; no database is needed."""

import pytest
from django.db import models
from django.db.migrations import operations
from django.db.migrations.state import ProjectState

from fridhem.foundation.database import rendering

KEY = ("id", models.BigAutoField(primary_key=True))


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(model, models.CASCADE)


@pytest.fixture
def state():
    """Notes of cases of people, rendered."""
    state = ProjectState()
    with rendering.sparingly():
        for operation in (
            operations.CreateModel("Person", [KEY]),
            operations.CreateModel("Case", [KEY, ("person", to("work.Person"))]),
            operations.CreateModel("Note", [KEY, ("case", to("work.Case"))]),
        ):
            operation.state_forwards("work", state)
        assert state.apps
        yield state


def model(state: ProjectState, name: str) -> type[models.Model]:
    return state.apps.get_model("work", name)


def pointed_at(state: ProjectState, name: str, field: str) -> type[models.Model]:
    return model(state, name)._meta.get_field(field).remote_field.model


def test_a_new_model_leaves_the_others_as_they_are(state):
    person, case = model(state, "Person"), model(state, "Case")
    operations.CreateModel("Visit", [KEY, ("case", to("work.Case"))]).state_forwards("work", state)
    assert pointed_at(state, "Visit", "case") is case is model(state, "Case")
    assert model(state, "Person") is person


@pytest.mark.parametrize("field", [models.TextField(), to("work.Person")], ids=["plain", "relation"])
def test_who_points_at_a_model_with_a_new_field_sees_it(state, field):
    person = model(state, "Person")
    operations.AddField("case", "more", field).state_forwards("work", state)
    assert pointed_at(state, "Note", "case") is model(state, "Case")
    assert pointed_at(state, "Note", "case")._meta.get_field("more")
    assert model(state, "Person") is person


def test_a_change_of_what_others_point_at_renders_the_way_back_too(state):
    operations.CreateModel("Visit", [KEY, ("case", to("work.Case"))]).state_forwards("work", state)
    operations.AlterField("case", "id", models.UUIDField(primary_key=True)).state_forwards("work", state)
    assert {one.related_model for one in model(state, "Case")._meta.related_objects} == {
        model(state, "Note"),
        model(state, "Visit"),
    }
    assert pointed_at(state, "Visit", "case")._meta.pk.get_internal_type() == "UUIDField"


def test_a_new_name_reaches_who_points_at_it(state):
    operations.RenameModel("Case", "Matter").state_forwards("work", state)
    assert pointed_at(state, "Note", "case") is model(state, "Matter")


def test_who_asks_for_the_way_back_gets_it(state):
    operations.CreateModel("Visit", [KEY, ("case", to("work.Case"))]).state_forwards("work", state)
    state.clear_delayed_apps_cache()  # as `RunPython` begins
    assert model(state, "Visit") in {one.related_model for one in model(state, "Case")._meta.related_objects}
