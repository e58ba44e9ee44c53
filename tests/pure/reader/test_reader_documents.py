"""Whole documents, written for these tests, of the kinds that municipalities and the Government send each other."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fridhem.pure.reader import Place, Reading, canonical_body, normal_number, read
from fridhem.pure.reader.cleaning import clean
from fridhem.pure.reader.dates import dates
from fridhem.pure.reader.swedish import one_line

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.txt"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_read_as_a_careful_reader_would(path):
    expected = json.loads(path.with_suffix(".json").read_text())

    assert said(read(path.read_bytes())) == {"authors": None, "proposals": None} | expected


def said(reading: Reading) -> dict:
    record = reading.as_record()
    motion = record["motion"] or {"authors": [], "proposals": []}
    return {key: record[key] for key in ("document_type", "municipality", "body", "date")} | {
        "diarienummer": [[n["number"], n["role"]] for n in record["diarienummer"]],
        "decisions": [[d["body"], d["stance"]] for d in record["proposed_decisions"]],
        "authors": [[a["name"], a["party"]] for a in motion["authors"]] or None,
        "proposals": motion["proposals"] or None,
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_place_points_at_text_that_says_it(path):
    reading = read(path.read_bytes())

    assert [place for place in reading.places if not says(reading, place)] == []


@settings(max_examples=60, deadline=None)
@given(data=st.data(), path=st.sampled_from(DOCUMENTS))
def test_invisible_noise_changes_no_value_and_every_place_still_says_it(data, path):
    text = path.read_text()
    cuts = data.draw(st.lists(st.sampled_from(inside_words(text)), max_size=30, unique=True))
    noisy = "".join("\u00ad" + letter if at in cuts else letter for at, letter in enumerate(text))

    reading = read(unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), noisy).encode())

    assert said(reading) == said(read(text.encode()))
    assert [place for place in reading.places if not says(reading, place)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_text_without_empty_lines_reads_the_same(path):
    """PDFs give their lines so."""
    text = path.read_text()

    assert said(read(re.sub(r"\n\s*\n+", "\n", text).encode())) == said(read(text.encode()))


def inside_words(text: str) -> list[int]:
    return [at for at in range(1, len(text)) if text[at].isalpha() and text[at - 1].isalpha()]


def says(reading: Reading, place: Place) -> bool:
    """Read the place alone and see whether it says the value."""
    words = one_line(clean(reading.text[place.start : place.end]).text)
    if not words or "implied" in place.rule or place.key in ("document_type", "motion"):
        return bool(words)
    if place.key == "diarienummer":
        return normal_number(words) == normal_number(place.value["number"])
    if place.key == "date":
        return [found.day.isoformat() for found in dates(words)] == [place.value]
    if place.key == "body":
        return canonical_body(words) == place.value
    if place.key == "proposed_decisions":
        return place.value["text"] in words
    return place.value.lower() in words.lower()


def test_the_same_bytes_give_the_same_reading():
    data = DOCUMENTS[0].read_bytes()

    assert read(data) == read(data)


def test_lost_letters_cost_nothing_that_matters():
    """A poor scan: every å, ä and ö has lost its marks."""
    path = Path(__file__).parent / "documents" / "tjansteskrivelse-skolplats.txt"
    text = unicodedata.normalize("NFKD", path.read_text()).encode("ascii", "ignore")

    assert said(read(text)) == said(read(path.read_bytes()))


def test_a_remiss_and_its_answer_share_a_number():
    web_page = (
        "# Remiss av SOU 2024:13 Ett utvidgat kontaktförbudDiarienummer: Ju2024/01477\n\n"
        "Remissvaren ska ha kommit in till Justitiedepartementet senast den 1 oktober 2024."
    )
    remiss = read(web_page.encode())
    answer = read((Path(__file__).parent / "documents" / "yttrande-utredning.txt").read_bytes())

    assert remiss.value("body") == "Justitiedepartementet"
    assert remiss.values("diarienummer") == [{"number": "Ju2024/01477", "role": "own"}]
    assert {"number": "Ju2024/01477", "role": "other"} in answer.values("diarienummer")
