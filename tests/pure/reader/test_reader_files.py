"""Any bytes: read by their content, or refused with the reason."""

import time

import pytest

from fridhem.pure.reader import Reason, UnreadableError, read
from fridhem.pure.reader.extracting import MAX_BYTES
from tests.factories import files

PAPER = "Tjänsteskrivelse\nDatum 2024-03-01\nDnr SN 2024/17\n\nFörslag till beslut\nSocialnämnden antar rutinen."
FACTS = {"document_type": "tjansteskrivelse", "body": "Socialnämnden", "date": "2024-03-01"}


def facts(data: bytes) -> dict:
    reading = read(data)
    return {key: reading.value(key) for key in FACTS}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_text_is_read_in_every_encoding(encoding):
    assert facts(PAPER.encode(encoding)) == FACTS


def test_a_pdf_is_read_page_by_page():
    reading = read(files.pdf(PAPER, "Sida två\nEnligt SN 2023/99 har nämnden svarat."))

    assert {key: reading.value(key) for key in FACTS} == FACTS
    pages = {place.value["number"]: place.page for place in reading.places if place.key == "diarienummer"}
    assert pages == {"SN 2024/17": 1, "SN 2023/99": 2}


def test_a_docx_is_read_with_header_table_and_content_control():
    data = files.docx(
        "Tjänsteskrivelse",
        "Datum 2024-03-01",
        header="Fridköpings kommun\tDnr SN 2024/17",
        control="Rutin för skyddat boende",
        rows=(("Förslag till beslut", "Socialnämnden antar rutinen."), ("Nr", "SN 2023/99")),
    )

    reading = read(data)

    assert {key: reading.value(key) for key in FACTS} == FACTS
    assert reading.value("municipality") == "Fridköping"
    assert "Rutin för skyddat boende" in reading.text
    assert "| Nr | SN 2023/99 |" in reading.text
    assert reading.values("diarienummer") == [
        {"number": "SN 2024/17", "role": "own"},
        {"number": "SN 2023/99", "role": "other"},
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\0\0\n", Reason.EMPTY),
        (b"\xef\xbb\xbf\n", Reason.EMPTY),
        (files.pdf(""), Reason.NO_TEXT),
        (files.pdf(PAPER, password="hemlig"), Reason.ENCRYPTED),
        (files.pdf(PAPER)[:200], Reason.BROKEN),
        (files.docx(PAPER)[:400], Reason.BROKEN),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, Reason.BROKEN),
        (b"PK\x03\x04" + b"x" * 200, Reason.BROKEN),
        (files.zip_of(xl__workbook_xml=b"<workbook/>"), Reason.UNKNOWN_FORMAT),
        (files.zip_of(word__document_xml=b"not xml"), Reason.BROKEN),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, Reason.UNKNOWN_FORMAT),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, Reason.UNKNOWN_FORMAT),
        (b"{\\rtf1 hej}", Reason.UNKNOWN_FORMAT),
        (bytes(range(1, 32)) * 40, Reason.UNKNOWN_FORMAT),
        (b"x" * (MAX_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_what_can_not_be_read_says_why(data, reason):
    with pytest.raises(UnreadableError) as refused:
        read(data)

    assert refused.value.reason is reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = files.zip_of(word__document_xml=b"\0" * 150_000_000)
    assert len(bomb) < 200_000

    began = time.monotonic()
    with pytest.raises(UnreadableError) as refused:
        read(bomb)

    assert refused.value.reason is Reason.TOO_LARGE
    assert time.monotonic() - began < 1


def test_a_pdf_of_a_thousand_pages_is_read_in_part_and_says_so():
    reading = read(files.pdf(*[f"Sida {number}" for number in range(1, 1001)]))

    assert reading.cut
    assert len(reading.segments) == 500


@pytest.mark.parametrize(
    "piece", ["aaaa", "nämnden för ", "Anna Berg (S), ", "x\n", "| a ", "2024-", "a\u00ad", "Dnr KS 2024/1 ", "   "]
)
def test_a_document_made_to_be_slow_is_not(piece):
    text = "Protokoll\n" + piece * (60_000 // len(piece))

    began = time.process_time()
    read(text.encode())

    assert time.process_time() - began < 6


def seconds_to_read(text: str) -> float:
    began = time.process_time()
    read(text.encode())
    return time.process_time() - began


LINE = "Nämnden har i sitt yttrande lyft fram att arbetet i kommunen pågår och ska följas upp årligen\n"


@pytest.mark.parametrize("piece", [LINE, " ", "Motionen ska ", "a" + " " * 99])
def test_the_time_grows_no_faster_than_the_text(piece):
    head = "Yttrande\n"

    short, long = (min(seconds_to_read(head + piece * (length // len(piece))) for _ in range(2)) for length in (40_000, 160_000))

    assert long < 8 * short + 0.1


def test_blanks_take_about_as_long_as_words():
    words, blanks = (seconds_to_read("Protokoll\n" + piece * (200_000 // len(piece)) + "slut") for piece in (LINE, " "))

    assert blanks < 2 * words + 0.1
