"""The whole file of a case: what is in it, what isn't, and how it leaves."""

import datetime as dt
import json
import re
from base64 import b64decode
from hashlib import sha256
from html import unescape
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.database.acting import as_the_house
from fridhem.foundation.files import keeping
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Cleaned, Quarantined
from fridhem.pure import identity
from fridhem.pure.outbound import checking
from fridhem.pure.outbound.needles import needles
from fridhem.pure.outbound.opening import open_file
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import documents, journal, links, people, sections
from fridhem.rooms.casework.models import BreakGlass
from fridhem.rooms.disclosures import actions, queries
from fridhem.rooms.disclosures.actions import exports
from fridhem.rooms.disclosures.enums import ExportStatus, Recipient, State
from fridhem.rooms.disclosures.models import Disclosure, Export, File
from fridhem.rooms.intake.models import Concern
from tests.factories import accounts, casework, intake, persons
from tests.factories.disclosures import NOW, disclosure, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

BAD = "Hon bor på Tranbärsvägen 27 B numera."
GOOD = "Vi träffas på torsdag."
HERS = {"recipient": "exposed_person", "to": "Selma", "ground": "own_data"}
HIS = {"recipient": "person_using_violence", "to": "Viktor", "ground": "own_data"}
THEIRS = {"recipient": "court", "to": "Tingsrätten", "ground": "duty"}
NEXT = {"recipient": "municipality", "to": "Socialnämnden i Vännäs", "ground": "consent"}


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


def ordered(case, *, by, at=NOW, **given) -> Export:
    """The whole file, asked for by someone who has read what would be in it."""
    values = {**THEIRS, **given}
    read = exports.preview(case, by=by, at=at, recipient=values["recipient"]).fingerprint
    return exports.order(case, by=by, at=at, **{"read": read, **values})


def made(case, *, by, at=NOW, **given) -> Export:
    asked = ordered(case, by=by, at=at, **given)
    with as_the_house("disclosures.pack"):
        return exports.pack(asked.pk, at=at)


def everything(export: Export) -> str:
    """All that stands anywhere in the file, as it's written."""
    return unescape(b"".join(unpacked(export).values()).decode())


def rows(export: Export, table: str) -> list[dict]:
    entries = [entry for chapter in told(export)["chapters"] for entry in chapter["entries"]]
    return [row["fields"] for entry in entries for row in entry["rows"] if row["table"] == table]


def his_case(*, by, name="Viktor Vass"):
    return casework.case(by=by, person_id=persons.person(name=name).pk, process="uses_violence")


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

    export = made(case, by=anna, **HERS)

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

    words = everything(made(case, by=anna))

    assert other.number not in words and str(other.pk) not in words and "Viktor" not in words
    assert "Uppgift ur någon annans akt" in words


def test_neither_file_of_two_linked_cases_tells_that_there_is_another_nor_what_kind(anna):
    hers, his = hidden_case(by=anna, school=False), his_case(by=anna)
    links.link(his, hers, kind="exposed", by=anna, at=NOW)
    labels = {one.label_sv for one in cases.code_list("links")}

    files = [everything(made(his, by=anna, **HIS)), everything(made(hers, by=anna, **HERS))]

    assert [label for words in files for label in labels if label in words] == []
    assert [hers.number in files[0], his.number in files[1]] == [False, False]


# ── For whom ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("recipient", sorted(set(Recipient.values) - {"exposed_person", "court", "municipality"}))
def test_a_whole_file_is_meant_for_few(case, anna, recipient):
    with pytest.raises(Denied):
        exports.preview(case, by=anna, at=NOW, recipient=recipient)
    with pytest.raises(Denied):
        exports.order(case, by=anna, at=NOW, **{**THEIRS, "recipient": recipient}, read="")

    assert not Export.objects.exists()


