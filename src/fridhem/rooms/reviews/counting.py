"""From answers to figures that betray nobody."""

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_rows
from fridhem.pure.disclosure.certificate import NotSafe
from fridhem.pure.disclosure.protect import protect
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.reviews import rules
from fridhem.rooms.reviews.catalogue import Routine
from fridhem.rooms.reviews.enums import Verdict
from fridhem.rooms.reviews.queries import Counts


def protected(routine: Routine, counts: Counts, *, cases: int) -> SafeTable | None:
    """Question × answer of so many reviewed cases, protected; None when they are too few or no table is safe."""
    if cases < rules.LEAST:
        return None
    dimensions = (Dimension.flat("question", routine.names), Dimension.flat("answer", Verdict.values))
    rows = [{"question": name, "answer": answer, "n": n} for name, found in counts.items() for answer, n in found.items()]
    try:
        return protect(count_rows(rows, dimensions, weight="n"))
    except NotSafe:
        return None
