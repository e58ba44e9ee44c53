"""Linear programs, as HiGHS solves them: kept between calls so that each starts from the last answer."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Vector = NDArray[np.float64]
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
# Simplex iterations per row after which the interior point method takes over: sparse tables of many dimensions are so
# degenerate that the simplex method may stand still for minutes.
PATIENCE = 1.6


@dataclass(frozen=True, eq=False)
class Answer:
    """The best point, its cost, and for each row what a unit of it costs."""

    point: Vector
    cost: float
    prices: Vector


class Program:
    """Minimise cost · x where matrix · x and x keep within bounds.

    `whole` asks for whole numbers; `corner` for an extreme answer, which more often is whole, even if it takes longer.
    `patient` is true as long as each answer starts from the last one.
    """

    def __init__(
        self,
        matrix: sp.spmatrix,
        *,
        cost: Vector,
        lower: Vector,
        upper: Vector,
        row_lower: Vector,
        row_upper: Vector,
        strategy: int = DUAL_SIMPLEX,
        whole: bool = False,
        presolve: bool = True,
        corner: bool = False,
    ) -> None:
        columns = sp.csc_matrix(matrix)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_, model.row_upper_ = row_lower, row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data.astype(np.float64)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * columns.shape[1]
        self._highs = highspy.Highs()
        self._columns = np.arange(columns.shape[1], dtype=np.int32)
        options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1}
        if not whole:
            options |= {"solver": "simplex", "simplex_strategy": strategy, "presolve": "on" if presolve else "off"}
            options |= {"simplex_iteration_limit": int(500 + PATIENCE * columns.shape[0])}
        self._corner = corner
        self.patient = True
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(model)

    def set_costs(self, cost: Vector) -> None:
        self._highs.changeColsCost(len(self._columns), self._columns, cost)

    def set_bounds(self, column: int, lower: float, upper: float) -> None:
        self._highs.changeColBounds(int(column), lower, upper)

    def set_row_bounds(self, first: int, lower: Vector, upper: Vector) -> None:
        rows = np.arange(first, first + len(lower), dtype=np.int32)
        self._highs.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]

    def solve(self) -> Answer | None:
        """The best answer, or None when there is none (or the solver can't find it)."""
        self._highs.run()
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            self._start_from_inside()
            self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._highs.getSolution()
        cost = self._highs.getInfo().objective_function_value
        return Answer(np.array(solution.col_value), cost, np.array(solution.row_dual))

    def _start_from_inside(self) -> None:
        """From now on by the interior point method, which begins anew each time."""
        self.patient = False
        crossover = "on" if self._corner else "off"
        for name, value in {"solver": "ipm", "run_crossover": crossover, "presolve": "on"}.items():
            self._highs.setOptionValue(name, value)