def test_the_one_who_uses_violence_reads_his_own_file_as_himself_and_as_nobody_else(anna):
    his = his_case(by=anna)

    assert made(his, by=anna, **HIS).person_id == his.person_id
    with pytest.raises(Denied):
        exports.preview(his, by=anna, at=NOW, recipient="exposed_person")


def test_nobody_reads_their_own_file_when_it_is_not_known_whom_it_is_about(anna):
    with pytest.raises(Denied):
        exports.preview(casework.case(by=anna), by=anna, at=NOW, recipient="exposed_person")


def test_the_form_offers_only_those_for_whom_it_is_meant(client, case, anna):
    accounts.sign_in(client, anna)

    page = client.get(address(case)).content.decode()

    offered = set(re.findall(r'<option value="(\w+)"', page))
    assert offered == {"exposed_person", "court", "municipality"}


@pytest.mark.parametrize("whom", [HERS, THEIRS, NEXT], ids=["hers", "court", "municipality"])
def test_where_she_may_be_is_told_to_nobody(case, anna, whom):
    given = {"kind": "support_talks", "reasons": ["physical_violence"], "provider": "Skyddat boende Malvan"}
    casework_actions.grant_intervention(case, by=casework.leader(), at=NOW, **given)
    shelter = {"recipient": "school", "to": "Rektor på Humleskolan", "ground": "consent", "withheld": ["workplace"]}
    actions.let_leave(disclosure(case, by=anna, text="Hej.", **shelter), by=anna, at=NOW, way="post")

    words = everything(made(case, by=anna, **whom))

    told_of = ["Malvan", "Centrum", "centrum", "Humle", "Skola eller förskola", '"school"', "Arbetsplats"]
    # To herself: that something about her is protected, and since when; of her child not even that.
    expected = ["Arbetsplats"] if whom is HERS else []
    assert [one for one in told_of if one in words] == expected


# ── Who it is about ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("whom", "is_named", "others_number"),
    [(HERS, True, False), (NEXT, True, True), (THEIRS, False, False)],
    ids=["hers", "municipality", "court"],
)
def test_whom_it_is_about_is_said_to_her_and_to_who_takes_over(anna, whom, is_named, others_number):
    hers, his = identity.test_number(dt.date(1985, 1, 2), 1), identity.test_number(dt.date(1981, 1, 2), 3)
    person = persons.person(name="Selma Solvända", identity_number=hers, protection="confidentiality_marking")
    case = casework.case(by=anna, person_id=person.pk)
    people.relate(case, by=anna, at=NOW, kind="partner", name="Olle Odon", identity_number=his)
    her_number, his_number = person.sealed_number, case.person.relations.get().other.sealed_number

    export = made(case, by=anna, **whom)

    page = page_of(export)
    assert ("Selma Solvända" in page, her_number in page, his_number in page) == (is_named, is_named, others_number)
    assert [row["identity_number"] for row in rows(export, "persons.Person")].count(her_number) == int(is_named)
    assert "Olle Odon" in page
    hidden = {one["where"]: one["why"] for one in told(export)["left_out"]}
    assert any("26 kap. 1 §" in why[0] for why in hidden.values()) == (not others_number)
    assert any("21 kap. 3 §" in why[0] for why in hidden.values()) == (not is_named)


def test_what_is_fictitious_about_someone_is_held_also_from_who_takes_over(anna):
    case = hidden_case(by=anna, protection="fictitious", school=False)

    assert "Solvända" not in everything(made(case, by=anna, **NEXT))


def test_the_page_to_order_from_never_shows_who_someone_protected_is(client, case, anna):
    accounts.sign_in(client, anna)

    page = client.get(address(case), {"recipient": "municipality"}).content.decode()

    assert "Solvända" not in page and "visas inte här" in page


# ── What isn't finished ───────────────────────────────────────────────────


