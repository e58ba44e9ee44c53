"""A concern that names a colleague is shut to them, and so is the case that it becomes. Behind the database's own walls."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.models import Wall
from tests.factories import accounts, intake

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def mona():
    return accounts.user(Role.RECEPTION, name="Mona")


@pytest.fixture
def named():
    """A colleague at the reception whom the concern names."""
    return accounts.user(Role.RECEPTION, name="Nils Näktergal")


@pytest.fixture
def concern():
    return intake.concern(what="Det är Nils på kommunen.")


@pytest.fixture
def as_(client, behind_walls):
    def send(user, page, *args, post=None):
        client.force_login(user)
        with behind_walls():
            where = reverse(f"intake:{page}", args=args)
            return client.get(where) if post is None else client.post(where, post)

    return send


def test_a_concern_is_shut_on_its_page_and_is_gone_for_the_one(as_, mona, named, concern):
    assert as_(named, "concern", concern.pk).status_code == 200

    answer = as_(mona, "wall", concern.pk, post={"user": named.pk, "ground": "named"})

    assert answer.headers["Location"] == reverse("intake:concern", args=[concern.pk])
    assert as_(named, "concern", concern.pk).status_code == 404
    assert concern.number not in as_(named, "inbox").content.decode()
    assert concern.number in as_(mona, "inbox").content.decode()
    assert "Nils Näktergal" in as_(mona, "wall", concern.pk).content.decode()
    assert Entry.objects.filter(verb="intake.wall.put", actor=mona.pk, reason="named").count() == 1


def test_reaching_for_it_is_told_to_the_leaders(as_, mona, named, concern):
    with accounts.at_work(mona):
        actions.put_wall(concern, user=named, ground="named", by=mona, at=timezone.now())

    as_(named, "concern", concern.pk)
    as_(mona, "concern", concern.pk)

    assert Alert.objects.filter(kind=AlertKind.CONFLICT).count() == 1
    assert Alert.objects.get(kind=AlertKind.CONFLICT).about_user == named.pk


def test_the_case_that_it_becomes_is_shut_too(behind_walls, mona, concern):
    worker = accounts.user(Role.CASEWORKER)
    leader = accounts.user(Role.TEAM_LEADER)
    with behind_walls(), accounts.at_work(mona):
        actions.put_wall(concern, user=leader, ground="close", by=mona, at=timezone.now())
        case = intake.take_up(concern, by=mona, team=[worker]).case

    with behind_walls(), accounts.at_work(leader):
        assert not cases.visible_to(leader).filter(pk=case.pk).exists()
    with behind_walls(), accounts.at_work(worker):
        assert cases.visible_to(worker).filter(pk=case.pk).exists()


def test_it_is_not_given_to_the_one_it_is_shut_to(mona, concern):
    worker = accounts.user(Role.CASEWORKER, name="Viola")
    actions.put_wall(concern, user=worker, ground="named", by=mona, at=timezone.now())

    with pytest.raises(Denied, match="Viola"):
        intake.take_up(concern, by=mona, team=[worker])
    assert queries.visible_to(mona).get(pk=concern.pk).case is None


def test_nobody_shuts_it_to_themselves_or_without_a_reason(as_, mona, named, concern):
    assert as_(mona, "wall", concern.pk, post={"user": mona.pk, "ground": "named"}).status_code == 422
    assert as_(mona, "wall", concern.pk, post={"user": named.pk, "ground": ""}).status_code == 422
    with pytest.raises(Denied):
        actions.put_wall(concern, user=mona, ground="named", by=mona, at=timezone.now())
    assert not Wall.objects.exists()
