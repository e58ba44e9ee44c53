"""Choose which further cells to hide, as few and as cheap as we can find, so that no small count can be computed.

1. One program moves all small counts that must move upwards (those at the floor) and those that algebra determines,
   paying for every further cell, then is weighted towards few cells.
2. Small counts that are still determined get further cells of their own.
3. What turns out not to be needed is published again, one cell at a time.
4. Counts that still are too narrow for whole numbers get room one by one (`widen`).
Nothing here is trusted: `attack` judges the result.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from fridhem.pure.disclosure.flows import MOVED, Flow, Flows, Mask
from fridhem.pure.disclosure.nullspace import fixed_with, hold, random_directions, still
from fridhem.pure.disclosure.programs import Program, Vector
from fridhem.pure.disclosure.rule import Rule

SKETCH = 24
ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Problem:
    """The true counts of all cells, their sums, and what the rule says of them; never leaves this package."""

    matrix: sp.csr_matrix
    counts: np.ndarray
    rule: Rule
    seed: int

    @property
    def small(self) -> Mask:
        return self.rule.hides(self.counts)

    @property
    def movable(self) -> Mask:
        return self.rule.may_hide(self.counts)

    @property
    def lowest(self) -> Mask:
        """Hidden counts that a reader of the rule knows can't be lower."""
        return np.asarray(self.counts == self.rule.floor)

    @property
    def price(self) -> Vector:
        """What it costs to hide a count: a large count is missed more, but not in proportion to its size."""
        return np.asarray(1 + 0.15 * np.log2(1 + self.counts), np.float64)

    @property
    def cone(self) -> Vector:
        """How far down each count can go when only the direction matters."""
        return np.where(self.lowest, 0.0, -np.inf)

    @property
    def room(self) -> Vector:
        """How far down each count can go before the rule gives it away."""
        return np.asarray((self.rule.floor - self.counts).astype(np.float64))


def choose(problem: Problem) -> Mask:
    """The cells to hide: the small ones, and those that keep them from being computed by algebra and the rule."""
    small = problem.small
    if not small.any():
        return small
    rng = np.random.default_rng(problem.seed)
    lifted = small | _moved(_solve(problem, small, small & problem.lowest, rng))
    wanted = small & (problem.lowest | _determined(problem, lifted))
    flow = _solve(problem, small, wanted, rng)
    hidden, weight = small | _moved(flow), np.abs(flow.moves)
    for _ in range(ROUNDS):
        stuck = small & _determined(problem, hidden)
        if not stuck.any():
            break
        flow = _solve(problem, hidden, stuck, rng)
        hidden, weight = hidden | _moved(flow), np.maximum(weight, np.abs(flow.moves))
    return _publish_needless(problem, hidden, weight)


def widen(problem: Problem, hidden: Mask, narrow: Mask) -> Mask:
    """`hidden` and the further cells that give every narrow count room for one more whole number.

    One count at a time, up or down, whichever is cheaper: a single move for all of them would ask for much more room.
    """
    flows = _flows(problem, hidden, narrow, problem.room)
    wider = hidden.copy()
    for i, cell in enumerate(flows.wanted):
        asked = np.arange(len(flows.wanted)) == i
        ways = [flows.solve(sign * asked, asked) for sign in (1.0, -1.0) if sign > 0 or problem.room[cell] <= sign]
        wider |= _moved(min(ways, key=lambda flow: flow.cost))
        flows.set_price(np.where(wider, 0.0, flows.price))
    return wider


def _flows(problem: Problem, hidden: Mask, wanted: Mask, lower: Vector) -> Flows:
    return Flows(problem.matrix, movable=problem.movable, free=hidden, wanted=wanted, price=problem.price, lower=lower)


def _solve(problem: Problem, hidden: Mask, wanted: Mask, rng: np.random.Generator) -> Flow:
    """The cheapest direction we find that moves all wanted cells, weighted towards few further cells."""
    flows = _flows(problem, hidden, wanted, problem.cone)
    rises = problem.lowest[flows.wanted]
    signs = np.where(rises, 1.0, rng.choice([-1.0, 1.0], len(rises)))
    flow, signs = _turn(flows, signs, ~rises, rng)
    price = flows.price
    for _ in range(3):
        flows.set_price(price / (np.abs(flow.moves) + 0.05))
        flow = flows.solve(signs)
    return flow


