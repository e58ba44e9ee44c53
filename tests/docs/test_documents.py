"""The documents are true: what they name exists, and what exists is named."""

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKDOWN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
NOT_OURS = {".venv", ".git", "node_modules", "__pycache__", ".fridhem"}
TEXT = {
    ".md",
    ".py",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".scss",
    ".json",
    ".toml",
    ".yml",
    ".lock",
    ".po",
    ".sh",
    ".bpmn",
    ".svg",
    ".txt",
}


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _code(text: str) -> list[str]:
    """What a page shows as code: `spans`, and the lines of fenced blocks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [*spans, *(line for block in blocks for line in block.splitlines())]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _table(page: Path, row: str) -> set[str]:
    """The names that stand as `code` in the first column of a page's tables, when they match `row`."""
    cells = re.findall(r"^\|([^|]+)\|", page.read_text(), re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell) if re.fullmatch(row, name)}


@pytest.mark.parametrize("document", MARKDOWN, ids=_id)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text())

    broken = []
    for link in links:
        place, _, anchor = link.partition("#")
        target = (document.parent / place) if place else document
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)

    assert broken == []


def test_every_make_target_is_described_and_every_described_one_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M))

    named = {
        match.group(1) for page in MARKDOWN for line in _code(page.read_text()) if (match := re.match(r"make ([a-z]+)\b", line))
    }

    assert named - targets == set()
    assert targets - {name.removeprefix("make ") for name in _table(ROOT / "CONTRIBUTING.md", r"make \w+")} == {"clean"}


def test_every_fridhem_command_is_described_and_every_described_one_exists(capsys: pytest.CaptureFixture[str]) -> None:
    from fridhem.cli.main import main

    with pytest.raises(SystemExit):
        main(["--help"])
    commands = set(re.findall(r"^    (\w+)\s", capsys.readouterr().out, re.M))
    assert "start" in commands

    named = {
        match.group(1)
        for page in MARKDOWN
        for line in _code(page.read_text())
        if (match := re.match(r"fridhem ([a-z]+)\b", line))
    }

    assert named == commands


def test_every_setting_that_is_read_is_described_and_every_described_one_is_read() -> None:
    read = {
        node.value
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"FRIDHEM_[A-Z_]+", node.value)
    }

    assert _table(ROOT / "docs" / "handbok" / "drift.md", r"FRIDHEM_[A-Z_]+") == read


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    names = {re.match(r"[\w.-]+", requirement).group() for requirement in wanted}  # type: ignore[union-attr]

    assert _table(ROOT / "docs" / "decisions" / "0002-dependencies.md", r"[\w.-]+") == names


def test_decisions_have_each_its_number_and_the_same_four_parts() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]

    assert len(set(numbers)) == len(numbers)
    for page in DECISIONS:
        headings = re.findall(r"^## (.+)$", page.read_text(), re.M)
        assert headings == ["Context", "Decision", "Consequences", "Rejected"], page.name


def test_glossary_gives_each_swedish_word_one_line() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", (ROOT / "GLOSSARY.md").read_text(), re.M)
    words = sorted(swedish for swedish, _ in rows if swedish != "Swedish")
    assert len(words) > 200

    assert [one for one, next_one in pairwise(words) if one == next_one] == []


def test_swedish_never_calls_the_exposed_person_a_victim() -> None:
    swedish = [*(ROOT / "docs" / "handbok").rglob("*.md"), ROOT / "CHANGELOG.md"]
    catalogues = list((ROOT / "src").rglob("sv/LC_MESSAGES/*.po"))
    said = {path: path.read_text() for path in swedish}
    said |= {path: "\n".join(re.findall(r'^(?:msgstr.*|"[^"]*")$', path.read_text(), re.M)) for path in catalogues}

    assert [_id(path) for path, text in said.items() if re.search(r"\boff(er|ret|ren)\b", text, re.I)] == []


def test_publiccode_tells_this_version_and_shows_pictures_that_exist() -> None:
    text = (ROOT / "publiccode.yml").read_text()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert re.findall(r'^softwareVersion: "(.+)"$', text, re.M) == [version]
    assert [picture for picture in re.findall(r"^\s+- (\S+\.png)$", text, re.M) if not (ROOT / picture).exists()] == []


def test_no_file_names_a_place_on_someones_machine() -> None:
    somewhere = re.compile(r"(?<![\w.~:/-])/(home|root|Users|work|tmp)/[\w.]")
    files = [
        path
        for path in ROOT.rglob("*")
        if not NOT_OURS.intersection(path.relative_to(ROOT).parts) and (path.suffix in TEXT or path.name == "Makefile")
    ]
    assert len(files) > 50

    found = [_id(path) for path in files if path.is_file() and somewhere.search(path.read_text(errors="replace"))]

    assert found == []
