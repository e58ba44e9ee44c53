"""What is committed under static/ is what the sources give, and nobody's browser asks elsewhere for anything."""

import hashlib
import itertools
import json
import re
from pathlib import Path

import pytest

from fridhem.design.styleguide import palette

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "assets"
BUILT = ROOT / "src" / "fridhem" / "design" / "static" / "design"
CSS = (BUILT / "fridhem.css").read_text(encoding="utf-8")
COLOURS = palette()

# (text, ground): WCAG 2.2, 1.4.3 contrast (minimum), at least 4.5 : 1.
GROUNDS = ("paper", "paper-deep", "card")
ON_GROUNDS = ("ink", "ink-soft", "spruce", "link", "link-deep", "danger", "done")
TEXT = [
    *itertools.product(ON_GROUNDS, GROUNDS),
    *itertools.product(("visited",), ("paper", "card")),
    *itertools.product(("card", "paper", "line", "window", "spruce-soft"), ("spruce", "spruce-deep")),
    *itertools.product(("card",), ("danger", "danger-deep", "ink", "done", "link")),
    *itertools.product(("ink",), ("window", "window-soft", "line", "spruce-soft", "danger-soft")),
    *itertools.product(("spruce",), ("spruce-soft", "window-soft")),
    *itertools.product(("ink-soft",), ("spruce-soft",)),
    *itertools.product(("danger", "danger-deep", "link"), ("danger-soft",)),
    *itertools.product(("done",), ("done-soft",)),
    *itertools.product(("link-deep",), ("link-soft",)),
    *itertools.product(("window-ink",), ("window-soft",)),
]
# WCAG 2.2, 1.4.11 non-text contrast: what can be filled in or pressed, and where the keyboard is, at least 3 : 1.
SHAPES = [("edge", "paper"), ("edge", "card"), ("edge", "paper-deep"), ("danger", "card"), ("ink", "paper"), ("window", "spruce")]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_ends():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen_on_their_ground(shape, ground):
    assert contrast(shape, ground) >= 3


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in folder.rglob("*") if path.is_file()}


MANIFEST = json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("side", ["sources", "built"])
def test_the_committed_files_are_what_the_build_read_and_wrote(side):
    now = {name: sha256(ROOT / name) for name in MANIFEST[side]}

    assert now == MANIFEST[side], "Run assets/build.sh and commit what it writes."


def test_no_source_and_no_result_is_unknown_to_the_build():
    sources = {name for folder in ("css", "icons", "js", "licenses", "mark") for name in files(ASSETS / folder)}
    built = files(BUILT) | files(BUILT.parent.parent / "templates" / "design" / "icons")

    assert sources <= set(MANIFEST["sources"])
    assert built == set(MANIFEST["built"])


def test_the_lock_holds_hashes_and_no_address():
    lock = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []


def test_the_stylesheet_fetches_only_from_its_own_folder():
    addresses = re.findall(r"url\(\"?([^)\"]+)", CSS)

    assert addresses
    assert [address for address in addresses if not (BUILT / address).is_file()] == []


def test_the_stylesheet_has_no_left_and_right():
    boxes = re.findall(r"(?<![a-z-])(?:margin|padding|border)-(?:left|right)\b", CSS)
    places = re.findall(r"[;{](?:left|right):|(?:align|float):(?:left|right)\b", CSS)

    assert boxes + places == []


def test_the_links_of_the_error_summary_are_large_enough_to_press():
    """WCAG 2.2, 2.5.8 target size: at least 24 px high, and 1 rem is 16 px."""
    heights = re.findall(r"\.govuk-error-summary__list a\{[^}]*min-height:([\d.]+)rem", CSS)

    assert [float(height) * 16 >= 24 for height in heights] == [True]


def test_nothing_of_another_governments_remains():
    words = re.findall(r"gds|crown|crest|transport", CSS, flags=re.I)

    assert words == []


def test_every_icon_that_a_template_or_a_menu_names_is_drawn():
    drawn = {path.stem for path in (BUILT.parent.parent / "templates" / "design" / "icons").glob("*.svg")}
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src" / "fridhem").rglob("*") if path.suffix in (".html", ".py")
    )

    named = set(re.findall(r"\{% icon ['\"]([a-z-]+)", source)) | set(re.findall(r"\bicon=['\"]([a-z-]+)['\"]", source))

    assert named
    assert named - drawn == set()


def test_every_class_of_ours_that_a_template_names_has_a_look():
    templates = (ROOT / "src" / "fridhem").rglob("templates/**/*.html")
    named = {
        name
        for path in templates
        for classes in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.findall(r"(?<![\w-])fh-[a-z_-]+[a-z](?![\w-]|\{)", classes)
    }

    lacking = {name for name in named if not re.search(rf"\.{name}(?![\w-])", CSS)}

    assert lacking == set()
