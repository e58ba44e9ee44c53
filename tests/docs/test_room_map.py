"""The room map shows the imports that are there, and says when it is old."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "room_map.py"


@pytest.fixture
def room_map(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The tool, with a page of its own whose map is empty."""
    spec = importlib.util.spec_from_file_location("room_map", TOOL)
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tmp_path / "architecture.md"
    page.write_text(f"Above.\n{tool.BEGIN}\n{tool.END}\nBelow.\n")
    monkeypatch.setattr(tool, "PAGE", page)
    return tool


def test_an_old_map_fails_the_check_and_is_left_alone(room_map: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    before = room_map.PAGE.read_text()

    assert room_map.main(["--check"]) == 1

    assert room_map.PAGE.read_text() == before
    assert "make docs" in capsys.readouterr().err


def test_a_redrawn_map_passes_the_check_and_keeps_what_stands_around_it(room_map: ModuleType) -> None:
    assert room_map.main([]) == 0

    page = room_map.PAGE.read_text()
    assert page.startswith("Above.\n") and page.endswith("\nBelow.\n")
    assert room_map.main(["--check"]) == 0


def test_a_place_stands_above_what_it_imports_and_names_it(room_map: ModuleType, tmp_path: Path, monkeypatch) -> None:
    house = tmp_path / "fridhem"
    for name, text in {
        "rooms/intake/actions.py": "from fridhem.rooms.casework import actions\nfrom fridhem.pure.codes import lists\n",
        "rooms/casework/actions.py": "",
        "pure/codes/lists.py": "",
    }.items():
        path = house / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    for folder in (house, *(path for path in house.rglob("*") if path.is_dir())):
        (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "fridhem", raising=False)

    graph = room_map.grimp.build_graph("fridhem", cache_dir=None)
    lines = room_map.draw(graph).splitlines()

    assert [line for line in lines if "→" in line] == [
        "│ intake        → casework pure.codes",
        "│ casework      → ·",
        "│ codes         → ·",
    ]


def test_a_page_without_markers_is_not_guessed_at(room_map: ModuleType) -> None:
    with pytest.raises(ValueError, match="markers"):
        room_map.redrawn("A page.", "A map.")
