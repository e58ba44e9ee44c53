"""The whole file of a case: what is in it, what isn't, and how it leaves."""

import datetime as dt
import json
from base64 import b64decode
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Cleaned, Quarantined
from fridhem.pure.outbound.opening import open_file
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework.actions import documents, links
from fridhem.rooms.disclosures import actions, queries
from fridhem.rooms.disclosures.actions import exports
from fridhem.rooms.disclosures.enums import ExportStatus, State
from fridhem.rooms.disclosures.models import Disclosure, Export, File
from tests.factories import accounts, casework, persons
from tests.factories.disclosures import NOW, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

BAD = "Hon bor på Tranbärsvägen 27 B numera."
GOOD = "Vi träffas på torsdag."
HERS = {"recipient": "exposed_person", "to": "Selma", "ground": "own_data"}
THEIRS = {"recipient": "other_party", "to": "Ombud Olle Odon", "ground": "party"}


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


def write(case, text: str, *, by, **given):
    return casework_actions.write_note(case, by=by, at=NOW, text=text, **{"sign": True, **given})


def add(case, *, by, name="intyg.txt", text="Ett intyg."):
    return documents.add_document(case, taken=Cleaned("text", text.encode()), name=name, by=by, at=NOW)


def made(case, *, by, **given) -> Export:
    ordered = exports.order(case, by=by, at=NOW, **{**THEIRS, **given})
    with as_the_house("disclosures.pack"):
        return exports.pack(ordered.pk, at=NOW)


def unpacked(export: Export) -> dict[str, bytes]:
    with ZipFile(BytesIO(b64decode(export.content))) as package:
        return {name: package.read(name) for name in package.namelist()}


def page_of(export: Export) -> str:
    return unpacked(export)["akt.html"].decode()


def told(export: Export) -> dict:
    return json.loads(unpacked(export)["akt.json"])


def test_what_is_written_is_in_it_and_what_is_withheld_is_blacked_out_with_the_ground(case, anna):
    write(case, GOOD, by=anna)
    write(case, BAD, by=anna)

    export = made(case, by=anna)

    page, data = page_of(export), unpacked(export)["akt.json"].decode()
    assert GOOD in page and GOOD in data
    assert "Hon bor på" in page and "Tranb" not in page + data
    assert "21 kap. 3 § OSL" in page
    assert export.withheld == ["address"]


def test_what_is_her_own_is_not_withheld_from_her(case, anna):
    write(case, BAD, by=anna)

    export = made(case, by=anna, **HERS, person=case.person_id)

    assert BAD in page_of(export)


def test_a_draft_is_told_of_and_never_given(case, anna):
    write(case, GOOD, by=anna, sign=False)

    export = made(case, by=anna)

    page, data = page_of(export), unpacked(export)["akt.json"].decode()
    assert GOOD not in page + data
    assert "Utkast som inte är färdigt" in page


def test_a_note_that_was_written_long_after_it_happened_says_so(case, anna):
    write(case, GOOD, by=anna, happened_on=NOW.date() - dt.timedelta(days=5))

    assert "5 dagar efter att det hände" in page_of(made(case, by=anna))


def test_the_other_file_of_a_linked_case_is_not_told_of(case, anna):
    other = casework.case(by=anna, person_id=persons.person(name="Viktor Vass").pk, process="uses_violence")
    links.link(case, other, kind="uses_violence", by=anna, at=NOW)

    everything = b"".join(unpacked(made(case, by=anna)).values()).decode()

    assert other.number not in everything and str(other.pk) not in everything and "Viktor" not in everything
    assert "Uppgift ur någon annans akt" in everything