def test_what_was_stopped_and_never_left_is_told_of_and_never_quoted(case, anna):
    stopped = disclosure(case, by=anna, text=f"Hemligt brev. {BAD}", to="Grannen Greta", documents=[("plan.txt", b"Flykten.")])
    actions.allow(stopped, by=anna, at=NOW, reason="Det är bara gatan.")

    export = made(case, by=anna)

    words = everything(export)
    assert [one for one in ("Hemligt", "Greta", "plan.txt", "bara gatan") if one in words] == []
    assert "Utkast som inte är färdigt" in page_of(export)
    assert [row["id"] for row in rows(export, "disclosures.Disclosure")] == [str(stopped.pk)]


def test_a_note_that_nobody_can_change_any_more_is_given_although_unsigned(case, anna):
    note = write(case, GOOD, by=anna, sign=False)
    last = dt.datetime.combine(note.open_until, dt.time(12), tzinfo=NOW.tzinfo)

    open_, locked = (everything(made(case, by=anna, at=at)) for at in (last, last + dt.timedelta(days=1)))

    assert (GOOD in open_, GOOD in locked) == (False, True)
    assert "Inte signerad" in locked


def test_the_concern_it_began_with_is_told_of_by_its_day_and_never_quoted(case, anna):
    said = intake.concern()
    Concern.objects.filter(pk=said.pk).update(case=case, status="taken_up", received_on=dt.date(2026, 10, 5))

    with accounts.at_work(anna):
        asked = ordered(case, by=anna)
    words = everything(exports.pack(asked.pk, at=NOW))

    assert "Orosanmälan, inkom 5 oktober 2026" in words
    assert "Uppgift om vem som har anmält oro" in words


def test_it_says_that_a_refusal_can_be_appealed(case, anna):
    assert "6 kap. 3 § OSL" in page_of(made(case, by=anna))


def test_sections_stand_in_the_order_of_their_headings_and_say_what_no_longer_holds(case, anna):
    for revision, (heading, text) in enumerate((("analysis", "Analysen."), ("violence", "Slag."), ("violence", "Slag och hot."))):
        read = 1 if revision == 2 else 0
        sections.write_section(case, heading, by=anna, at=NOW, text=text, revision=read, sign=True)

    page = page_of(made(case, by=anna))

    told = [page.index(text) for text in ("Slag.", "Slag och hot.", "Analysen.")]
    assert told == sorted(told)
    assert page.count("ersattes av det som signerades senare") == 1


# ── What is read before ───────────────────────────────────────────────────


def test_anything_can_stay_and_then_says_no_more_than_that_it_is_there(case, anna):
    note = write(case, GOOD, by=anna)
    write(case, "Det här får vara med.", by=anna)
    casework.do(case, "assess_protection", by=casework.leader(), text="Stegets ord.")
    step = case.steps.get(node="assess_protection")

    export = made(case, by=anna, without=[str(note.pk), str(step.pk)])

    words = everything(export)
    assert (GOOD in words, str(note.pk) in words) == (False, False)
    assert str(step.pk) not in [row["id"] for row in rows(export, "casework.Step")]
    assert "Det här får vara med." in words
    assert [one["where"] for one in told(export)["left_out"] if "prövas för sig" in one["why"][0]] != []


def test_what_has_changed_since_it_was_read_is_read_again(case, anna):
    read = exports.preview(case, by=anna, at=NOW, recipient="court").fingerprint
    draft = write(case, GOOD, by=anna, sign=False)

    with pytest.raises(NotNow, match="ändrats"):
        exports.order(case, by=anna, at=NOW, **THEIRS, read=read)
    read = exports.preview(case, by=anna, at=NOW, recipient="court").fingerprint
    journal.sign_note(draft, by=anna, at=NOW, revision=draft.revision)
    with pytest.raises(NotNow, match="ändrats"):
        exports.order(case, by=anna, at=NOW, **THEIRS, read=read)

    assert not Export.objects.exists()


