"""Which hidden counts plain algebra can compute: random directions in which the published ones stand still."""

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as linalg
from numpy.typing import NDArray

STILL = 1e-6
PARALLEL = 1e-9


def random_directions(matrix: sp.csr_matrix, hidden: NDArray[np.bool_], count: int, seed: int) -> NDArray[np.float64]:
    """`count` random directions (hidden cells × count) that keep every sum; a cell that never moves is determined.

    Projection onto the null space of the relations: z - Aᵀ(AAᵀ)⁻¹Az, twice for the sake of rounding; the small ridge
    makes up for relations that repeat one another.
    """
    rows = matrix[:, np.flatnonzero(hidden)]
    rows = rows[np.diff(rows.indptr) > 0].astype(np.float64)
    directions = np.random.default_rng(seed).standard_normal((rows.shape[1], count))
    if not rows.shape[0]:
        return directions
    ridge = (rows @ rows.T + 1e-9 * sp.identity(rows.shape[0])).tocsc()
    factors = linalg.splu(ridge, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    for _ in range(2):
        directions -= rows.T @ factors.solve(rows @ directions)
    return directions


def still(directions: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The cells that don't move in any direction."""
    return np.asarray((directions**2).sum(axis=1) < STILL**2 * directions.shape[1])


def fixed_with(directions: NDArray[np.float64], cell: int) -> NDArray[np.bool_]:
    """The cells that can be computed as soon as `cell` is known: those that move in proportion to it."""
    own = directions[cell]
    lengths = (directions**2).sum(axis=1)
    together = (directions @ own) ** 2 > (1 - PARALLEL) * lengths * (own @ own)
    together[cell] = False
    return np.asarray(together & (lengths > 0))


def hold(directions: NDArray[np.float64], cell: int) -> NDArray[np.float64]:
    """The directions in which `cell` stands still too; one fewer of them is left to tell cells apart."""
    own = directions[cell]
    held = directions - np.outer(directions @ own / (own @ own), own)
    held[cell] = 0
    return np.asarray(held)
