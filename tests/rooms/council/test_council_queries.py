"""What can be found, and at what cost."""

import pytest

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.council import queries
from tests.factories import accounts, council

pytestmark = pytest.mark.django_db


def found(search: str = "", **filters: str) -> list[str]:
    return [matter.title for matter in queries.listed(accounts.user(Role.COUNCILLOR), search=search, **filters)]


def test_matters_are_found_by_title_and_by_number_in_any_writing():
    council.take_in(
        council.memo("KS 2025/10", title="Trygga trapphus"),
        council.memo("SN 2025/20", title="Skyddat boende", body="Socialnämnden"),
    )

    assert found("trapphus") == ["Trygga trapphus"]
    assert found("BOENDE skydd") == ["Skyddat boende"]
    assert found("sn-2025:20") == ["Skyddat boende"]
    assert found("2025/1") == ["Trygga trapphus"]
    assert found("%") == []
    assert found("trapphus boende") == []
    assert sorted(found()) == ["Skyddat boende", "Trygga trapphus"]
    assert found(status="decided") == []
    assert sorted(found(status="prepared", kind="other")) == ["Skyddat boende", "Trygga trapphus"]


def test_everyone_on_the_staff_reads_and_nobody_who_has_left():
    council.take_in(council.memo())

    assert {role: queries.visible_to(accounts.user(role)).count() for role in Role.values} == dict.fromkeys(Role.values, 1)
    assert queries.visible_to(accounts.user(is_active=False)).count() == 0
    assert queries.documents_visible_to(accounts.user(is_active=False)).count() == 0


def test_a_notice_is_a_mention_of_the_matters_that_it_lists():
    notice_text = (
        "Lugnviks kommun\nKommunstyrelsen\n\nKallelse\nUpprättad 2025-03-20\n\n"
        "1. Trygga trapphus\nDnr KS 2025/10\n\n2. Annat\nDnr KS 2025/11"
    )
    memo, notice = council.take_in(council.memo("KS 2025/10"), notice_text)

    assert list(queries.mentions(memo.matter)) == [notice]
    assert list(queries.timeline(memo.matter)) == [memo]


def test_where_each_body_stands_is_its_latest_decision():
    first = council.memo("KS 2025/10").replace("antar förslaget", "avslår motionen")
    second = council.memo("KS 2025/10").replace("antar förslaget", "bifaller motionen").replace("2025-03-11", "2025-09-01")
    third = council.memo("KS 2025/10", body="Socialnämnden").replace("antar förslaget", "ger förvaltningen i uppdrag att utreda")
    second_document, first_document, _ = council.take_in(second, first, third)

    documents = list(queries.timeline(first_document.matter))

    assert documents[-1] == second_document
    assert [(stand.body, stand.stance) for stand in queries.positions(documents)] == [("Kommunstyrelsen", "approve")]


def test_findings_are_shown_in_the_order_that_a_person_asks():
    (document,) = council.take_in(council.memo("KS 2025/10"))

    shown = [(finding.key, finding.value) for finding in queries.found_in(document)]

    assert [key for key, _ in shown] == [
        "document_type", "title", "municipality", "body", "date", "diarienummer", "proposed_decisions",
    ]  # fmt: skip
    assert dict(shown)["body"] == "Kommunstyrelsen"


@pytest.mark.parametrize("listing", [queries.listed, queries.documents_listed])
def test_a_list_costs_the_same_for_one_row_and_three(listing, django_assert_num_queries):
    reader = accounts.user(Role.COUNCILLOR)

    def ask() -> int:
        rows = list(listing(reader, search="svar")[:25])
        return len([(row.title, row.get_kind_display()) for row in rows])

    council.take_in(council.memo("KS 2025/1"))
    cost = 2 if listing is queries.listed else 1
    with django_assert_num_queries(cost):
        assert ask() == 1
    council.take_in(council.memo("KS 2025/2"), council.memo("KS 2025/3"))
    with django_assert_num_queries(cost):
        assert ask() == 3