def test_an_emergency_opening_takes_out_no_file(case, anna):
    mona = accounts.user(Role.RECEPTION, name="Mona")
    BreakGlass.objects.create(
        case=case, number=case.number, user=mona, reason="life", words="Fara.", asked_at=timezone.now(),
        opened_at=timezone.now(), until=timezone.now() + dt.timedelta(hours=1),
    )  # fmt: skip

    with pytest.raises(Denied, match="nödöppning"):
        exports.preview(case, by=mona, at=NOW, recipient="court")
    with pytest.raises(Denied, match="nödöppning"):
        exports.order(case, by=mona, at=NOW, **THEIRS, read="")
    with pytest.raises(Denied, match="nödöppning"):
        exports.disclose(made(case, by=anna), by=mona, at=NOW)


def test_a_double_click_makes_one_file(case, anna):
    same = uuid4()

    first, second = (ordered(case, by=anna, submission=same) for _click in range(2))

    assert (first, Export.objects.count()) == (second, 1)
    assert ordered(case, by=anna, submission=uuid4()) != first


def test_what_is_looked_for_is_made_once_however_much_there_is_to_read(case, anna, monkeypatch):
    made_for = []
    monkeypatch.setattr(checking, "needles", lambda secret, common=(): made_for.append(secret) or needles(secret, common))
    write(case, GOOD, by=anna)

    exports.preview(case, by=anna, at=NOW, recipient="court")

    assert len(made_for) == len(set(made_for)) > 0


# ── Documents ─────────────────────────────────────────────────────────────


def test_documents_go_along_but_for_those_left_out_or_held_apart(case, anna):
    add(case, by=anna)
    chosen = add(case, by=anna, name="rapport.txt")
    documents.add_document(case, taken=Quarantined(b"fil", Reason.MACROS), name="makro.doc", by=anna, at=NOW)

    export = made(case, by=anna, without=[str(chosen.pk)])

    parts = unpacked(export)
    papers = [name for name in parts if name.startswith("handlingar/")]
    assert [parts[name] for name in papers] == [b"Ett intyg."]
    assert papers[0] in page_of(export)
    assert {one["where"] for one in told(export)["left_out"]} >= {"Fil: rapport.txt", "Fil: makro.doc"}
    assert Entry.objects.filter(verb="casework.document.taken_out").count() == 1


def test_a_document_that_was_held_apart_or_damaged_since_is_said_to_be_left_out(case, anna, monkeypatch):
    _held, damaged = add(case, by=anna, name="a.txt"), add(case, by=anna, name="b.txt")
    asked = ordered(case, by=anna)

    def content(file):
        raise Unopenable

    monkeypatch.setattr(keeping, "content", content)
    monkeypatch.setattr(exports, "is_open", lambda document: document.pk == damaged.pk)
    export = exports.pack(asked.pk, at=NOW)

    assert export.status == ExportStatus.MADE
    assert [one["left_out"] for one in told(export)["documents"]] == [True, True]
    why = {one["where"]: one["why"] for one in told(export)["left_out"]}
    assert "hålls avskild" in why["Fil: a.txt"][0] and "inte prövas" in why["Fil: b.txt"][0]


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
        exports.order(case, by=accounts.user(Role.CASEWORKER, unit=casework.unit()), at=NOW, **THEIRS, read="")


def test_it_is_not_checked_before_it_is_made_nor_twice(case, anna):
    asked = ordered(case, by=anna)
    with pytest.raises(NotNow):
        exports.disclose(asked, by=anna, at=NOW)

    exports.pack(asked.pk, at=NOW)
    exports.disclose(asked, by=anna, at=NOW)
    with pytest.raises(NotNow):
        exports.disclose(asked, by=anna, at=NOW)

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
        asked = ordered(case, by=anna, **NEXT)
    with behind_walls("fridhem_worker"), as_the_house("disclosures.pack"):
        exports.pack(asked.pk, at=NOW)
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

    page = client.get(address(case), {"recipient": "court"}).content.decode()

    assert "Tranb" not in page and "21 kap. 3 § OSL" in page and "Hon bor på" in page
    assert not Export.objects.exists()
    assert Entry.objects.filter(verb="disclosures.case.previewed", actor=anna.pk, reason="court").count() == 1


