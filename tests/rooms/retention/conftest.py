import pytest


@pytest.fixture(autouse=True)
def fridkoping(settings):
    """The municipality is one where disposal is the rule."""
    settings.FRIDHEM_MUNICIPALITY_CODE = "9999"


@pytest.fixture
def carry_out(as_face):
    """Do as the worker what the task does: only the worker's process may let keys be forgotten."""
    from fridhem.rooms.retention import actions
    from tests.factories import retention

    def do(found):
        with as_face("worker"):
            return actions.carry_out(found.pk, clock=lambda: retention.TODAY)

    return do
