"""A core process as a page of the handbook: its drawing, and for each step who does it, by when, why and how. In Swedish."""

from fridhem.foundation.processes import diagram
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.rooms.processes import catalogue, rules


def drawing(definition: Definition) -> str:
    """The process as an SVG file, with nothing lit."""
    description = f"Kärnprocessen {definition.name}, version {definition.version}. Stegen beskrivs i ord på sidan."
    return str(diagram.draw(definition, title=definition.name, description=description))


def page(definition: Definition, *, drawing: str) -> str:
    """The page as Markdown; `drawing` is the name of the SVG file beside it."""
    lines = [
        f"# {definition.name}",
        "",
        f"Version {definition.version}. Sidan är gjord av processfilen `{definition.key}.bpmn`; ändra filen, inte sidan.",
        "",
        definition.documentation,
        "",
        f"![{definition.name}: processen som bild]({drawing})",
        "",
        "| Steg | Vem | Senast | Varför |",
        "|---|---|---|---|",
    ]
    outline = diagram.outline(definition)
    steps = [line.node for line in outline]
    lines += [f"| {node.name} | {node.lane} | {_limit(definition, node)} | {_ground(node)} |" for node in steps]
    for line in outline:
        begins = ["", f"Steget börjar när detta händer: {line.when}. Allt annat i ärendet fortsätter."] if line.when else []
        lines += ["", f"## {line.node.name}", "", line.node.documentation, *begins]
    return "\n".join(lines) + "\n"


def _limit(definition: Definition, node: Node) -> str:
    laws = "; ".join(catalogue.limits().newest(code).law() for code in rules.limits_of(definition, node))
    return ": ".join(part for part in (rules.time_limit(definition, node), laws) if part) or "–"


def _ground(node: Node) -> str:
    code = node.properties.get("ground", "")
    return catalogue.grounds().label_of(code) if code else "–"
