"""Every part of every kind of file is read, or the file is stopped."""

from base64 import b64encode

import pytest

from fridhem.pure.outbound import Parcel, Secret, check
from tests.factories import outgoing

HIDDEN = Secret("her", "address", "Tranbärsvägen 27 B, 907 52 Umeå")
CARRIERS = {**outgoing.CARRIERS, **outgoing.WESTERN}


@pytest.mark.parametrize("where", CARRIERS)
def test_an_address_is_found_in_every_part_of_a_file(where):
    report = check(Parcel(files=[CARRIERS[where]("Tranbärsvägen 27 B")]), [HIDDEN])

    assert report.findings
    assert {finding.kind for finding in report.findings} == {"address"}


@pytest.mark.parametrize("where", CARRIERS)
def test_the_same_file_with_something_innocent_passes(where):
    report = check(Parcel(files=[CARRIERS[where]("Storgatan 1")]), [HIDDEN])

    assert (report.findings, report.unchecked) == ((), ())


@pytest.mark.parametrize("writing", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("between", ["", "\u00ad", "\u00a0"])
def test_what_is_packed_in_signs_is_read_in_every_writing(writing, between):
    packed = b64encode(between.join("Hon bor på Tranbärsvägen 27 B.").encode(writing)).decode()

    assert check(Parcel(f"Se här: {packed}"), [HIDDEN]).findings


@pytest.mark.parametrize("what", outgoing.UNREADABLE)
def test_what_can_not_be_read_is_stopped(what):
    report = check(Parcel(files=[outgoing.UNREADABLE[what]]), [])

    assert report.unchecked
    assert not report.passes


def test_a_picture_passes_when_a_machine_can_read_it_and_finds_nothing():
    file = ("bild.png", outgoing.png(400, 300))

    assert check(Parcel(files=[file]), [HIDDEN], read_picture=lambda data: "Skylt: Storgatan 1").passes
    assert not check(Parcel(files=[file]), [HIDDEN], read_picture=lambda data: None).passes
    report = check(Parcel(files=[file]), [HIDDEN], read_picture=lambda data: "Skylt: Tranbärsvägen")
    assert {(one.file, one.part) for one in report.findings} == {("bild.png", "picture")}


def test_the_page_and_the_paragraph_are_told():
    report = check(Parcel(files=[("brev.pdf", outgoing.files.pdf("Sida ett", "Rad ett\nTranbärsvägen 27 B"))]), [HIDDEN])

    assert ("brev.pdf", "text", 2, 2) in {(one.file, one.part, one.page, one.paragraph) for one in report.findings}


def test_a_file_in_a_file_is_named_by_its_way():
    report = check(Parcel(files=[outgoing.CARRIERS["zip in zip"]("Tranbärsvägen 27 B")]), [HIDDEN])

    assert "allt.zip › b.zip › brev.docx" in {finding.file for finding in report.findings}
