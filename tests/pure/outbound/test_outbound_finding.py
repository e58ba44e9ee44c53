"""What is found in a text, and what isn't. The same seen two ways wherever a quick way was chosen."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fridhem.pure.outbound import Parcel, Secret, blacked, check
from fridhem.pure.outbound.checking import sought, spans_in
from fridhem.pure.outbound.folding import fold, squeezed
from fridhem.pure.outbound.near import closest, near

ADDRESS = Secret("her", "address", "Tranbärsvägen 27 B, 907 52 Umeå")
PHONE = Secret("her", "phone", "070-174 06 58")
SCHOOL = Secret("child", "school", "Humlebackens förskola")
NAME = Secret("her", "new_name", "Maja Vinterkrasse")
SECRETS = (ADDRESS, PHONE, SCHOOL, NAME, Secret("her", "workplace", "Tvinnaregatans bageri"))


def kinds(text: str, *secrets: Secret, **given) -> set[str]:
    return {finding.kind for finding in check(Parcel(text), secrets or SECRETS, **given).findings}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hon bor på Tranbärsvägen 27 B nu.", "address"),
        ("TRANBÄRSVÄGEN", "address"),
        ("Tran\u00adbärs-\nvägen 27", "address"),
        ("Trаnbärsvägen", "address"),  # a Cyrillic a
        ("tranbarsv. 27b", "address"),
        ("27 B Tranbärsvägen", "address"),
        ("Tranbärvsägen 27", "address"),
        ("post till 90752", "address"),
        ("Umeås tingsrätt", "address"),
        ("0701740658", "phone"),
        ("+46 70 174 06 58", "phone"),
        ("0046-70-1740658", "phone"),
        ("O7O-I74 O6 58", "phone"),
        ("noll sju noll, ett sju fyra, noll sex, fem åtta", "phone"),
        ("٠٧٠ ١٧٤ ٠٦ ٥٨", "phone"),
        ("070-174 06 85", "phone"),
        ("ring 174 06 58", "phone"),
        ("Humlebackens lokaler", "school"),
        ("på Humlebacken i dag", "school"),
        ("Vinterkrasse, Maja", "new_name"),
        ("m. vinterkrasse", "new_name"),
        ("Tvinnaregatans", "workplace"),
        ("nägävsräbnarT", "address"),
    ],
)
def test_a_protected_value_is_found_however_it_is_written(text, kind):
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Vi ses på Tranebergsvägen 27.",
        "Ring 070-555 12 34, vardagar 8–16.",
        "Bageriet öppnar klockan 7. Förskolan har stängt.",
        "Maja och hennes mamma kommer på torsdag, den 27 november 2026.",
        "Beslutet gäller 90 752 kronor och 50 öre.",
        "Diarienummer 2026/1740. Postadress: Storgatan 1, 123 45 Fridköping.",
        "Humlor bygger bo i backen bakom huset.",
    ],
)
def test_what_only_looks_a_little_like_it_passes(text):
    assert kinds(text) == set()


def test_the_municipality_s_own_name_leads_to_nobody():
    here = Secret("her", "address", "Lindgatan 3, 123 45 Fridköping")

    assert kinds("Fridköpings kommun", here, common=["Fridköping"]) == set()
    assert kinds("Fridköpings kommun", here) == {"address"}
    assert kinds("Lindgatan i Fridköping", here, common=["Fridköping"]) == {"address"}


def test_a_finding_tells_where_and_never_what():
    report = check(Parcel("Rad ett.\nHon bor på Tranbärsvägen 27 B.\nRad tre."), [ADDRESS])

    assert {(one.whose, one.kind, one.part, one.paragraph) for one in report.findings} == {("her", "address", "text", 2)}
    assert "Tranb" not in repr(report)
    assert not report.passes


def test_what_is_found_is_blacked_out():
    report = check(Parcel("Hon bor på Tranbärsvägen 27 B, nr 070-174 06 58. Hej då."), SECRETS)

    assert blacked(report.pieces[0].text, spans_in(report, 0)) == "Hon bor på ██████ B, nr 0██████. Hej då."


# ── Two ways, the same answer ─────────────────────────────────────────────

WORD = st.text("abcdeåäö1", min_size=8, max_size=18)


@settings(max_examples=300, deadline=None)
@given(WORD, st.text("abcdeåäö1 ", max_size=60), st.integers(1, 2))
def test_near_finds_exactly_when_measuring_everything_does(word, text, most):
    assert bool(list(near(word, text, most))) == (closest(word, text, most) is not None)


@settings(max_examples=300, deadline=None)
@given(WORD, st.text("xyz ", max_size=20), st.text("xyz ", max_size=20), st.data())
def test_a_word_with_one_fault_is_near(word, before, after, data):
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = data.draw(st.sampled_from(["cut", "add", "exchange", "swap"]))
    spoiled = {
        "cut": word[:at] + word[at + 1 :],
        "add": word[:at] + "x" + word[at:],
        "exchange": word[:at] + "x" + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[wrong]

    assert list(near(word, before + spoiled + after, 1))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_folding_remembers_where_each_sign_stood(text):
    folded = fold(text)

    assert len(folded.text) == len(folded.places) == len(folded.starts)
    assert list(folded.places) == sorted(folded.places)
    assert all(squeezed(text[place]) for place in folded.places)


NOISE = st.text(" .,-\n\u00a0\u200b\u00ad", max_size=2)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["Tranbärsvägen27", "0701740658", "MajaVinterkrasse", "Humlebackens"]), st.data())
def test_nothing_put_between_the_signs_hides_it(value, data):
    between = data.draw(st.lists(NOISE, min_size=len(value), max_size=len(value)))
    upper = data.draw(st.lists(st.booleans(), min_size=len(value), max_size=len(value)))
    written = "".join((s.upper() if u else s) + n for s, u, n in zip(value, upper, between, strict=True))

    assert kinds(f"Hej. {written} Adjö.")


@settings(max_examples=200, deadline=None)
@given(st.text("abcdefghijklmnop 0123456789.\n", max_size=300))
def test_what_is_blacked_out_is_found_no_more(noise):
    text = f"{noise} Tranbärsvägen 27 B {noise}"
    assume("\u2588" not in text)
    report = check(Parcel(text), [ADDRESS])

    assert report.findings
    assert check(Parcel(blacked(text, spans_in(report, 0))), [ADDRESS]).findings == ()


def test_what_is_made_once_finds_the_same_in_every_text():
    secrets = [Secret("selma", "address", "Tranbärsvägen 27 B, 907 52 Umeå"), Secret("selma", "phone", "070-174 06 58")]
    once = sought(secrets, ["Umeå"])

    for text in ("Hon bor på Tranbärsvägen 27 B.", "Ring 070 174 06 58.", "Vi ses i Umeå."):
        assert check(Parcel(text), once) == check(Parcel(text), secrets, common=["Umeå"])