def test_documents_go_along_but_for_those_left_out_or_held_apart(case, anna):
    add(case, by=anna)
    chosen = add(case, by=anna, name="rapport.txt")
    documents.add_document(case, taken=Quarantined(b"fil", Reason.MACROS), name="makro.doc", by=anna, at=NOW)

    export = made(case, by=anna, without=[chosen.pk])

    parts = unpacked(export)
    papers = [name for name in parts if name.startswith("handlingar/")]
    assert [parts[name] for name in papers] == [b"Ett intyg."]
    assert papers[0] in page_of(export)
    assert {one["where"] for one in told(export)["left_out"]} >= {"Fil: rapport.txt", "Fil: makro.doc"}
    assert Entry.objects.filter(verb="casework.document.taken_out").count() == 1


def test_the_manifest_holds_the_sum_of_every_file(case, anna):
    add(case, by=anna)

    parts = unpacked(made(case, by=anna))

    rows = {row["path"]: row["sha256"] for row in json.loads(parts.pop("manifest.json"))["files"]}
    assert rows == {name: sha256(data).hexdigest() for name, data in parts.items()}


def test_it_leaves_as_all_that_leaves_and_is_kept_no_longer_than_its_days(case, anna):
    write(case, BAD, by=anna)
    export = made(case, by=anna)

    disclosure = exports.disclose(export, by=anna, at=NOW)
    actions.let_leave(disclosure, by=anna, at=NOW, way="post")
    name, data = actions.fetch(disclosure, disclosure.files.get().pk, by=anna, at=NOW)
    early = exports.destroy_old(at=NOW + dt.timedelta(days=29))
    late = exports.destroy_old(at=NOW + dt.timedelta(days=31))

    assert (name, queries.state_of(disclosure)) == (f"akt-{case.number}.zip", State.LEFT)
    assert sha256(data).hexdigest() in disclosure.text
    assert (early, late) == (0, 1)
    assert (Export.objects.get().status, File.objects.count(), Disclosure.objects.count()) == (ExportStatus.DESTROYED, 0, 1)


def test_what_never_left_is_destroyed_too_and_then_cannot_leave(case, anna):
    disclosure = exports.disclose(made(case, by=anna), by=anna, at=NOW)

    exports.destroy_old(at=NOW + dt.timedelta(days=31))

    with pytest.raises(NotNow, match="förstörd"):
        actions.let_leave(disclosure, by=anna, at=NOW, way="post")


def test_a_document_that_tells_where_she_is_stops_it_and_says_which(case, anna):
    add(case, by=anna, text=BAD)

    disclosure = exports.disclose(made(case, by=anna), by=anna, at=NOW)

    assert queries.state_of(disclosure) == State.STOPPED
    assert {(one["kind"], one["file"]) for one in disclosure.findings} == {("address", f"akt-{case.number}.zip › 001.txt")}


def test_the_check_reads_every_part_of_the_file(case, anna):
    add(case, by=anna)

    data = b64decode(made(case, by=anna).content)

    unread = [one for one in open_file("akt.zip", data) if not hasattr(one, "text")]
    assert unread == []


def test_only_those_who_work_with_the_case_make_it(case):
    with pytest.raises(Denied):
        exports.order(case, by=accounts.user(Role.CASEWORKER, unit=casework.unit()), at=NOW, **THEIRS)


def test_it_is_not_checked_before_it_is_made_nor_twice(case, anna):
    ordered = exports.order(case, by=anna, at=NOW, **THEIRS)
    with pytest.raises(NotNow):
        exports.disclose(ordered, by=anna, at=NOW)

    exports.pack(ordered.pk, at=NOW)
    exports.disclose(ordered, by=anna, at=NOW)
    with pytest.raises(NotNow):
        exports.disclose(ordered, by=anna, at=NOW)

    assert Disclosure.objects.count() == 1


def test_packing_again_after_an_interruption_does_nothing_more(case, anna):
    first = made(case, by=anna)

    again = exports.pack(first.pk, at=NOW)

    assert b64decode(again.content) == b64decode(first.content)
    assert Entry.objects.filter(verb="disclosures.export.made").count() == 1


