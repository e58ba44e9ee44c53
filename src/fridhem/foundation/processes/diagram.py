"""Draw a process as its owner drew it, with today's step lit: SVG that needs no script, no stylesheet and no outside font.

Colours are presentation attributes, so that a content security policy without inline style leaves them be, and the same picture
goes into a page, a document or a printed manual. What a picture can't say to someone who doesn't see it, `outline` says in words.
"""

import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from fridhem.foundation.processes.definition import BRANCH, Box, Definition, Flow, Node

Progress = Literal["done", "current", "ahead"]

SPRUCE, PAPER, WHITE, INK, QUIET, WINDOW, DONE, DONE_GROUND = (
    "#17413b", "#faf7f2", "#ffffff", "#1d2421", "#5b6660", "#f2b441", "#2f6b3c", "#eaf3ec",
)  # fmt: skip
FONT = "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif"
SIZE = 14  # of letters, in the diagram's points
LINE = 17
SIGN = 6.9  # how wide a letter is, about
MARGIN = 12
DASHED = ' stroke-dasharray="6 4"'

# fill, stroke and stroke width of a task
_LOOK: dict[Progress, tuple[str, str, str]] = {
    "done": (DONE_GROUND, DONE, "1.5"),
    "current": (WINDOW, INK, "3"),
    "ahead": (WHITE, QUIET, "1.5"),
}


# The ground and the border of a step by the weight of what is written at it
_WEIGHTS = ((WHITE, QUIET, "1.5"), ("#fdf0d2", INK, "2"), ("#f9dfa0", INK, "3"), (WINDOW, INK, "5"))


@dataclass(frozen=True)
class Mark:
    """A few words at a step, such as how often it was late, and how heavily they weigh: 0 to 3."""

    words: str
    weight: int


@dataclass(frozen=True)
class Line:
    """One step of the process in words; `when` it's to be done, for what is only done when something happens."""

    node: Node
    progress: Progress
    when: str = ""


def outline(definition: Definition, *, done: Collection[str] = (), current: Collection[str] = ()) -> list[Line]:
    """The steps that people do, from left to right in the drawing, each done, current or ahead; those of branches last."""
    tasks, when, boxes = (
        [node for node in definition.nodes.values() if node.is_human],
        definition.begun_by,
        definition.drawing.boxes,
    )
    tasks.sort(key=lambda node: (node.id in when, boxes[node.id].x, boxes[node.id].y))
    return [Line(node, _progress(node.id, done, current), when.get(node.id, "")) for node in tasks]


def draw(
    definition: Definition,
    *,
    title: str,
    description: str,
    done: Collection[str] = (),
    current: Collection[str] = (),
    marks: Mapping[str, Mark] | None = None,
) -> SafeString:
    """The diagram as an SVG element in its own size, named by `title` and described by `description`.

    `done` and `current` are ids of nodes, as `engine.done_nodes` and `engine.open_tasks` give them. The first current one can
    be linked to as `#process-now`. `marks`, by the id of a step, are written at it; say them in `description` too.
    """
    x, y, width, height = _frame(definition)
    parts = [
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="process-title process-description" '
            'viewBox="{} {} {} {}" width="{}" height="{}" font-family="{}" font-size="{}" fill="{}">'
            '<title id="process-title">{}</title><desc id="process-description">{}</desc>',
            *(_n(value) for value in (x, y, width, height, width, height)),
            mark_safe(FONT),  # noqa: S308  our own constant
            SIZE,
            INK,
            title,
            description,
        ),
        f'<defs><marker id="process-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 1 10 5 0 9z" fill="{QUIET}"/></marker></defs>',
        *_lanes(definition),
    ]
    lit = next((id for id in definition.nodes if id in current), "")
    for process in definition.processes:
        for flow in process.flows:
            parts += _flow(definition, flow)
        for node in process.nodes.values():
            parts += _node(definition, node, _progress(node.id, done, current), is_first=node.id == lit)
    for id, mark in (marks or {}).items():
        if id in definition.nodes:
            parts += _marked(definition.nodes[id], definition.drawing.boxes[id], mark)
    return mark_safe("\n".join([*parts, "</svg>"]))  # noqa: S308  every text was escaped on its way in


