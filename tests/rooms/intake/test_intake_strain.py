"""When too much comes at once: what the staff see of a flood, and what the public page says when it must wait or is full."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.strain.guesses import Guesses
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.enums import Status
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.intake.views import public
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db
MARK, OTHER = b"samma123", b"annat123"
CLOSED = {"reason": "advice_given", "kind": "other"}


@pytest.fixture
def mona():
    return accounts.user(role=Role.RECEPTION)


def flood(many: int, likeness: bytes = MARK) -> list[Concern]:
    """So many that came at once and say the same, in the order in which the inbox has them."""
    made = [intake.concern(what="Samma ord.") for _ in range(many)]
    Concern.objects.filter(pk__in=[each.pk for each in made]).update(likeness=likeness)
    return sorted(Concern.objects.filter(pk__in=[each.pk for each in made]), key=lambda each: each.pk)


def statuses(concerns: list[Concern]) -> list[str]:
    return [Concern.objects.get(pk=each.pk).status for each in concerns]


# ── What the staff see ────────────────────────────────────────────────────


def test_those_alike_stand_behind_the_first_and_everyone_else_stands_by_themselves(mona):
    first, *_rest = flood(4)
    other, *_others = flood(2, OTHER)
    ordinary = [intake.concern(), intake.concern()]

    assert set(queries.inbox(mona, "open")) == {first, other, *ordinary}
    assert queries.alike(first, mona).count() == 3
    assert queries.alike(ordinary[0], mona).count() == 0


def test_one_of_them_that_someone_has_begun_with_stands_by_itself(mona):
    first, second, _third = flood(3)

    actions.assess(second, by=mona, at=timezone.now())

    assert set(queries.inbox(mona, "open")) == {first, second}
    assert queries.alike(first, mona).count() == 1


def test_those_alike_are_closed_as_the_one_that_was_read(mona):
    first, begun, *rest = flood(5)
    others = [*flood(2, OTHER), intake.concern()]
    actions.assess(begun, by=mona, at=timezone.now())
    with pytest.raises(NotNow):
        actions.close_alike(first, by=mona, at=timezone.now())
    actions.close(first, **CLOSED, by=mona, at=timezone.now())

    assert actions.close_alike(first, by=mona, at=timezone.now()) == 3

    assert statuses([first, *rest]) == [Status.CLOSED] * 4
    assert statuses([begun, *others]) == [Status.ASSESSING, *[Status.RECEIVED] * 3]
    assert {(each.close_reason, each.kind) for each in Concern.objects.filter(status=Status.CLOSED)} == {
        ("advice_given", "other")
    }
    assert Entry.objects.filter(verb="intake.concern.closed").count() == 4


def test_one_that_is_shut_to_me_is_not_closed_with_the_others(mona):
    first, second, shut = flood(3)
    actions.put_wall(shut, user=mona, ground="close", by=accounts.user(role=Role.RECEPTION), at=timezone.now())
    actions.close(first, **CLOSED, by=mona, at=timezone.now())

    assert actions.close_alike(first, by=mona, at=timezone.now()) == 1
    assert statuses([second, shut]) == [Status.CLOSED, Status.RECEIVED]


@pytest.mark.parametrize("role", [role for role in Role.values if role not in (Role.RECEPTION, Role.TEAM_LEADER)])
def test_nobody_else_closes_them(role, mona):
    first, *rest = flood(2)
    actions.close(first, **CLOSED, by=mona, at=timezone.now())

    with pytest.raises(Denied):
        actions.close_alike(first, by=accounts.user(role=role), at=timezone.now())
    assert statuses(rest) == [Status.RECEIVED]


def test_the_page_says_how_many_they_are_and_closes_them_in_one_press(client, mona):
    first, *rest = flood(3)
    client.force_login(mona)
    address = reverse("intake:concern", args=[first.pk])
    before = client.get(address).text
    actions.close(first, **CLOSED, by=mona, at=timezone.now())
    press = reverse("intake:close-alike", args=[first.pk])

    assert "Många kom på en gång" in before and press not in before
    assert press in client.get(address).text
    assert client.post(press, follow=True).status_code == 200
    assert statuses(rest) == [Status.CLOSED] * 2


# ── What the public page says ─────────────────────────────────────────────


@pytest.fixture
def full(settings):
    """A house that wants more room than any disk has."""
    settings.FRIDHEM_SPARE_ROOM = 10**18
    public.room.cache_clear()
    yield
    public.room.cache_clear()


@pytest.fixture
def guessed(monkeypatch, visitor):
    """Every guess is spent, and no more drops fall."""
    monkeypatch.setattr(public, "guesses", Guesses(lambda: 0.0, per_second=0, most=0))


FULL = {
    "sv": ("Vi kan inte ta emot något här just nu", "Ring i stället"),
    "en": ("take in anything here right now", "Call instead"),
}
WAIT = {"sv": ("Många provar kvitton just nu", "Låt sidan vara öppen"), "en": ("Many are trying receipts", "Leave the page open")}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("go", ["start", "begin", "send"])
def test_a_full_house_says_so_before_anyone_writes_and_whom_to_call(full, visitor, language, go):
    page = visitor.sends(go, language=language, what="Mina ord")

    assert page.status_code == 503
    assert all(words in page.text for words in (*FULL[language], 'href="tel:112"', f'lang="{language}"'))
    assert 'name="what"' not in page.text
    assert not Concern.objects.exists()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("by_script", [True, False])
def test_one_who_must_wait_is_told_why_what_to_do_and_loses_nothing(guessed, visitor, language, by_script):
    page = visitor.sends("add", by_script=by_script, language=language, receipt="1" * 20, text="Mina ord")

    assert page.status_code == 429
    assert all(words in page.text for words in (*WAIT[language], 'href="tel:112"', "Mina ord", 'value="add"'))