def test_the_staff_makes_it_and_the_worker_packs_it_behind_the_walls(case, anna, behind_walls):
    add(case, by=anna)
    write(case, GOOD, by=anna)

    with behind_walls(), accounts.at_work(anna):
        ordered = exports.order(case, by=anna, at=NOW, **THEIRS)
    with behind_walls("fridhem_worker"), as_the_house("disclosures.pack"):
        exports.pack(ordered.pk, at=NOW)
    with behind_walls(), accounts.at_work(anna):
        disclosure = exports.disclose(queries.exports(anna).get(), by=anna, at=NOW)
    with behind_walls("fridhem_worker"), as_the_house("disclosures.destroy_old"):
        destroyed = exports.destroy_old(at=NOW + dt.timedelta(days=31))

    assert queries.state_of(disclosure) == State.READY
    assert (destroyed, File.objects.count()) == (1, 0)


# ── The pages ─────────────────────────────────────────────────────────────


def address(case) -> str:
    return reverse("disclosures:order-export", args=[case.number])


def test_the_page_shows_what_would_be_in_it_before_it_is_made(client, case, anna):
    write(case, BAD, by=anna)
    accounts.sign_in(client, anna)

    page = client.get(address(case), {"recipient": "other_party", "person": ""}).content.decode()

    assert "Tranb" not in page and "21 kap. 3 § OSL" in page and "Journal" in page
    assert not Export.objects.exists()
    assert Entry.objects.filter(verb="disclosures.case.previewed", actor=anna.pk, reason="other_party").count() == 1


def test_the_whole_way_on_the_pages(client, case, anna):
    write(case, GOOD, by=anna)
    accounts.sign_in(client, anna)
    where = f"{address(case)}?recipient=other_party&person="

    answer = client.post(where, {"to": "Ombud Olle Odon", "ground": "party"})
    ordered = Export.objects.get()
    waiting = client.get(answer["Location"]).content.decode()
    exports.pack(ordered.pk, at=NOW)
    ready = client.get(answer["Location"]).content.decode()
    checked = client.post(answer["Location"], follow=True).content.decode()

    assert ("Håller på att göras" in waiting, "Pröva" in ready) == (True, True)
    assert "Får lämnas ut" in checked
    assert f"akt-{case.number}.zip" in checked


def test_what_is_missing_is_said_at_its_field_and_nothing_is_made(client, case, anna):
    accounts.sign_in(client, anna)

    wrong = client.post(f"{address(case)}?recipient=other_party&person=", {"to": "", "ground": "nonsense"})
    nobody = client.post(f"{address(case)}?recipient=everyone", {})

    assert (wrong.status_code, nobody.status_code) == (422, 422)
    assert 'href="#id_to"' in wrong.content.decode()
    assert not Export.objects.exists()


def test_a_case_that_one_does_not_work_with_has_no_such_page(client, case, anna):
    export = made(case, by=anna)
    accounts.sign_in(client, accounts.user(Role.CASEWORKER, unit=casework.unit()))

    assert client.get(address(case)).status_code == 404
    assert client.get(reverse("disclosures:export", args=[export.pk])).status_code == 404


def test_the_page_costs_the_same_for_one_note_and_three(client, case, anna, django_assert_max_num_queries):
    accounts.sign_in(client, anna)

    def cost() -> int:
        with django_assert_max_num_queries(120) as counted:
            client.get(address(case), {"recipient": "other_party"})
        return len(counted)

    write(case, GOOD, by=anna)
    add(case, by=anna)
    first = cost()
    write(case, BAD, by=anna)
    write(case, GOOD, by=anna)
    add(case, by=anna, name="b.txt")
    assert cost() == first


def test_the_room_counts_only_models_that_exist():
    from fridhem.rooms.casework.slots import own_file

    for key in own_file.left_out:
        label, _dot, column = key.rpartition(".") if key.count(".") == 2 else (key, "", "")
        assert not column or column in {one.name for one in apps.get_model(label)._meta.concrete_fields}