def _progress(id: str, done: Collection[str], current: Collection[str]) -> Progress:
    return "current" if id in current else "done" if id in done else "ahead"


def _n(value: float) -> str:
    return f"{value:g}"


def _frame(definition: Definition) -> tuple[float, float, float, float]:
    """Left, top, width and height of all that is drawn."""
    boxes = [*definition.drawing.boxes.values(), *definition.drawing.labels.values()]
    xs = [box.x for box in boxes] + [box.x + box.width for box in boxes]
    ys = [box.y for box in boxes] + [box.y + box.height for box in boxes]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    return left, top, max(xs) - left + MARGIN, max(ys) - top + MARGIN


# ── Lanes and arrows ──────────────────────────────────────────────────────


def _lanes(definition: Definition) -> Iterator[str]:
    for process in definition.processes:
        for number, lane in enumerate(process.lanes):
            box = definition.drawing.boxes.get(lane.id)
            if box:
                yield _rect(box, fill=(WHITE, PAPER)[number % 2], stroke="#d8d2c6")
                yield _sideways(lane.name, box)


def _rect(box: Box, *, fill: str, stroke: str, width: str = "1", radius: int = 0, dashed: bool = False) -> str:
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" rx="{radius}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{width}"{DASHED if dashed else ""}/>'
    )


def _sideways(text: str, box: Box) -> str:
    x, y = _n(box.x + 16), _n(box.y + box.height / 2)
    return format_html(
        '<text x="{}" y="{}" text-anchor="middle" font-weight="600" fill="{}" transform="rotate(-90 {} {})">{}</text>',
        x, y, SPRUCE, x, y, text,
    )  # fmt: skip


def _flow(definition: Definition, flow: Flow) -> Iterator[str]:
    points = definition.drawing.lines.get(flow.id)
    if not points:
        return
    way = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    yield f'<polyline points="{way}" fill="none" stroke="{QUIET}" stroke-width="1.5" marker-end="url(#process-arrow)"/>'
    label = definition.drawing.labels.get(flow.id)
    if flow.name and label:
        yield _text(flow.name, label.x + label.width / 2, label.y + label.height / 2, label.width, fill=QUIET)


# ── Nodes ─────────────────────────────────────────────────────────────────


def _node(definition: Definition, node: Node, progress: Progress, *, is_first: bool) -> Iterator[str]:
    box = definition.drawing.boxes[node.id]
    anchor = ' id="process-now"' if is_first else ""
    yield f'<g{anchor} class="process-{progress}" data-node="{escape(node.id)}">'
    if node.kind.endswith("Gateway"):
        yield from _gateway(node, box)
    elif node.kind.endswith("Event"):
        yield from _event(node, box, progress)
    else:
        yield from _task(node, box, progress, is_open=_is_open(definition, node))
    label = definition.drawing.labels.get(node.id)
    if node.name and label:
        yield _text(node.name, label.x + label.width / 2, label.y + label.height / 2, label.width + SIZE, fill=QUIET)
    yield "</g>"


def _task(node: Node, box: Box, progress: Progress, *, is_open: bool) -> Iterator[str]:
    """A box with its name in the middle; at the top when its own steps are drawn in it."""
    fill, stroke, width = _LOOK[progress]
    if progress == "current":  # a lit window throws light
        glow = Box(box.x - 6, box.y - 6, box.width + 12, box.height + 12)
        yield _rect(glow, fill="#fdf0d2", stroke=WINDOW, width="2", radius=14)
    yield _rect(box, fill=fill, stroke=stroke, width=width, radius=8, dashed=node.kind == BRANCH)
    middle = box.y + SIZE if is_open else box.y + box.height / 2
    yield _text(node.name, box.x + box.width / 2, middle, box.width - 8, weight="600" if progress == "current" else "400")
    if progress == "done":
        x, y = box.x + box.width - 10, box.y + 2
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="9" fill="{DONE}"/>'
        yield f'<path d="M{_n(x - 4)} {_n(y)}l3 3 5-6" fill="none" stroke="{WHITE}" stroke-width="2"/>'


