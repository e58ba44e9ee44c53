"""The room map of docs/architecture.md, drawn from the imports that are really there.

python tools/room_map.py           redraw it
python tools/room_map.py --check   exit 1 when the page shows something else than the code says
"""

import sys
import textwrap
from pathlib import Path

import grimp

PAGE = Path(__file__).parent.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- room map: drawn by tools/room_map.py -->", "<!-- end of the room map -->"

# Floors from the top; a floor of shelves shows each package on the shelf by itself.
FLOORS = {"the top": ("site", "cli"), "rooms": ("rooms.*",), "foundation": ("foundation.*", "design"), "pure": ("pure.*",)}
NAME_WIDTH, LINE_WIDTH = 13, 92


def places(graph: grimp.ImportGraph, shelves: tuple[str, ...]) -> list[str]:
    """The full module names of what stands on a floor; an empty shelf has nothing."""
    found: list[str] = []
    for shelf in shelves:
        name, _, each = shelf.partition(".")
        whole = f"fridhem.{name}"
        if whole in graph.modules:
            found += sorted(graph.find_children(whole)) if each else [whole]
    return found


def stands_on(graph: grimp.ImportGraph, every: list[str]) -> dict[str, set[str]]:
    """Place → the other places that its modules import."""
    return {
        place: {
            other
            for other in every
            if other != place and graph.direct_import_exists(importer=place, imported=other, as_packages=True)
        }
        for place in every
    }


def height(place: str, below: dict[str, set[str]]) -> int:
    """How many storeys `place` stands over the lowest, by the longest way down. The import contracts rule out cycles."""
    return 1 + max((height(other, below) for other in below[place]), default=0)


def draw(graph: grimp.ImportGraph) -> str:
    """The map as a text block: each floor with its places from the top, and what each stands on."""
    floors = {floor: places(graph, shelves) for floor, shelves in FLOORS.items()}
    below = stands_on(graph, [place for standing in floors.values() for place in standing])
    lines, corner = [], "┌"
    for floor, standing in floors.items():
        lines.append(f"{corner}─ {floor} ".ljust(LINE_WIDTH, "─"))
        for place in sorted(standing, key=lambda place: (-height(place, below), place)):
            imported = " ".join(sorted(map(_short, below[place]))) or "·"
            first, *rest = textwrap.wrap(imported, LINE_WIDTH - NAME_WIDTH - 6)
            lines.append(f"│ {place.rpartition('.')[2]:{NAME_WIDTH}} → {first}")
            lines += [f"│ {'':{NAME_WIDTH}}   {more}" for more in rest]
        corner = "├"
    return "\n".join(["```text", *lines, "└".ljust(LINE_WIDTH, "─"), "```"])


def _short(place: str) -> str:
    """How others speak of a place: by its own name, and what is pure with its floor, so that it is told from a room."""
    return place.removeprefix("fridhem.") if place.startswith("fridhem.pure.") else place.rpartition(".")[2]


def redrawn(page: str, picture: str) -> str:
    """`page` with the map between its two markers replaced. Raises `ValueError` when a marker is gone."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} has lost the markers of the room map: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{picture}\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Redraw the page, or with `--check` only compare. The exit code: 1 when the page is old."""
    page = PAGE.read_text()
    graph = grimp.build_graph("fridhem", exclude_type_checking_imports=True, cache_dir=None)
    new = redrawn(page, draw(graph))
    if new == page:
        return 0
    if "--check" in arguments:
        print("docs/architecture.md shows an old room map. Redraw it with: make docs", file=sys.stderr)
        return 1
    PAGE.write_text(new)
    print("docs/architecture.md: the room map is redrawn.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
