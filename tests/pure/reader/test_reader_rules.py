"""The rules one at a time: what each way of writing is read as."""

from datetime import date

import pytest

from fridhem.pure.reader import canonical_body, normal_number, read
from fridhem.pure.reader.bodies import letters_fit, mentions
from fridhem.pure.reader.dates import dates
from fridhem.pure.reader.decisions import stance
from fridhem.pure.reader.municipalities import NAMES

OWN = [
    "KS 2021-318",
    "IF-2025-00411",
    "VON/2025:00507",
    "LI2025/01442",
    "S2025/00219",
    "KS-2014/742.912",
    "KFKS 2023/1015",
    "SN/2024:31",
    "KS.2023.418",
    "SoF-2023/123",
    "2023/00123",
    "0417/24",
    "N160-0417/24",
    "3.1-123/2024",
    "KS 24/123",
]


@pytest.mark.parametrize("number", OWN)
def test_a_registry_number_after_its_word_is_found_in_any_writing(number):
    reading = read(f"Beslut om bidrag\n\nDnr {number}\n\nNämnden beviljar bidraget.".encode())

    assert [found["number"] for found in reading.values("diarienummer")] == [number]


@pytest.mark.parametrize(
    "words",
    [
        "SOU 2024:77",
        "SOU: 2024:91",
        "Ds 2023:40",
        "prop. 2021/22:100",
        "HSLF-FS 2022:39",
        "lagen (1976:580)",
        "kommittén (Ju 2023:06)",
        "skr. 2016/17:10",
        "KS 2018-05-14 § 112",
        "Kommunstyrelsen 2024-02-20",
        "STK-",
        "LD07/",
        "skriftserie nr 204/19",
        "Transaktionsidentitet: 7C41AA90F2DE5583B6E0147C9D2206F1A8",
        "planen 2022–2026",
        "Mål 2022-2025",
        "sidan 8 (31)",
        "telefon 0771-12 34 56",
        "plusgiro 12 34 56-7",
        "(EU) 2016/679",
    ],
)
def test_what_only_looks_like_a_registry_number_is_none(words):
    assert read(f"Rapporten hänvisar till {words} i sin helhet.".encode()).values("diarienummer") == []


def test_two_writings_of_one_number_are_one():
    reading = read("Dnr KS-2014/742.912\n\nI ärendet KS 2014/742.912 har nämnden yttrat sig.".encode())

    assert normal_number("KS-2014/742.912") == normal_number("KS 2014/742.912")
    assert reading.values("diarienummer") == [{"number": "KS-2014/742.912", "role": "own"}]


def test_a_number_cut_by_the_line_is_whole_and_its_place_is_in_the_original():
    text = "Yttrande\n\nDiarienummer\nSN-2024-\n00187\n\nSocialnämnden föreslås besluta att lämna följande yttrande:"

    place = next(place for place in read(text.encode()).places if place.key == "diarienummer")

    assert place.value == {"number": "SN-2024-00187", "role": "own"}
    assert text[place.start : place.end] == "SN-2024-\n00187"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-11-13", date(2025, 11, 13)),
        ("den 4 mars 2024", date(2024, 3, 4)),
        ("6 FEBRUARI 2024", date(2024, 2, 6)),
        ("12 jan. 2023", date(2023, 1, 12)),
        ("3/9 2021", date(2021, 9, 3)),
        ("20240118", date(2024, 1, 18)),
    ],
)
def test_a_date_is_read_as_printed(written, day):
    assert [found.day for found in dates(f"Beslutat {written}.")] == [day]


@pytest.mark.parametrize(
    "written", ["2019-XX-XX", "2023-02-30", "31 april 2024", "12/3 -26", "2016/17:10", "KS 2024-1234", "v. 12"]
)
def test_what_is_surely_no_date_is_none(written):
    assert dates(written) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kommunfullmäktige avslår motionen med hänvisning till kostnaden att införa förslaget.", "reject"),
        ("Motionen bifalls.", "approve"),
        ("Förvaltningens förslag tillstyrks.", "approve"),
        ("Nämnden avstyrker förslaget.", "reject"),
        ("Kommunfullmäktige anser motionen besvarad med hänvisning till att planen har antagits.", "answered"),
        ("Motionen besvaras med att arbetet pågår.", "answered"),
        ("Nämnden noterar informationen till protokollet.", "noted"),
        ("Rapporten läggs till handlingarna.", "noted"),
        ("Nämnden ger förvaltningen i uppdrag att införa rutinen.", "other"),
        ("Nämnden förklarar paragrafen omedelbart justerad.", "other"),
        ("Socialnämnden föreslås besluta att lämna följande yttrande", "other"),
        ("Ärendet återremitteras.", "other"),
    ],
)
def test_the_stance_is_that_of_the_printed_sentence(sentence, expected):
    assert stance(sentence) == expected


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("KOMMUNSTYRELSEN", "Kommunstyrelsen"),
        ("NÄMNDEN FÖR VÅRD & OMSORG", "Nämnden för Vård & Omsorg"),
        ("Social- och omsorgsnamnden", "Social- och omsorgsnämnden"),
        ("kommunstyrelsens\narbetsutskott", "Kommunstyrelsens arbetsutskott"),
        ("socialnämnd", "Socialnämnden"),
        ("fullmäktige", "Kommunfullmäktige"),
    ],
)
def test_a_body_has_one_writing(written, name):
    assert canonical_body(written) == name


def test_bodies_are_found_whole():
    text = "Miljö-, bygg- och trafiknämnden, Nämnden för Kultur & Fritid samt socialnämndens arbetsutskott har yttrat sig."

    assert [body.name for body in mentions(text)] == [
        "Miljö-, bygg- och trafiknämnden",
        "Nämnden för Kultur & Fritid",
        "Socialnämndens arbetsutskott",
    ]


def test_a_numbers_letters_are_its_bodys():
    assert letters_fit("SON", "Social- och omsorgsnämnden")
    assert letters_fit("IF", "Nämnden för Individ & Familjeomsorg")
    assert not letters_fit("KS", "Social- och omsorgsnämnden")


def test_there_are_290_municipalities():
    assert len(set(NAMES)) == 290


def test_a_municipality_is_said_only_where_it_is_printed():
    assert read("Protokoll\n\nMöllevångstorget ska bli tryggare.".encode()).value("municipality") is None
    assert read("Protokoll\n\nVÄXJÖ  KOMMUN\n\nTorget ska bli tryggare.".encode()).value("municipality") == "Växjö"
    assert read("Rapport\n\nMiljöpartiet i Lund vill ha fler lampor.".encode()).value("municipality") == "Lund"


def test_template_text_left_behind_is_nothing_anybody_said():
    reading = read("Yttrande\n\nSocialnämnden tillstyrker.\n\n[Här anger du reservationer.]".encode())

    assert reading.as_record()["reservations"] == []