def _turn(flows: Flows, signs: Vector, may_turn: Mask, rng: np.random.Generator) -> tuple[Flow, Vector]:
    """Try the other direction for the wanted cells that cost most; keep what is cheaper."""
    best, best_signs = flows.solve(signs), signs
    for attempt in range(8 if may_turn.any() else 0):
        burden = best.prices * rng.random(len(signs)) * may_turn
        count = max(1, int(may_turn.sum() * (0.3 if attempt < 4 else 0.1)))
        turned = np.argsort(-burden)[:count]
        turned = turned[may_turn[turned]]
        asked = np.ones(len(signs), bool)
        asked[turned] = False
        drift = flows.solve(best_signs, asked).moves[flows.wanted][turned]
        signs = best_signs.copy()
        signs[turned] = np.where(np.abs(drift) > MOVED, np.sign(drift), -signs[turned])
        flow = flows.solve(signs)
        if flow.cost < best.cost:
            best, best_signs = flow, signs
    return best, best_signs


def _moved(flow: Flow) -> Mask:
    moved: Mask = np.abs(flow.moves) > MOVED
    return moved


def _determined(problem: Problem, hidden: Mask) -> Mask:
    """Hidden cells that plain algebra computes."""
    determined = np.zeros(len(hidden), bool)
    determined[hidden] = still(random_directions(problem.matrix, hidden, 4, problem.seed))
    return determined


def _publish_needless(problem: Problem, hidden: Mask, weight: Vector) -> Mask:
    """Publish further cells again, those that move least first, while no small count becomes determined."""
    lift = _Lift(problem, hidden)
    kept = hidden.copy()
    further = np.flatnonzero(hidden & ~problem.small)
    queue = list(further[np.lexsort((-problem.price[further], weight[further]))])
    while queue:
        _publish_some(problem, kept, queue, lift)
    return kept


def _publish_some(problem: Problem, kept: Mask, queue: list[int], lift: "_Lift") -> None:
    """Work through the queue while the sketch of directions is large enough to tell cells apart."""
    cells = np.flatnonzero(kept)
    small = problem.small[cells]
    directions = random_directions(problem.matrix, kept, SKETCH, problem.seed + len(queue))
    held = 0
    while queue and held < SKETCH - 6:
        cell = queue.pop(0)
        if not kept[cell]:
            continue
        i = int(np.searchsorted(cells, cell))
        gone = fixed_with(directions, i)
        if (gone & small).any() or not lift.holds_without(cell):
            continue
        gone[i] = True
        if directions[i].any():
            directions = hold(directions, i)
            held += 1
        directions[gone] = 0
        for other in cells[gone]:
            lift.publish(other)
        kept[cells[gone]] = False


class _Lift:
    """A direction in which every hidden count at the floor rises: without one, the rule gives some of them away."""

    def __init__(self, problem: Problem, hidden: Mask) -> None:
        self._cells = np.flatnonzero(hidden)
        moving = problem.matrix[:, self._cells]
        moving = moving[np.diff(moving.indptr) > 0]
        rises = problem.lowest[self._cells]
        rows, columns = moving.shape
        self._program = Program(
            moving,
            cost=np.zeros(columns),
            lower=np.where(rises, 1.0, -np.inf),
            upper=np.full(columns, np.inf),
            row_lower=np.zeros(rows),
            row_upper=np.zeros(rows),
        )
        answer = self._program.solve()
        self._moves = None if answer is None else answer.point

    def holds_without(self, cell: int) -> bool:
        """Whether every count at the floor can still rise when `cell` is published."""
        if self._moves is None:
            return False
        place = int(np.searchsorted(self._cells, cell))
        if abs(self._moves[place]) < MOVED:
            return True
        if not self._program.patient:  # each question would begin anew
            return False
        self._program.set_bounds(place, 0.0, 0.0)
        answer = self._program.solve()
        if answer is None:
            self._program.set_bounds(place, -np.inf, np.inf)
            return False
        self._moves = answer.point
        return True

    def publish(self, cell: int) -> None:
        self._program.set_bounds(int(np.searchsorted(self._cells, cell)), 0.0, 0.0)