def _marked(node: Node, box: Box, mark: Mark) -> Iterator[str]:
    """The step once more, as heavy as its mark, with the words across its upper edge."""
    fill, stroke, width = _WEIGHTS[mark.weight]
    yield f'<g class="process-mark-{mark.weight}" data-mark="{escape(node.id)}">'
    yield _rect(box, fill=fill, stroke=stroke, width=width, radius=8)
    yield _text(node.name, box.x + box.width / 2, box.y + box.height / 2 + SIZE / 2, box.width - 8)
    high = len(_lines(mark.words, box.width)) * LINE + 6
    yield _rect(Box(box.x, box.y - high / 2, box.width, high), fill=WHITE, stroke=stroke, width="1.5", radius=4)
    yield _text(mark.words, box.x + box.width / 2, box.y, box.width, weight="600")
    yield "</g>"


def _is_open(definition: Definition, node: Node) -> bool:
    """Whether steps are drawn in it: then its box is as large as they need."""
    around = definition.drawing.boxes[node.id]
    inside = next(
        (process for process in definition.processes if node.kind in ("subProcess", BRANCH) and process.id == node.id), None
    )
    boxes = [definition.drawing.boxes[id] for id in inside.nodes] if inside else []
    return any(around.x <= box.x <= around.x + around.width and around.y <= box.y <= around.y + around.height for box in boxes)


def _event(node: Node, box: Box, progress: Progress) -> Iterator[str]:
    x, y, radius = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    stroke = DONE if progress == "done" else SPRUCE
    width = 4 if node.kind == "endEvent" else 1.5
    fill = DONE_GROUND if progress == "done" else WHITE
    if node.attached_to:
        radius -= 4
    dashes = DASHED if node.event and not node.interrupts else ""
    yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"{dashes}/>'
    if node.event:  # a letter
        yield f'<path d="M{_n(x - 9)} {_n(y - 6)}h18v12h-18zl9 7 9-7" fill="none" stroke="{stroke}" stroke-width="1.5"/>'
    if node.terminates:
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius - 5)}" fill="{stroke}"/>'
    if node.span:  # a clock
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius - 3)}" fill="none" stroke="{stroke}"/>'
        yield f'<path d="M{_n(x)} {_n(y - 6)}v6l4 3" fill="none" stroke="{stroke}" stroke-width="1.5"/>'


def _gateway(node: Node, box: Box) -> Iterator[str]:
    x, y, half = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    yield (
        f'<path d="M{_n(x)} {_n(y - half)}l{_n(half)} {_n(half)} {_n(-half)} {_n(half)} {_n(-half)} {_n(-half)}z" '
        f'fill="{WHITE}" stroke="{SPRUCE}" stroke-width="1.5"/>'
    )
    mark = "M-7-7 7 7M7-7-7 7" if node.kind == "exclusiveGateway" else "M-9 0H9M0-9V9"
    yield f'<path transform="translate({_n(x)} {_n(y)})" d="{mark}" stroke="{SPRUCE}" stroke-width="2.5"/>'


def _lines(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, max(4, int(width / SIGN)), break_long_words=False) or [""]


def _text(text: str, x: float, y: float, width: float, *, fill: str = INK, weight: str = "400") -> str:
    """`text` centred on a place, broken into lines that fit `width`."""
    lines = _lines(text, width)
    top = y - (len(lines) - 1) * LINE / 2 + SIZE * 0.35
    spans = "".join(
        format_html('<tspan x="{}" y="{}">{}</tspan>', _n(x), _n(top + number * LINE), line) for number, line in enumerate(lines)
    )
    return f'<text text-anchor="middle" fill="{fill}" font-weight="{weight}">{spans}</text>'