def test_the_whole_way_on_the_pages(client, case, anna):
    write(case, GOOD, by=anna)
    accounts.sign_in(client, anna)
    where = f"{address(case)}?recipient=court"
    form = client.get(where).context["last"]
    note = case.notes.get()
    sent = {"to": "Tingsrätten", "ground": "duty", "read": form["read"].value(), "submission": str(uuid4())}

    answer = client.post(where, {**sent, "without": [str(note.pk)]})
    again = client.post(where, {**sent, "without": [str(note.pk)]})
    asked = Export.objects.get()
    waiting = client.get(answer["Location"]).content.decode()
    packed = exports.pack(asked.pk, at=NOW)
    without = GOOD not in everything(packed)
    ready = client.get(answer["Location"]).content.decode()
    checked = client.post(answer["Location"], follow=True).content.decode()

    assert (answer["Location"], without) == (again["Location"], True)
    assert ("Håller på att göras" in waiting, "Pröva" in ready) == (True, True)
    assert "Får lämnas ut" in checked
    assert f"akt-{case.number}.zip" in checked


def test_what_is_missing_is_said_at_its_field_and_nothing_is_made(client, case, anna):
    accounts.sign_in(client, anna)

    wrong = client.post(f"{address(case)}?recipient=court", {"to": "", "ground": "nonsense"})
    nobody = client.post(f"{address(case)}?recipient=everyone", {})

    assert (wrong.status_code, nobody.status_code) == (422, 422)
    assert 'href="#id_to"' in wrong.content.decode()
    assert not Export.objects.exists()


def test_a_file_that_changed_while_it_was_read_comes_back_with_what_was_ticked(client, case, anna):
    note = write(case, GOOD, by=anna)
    accounts.sign_in(client, anna)
    where = f"{address(case)}?recipient=court"
    read = client.get(where).context["last"]["read"].value()
    write(case, "Något nytt.", by=anna)
    sent = {"to": "Tingsrätten", "ground": "duty", "read": read, "without": [str(note.pk)]}

    answer = client.post(where, sent)
    page = answer.content.decode()

    assert (answer.status_code, Export.objects.count()) == (422, 0)
    assert "ändrats sedan du läste den" in page and "Något nytt." in page
    assert re.search(rf'value="{note.pk}"[^>]* checked', page)
    assert client.post(where, {**sent, "read": answer.context["last"]["read"].value()}).status_code == 302


def test_the_way_there_is_not_shown_in_an_emergency(client, case, anna):
    accounts.sign_in(client, anna)
    page = reverse("disclosures:of-case", args=[case.number])

    assert address(case) in client.get(page).content.decode()
    mona = accounts.user(Role.RECEPTION, name="Mona")
    moment = timezone.now()
    BreakGlass.objects.create(
        case=case, number=case.number, user=mona, reason="life", words="Fara.", asked_at=moment, opened_at=moment,
        until=moment + dt.timedelta(hours=1),
    )  # fmt: skip
    accounts.sign_in(client, mona)
    assert address(case) not in client.get(page).content.decode()


def test_a_case_that_one_does_not_work_with_has_no_such_page(client, case, anna):
    export = made(case, by=anna)
    accounts.sign_in(client, accounts.user(Role.CASEWORKER, unit=casework.unit()))

    assert client.get(address(case)).status_code == 404
    assert client.get(reverse("disclosures:export", args=[export.pk])).status_code == 404


def test_the_page_costs_the_same_for_one_note_and_three(client, case, anna, django_assert_max_num_queries):
    accounts.sign_in(client, anna)

    def cost() -> int:
        with django_assert_max_num_queries(120) as counted:
            client.get(address(case), {"recipient": "court"})
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
