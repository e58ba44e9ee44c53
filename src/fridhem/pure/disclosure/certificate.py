"""The proof that comes with a safe table: other tables that a reader can't tell from the true one.

Each alternative agrees with every published count, with all sums and with the rule; and for every hidden cell at least two
whole numbers lie within what the alternatives span, so linear programming can't narrow it to one. They were found from the
published counts alone, so they tell a reader nothing new, and anyone can check them in milliseconds.
"""

import base64
import zlib
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
TOLERANCE = 1e-6


class NotSafe(ValueError):
    """The table would let a reader compute what should be hidden; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Published:
    """What a reader sees: the sums, which cells are hidden, the published counts (0 where hidden), the rule's floor."""

    matrix: sp.csr_matrix
    hidden: Mask
    counts: NDArray[np.int64]
    floor: int


@dataclass(frozen=True, eq=False)
class Certificate:
    """`alternatives` (tables × hidden cells, in the order of the cells): see the module."""

    alternatives: NDArray[np.float64]

    def to_text(self) -> str:
        """The alternatives as text: compressed little-endian doubles in base 64, after their number."""
        data = zlib.compress(self.alternatives.astype("<f8").tobytes(), 9)
        return f"{len(self.alternatives)}:{base64.b64encode(data).decode('ascii')}"

    @classmethod
    def from_text(cls, text: str) -> "Certificate":
        """From `to_text`; raises NotSafe when it can't be read."""
        count, _, data = text.partition(":")
        try:
            numbers = np.frombuffer(zlib.decompress(base64.b64decode(data)), "<f8")
            return cls(numbers.reshape(int(count), -1) if int(count) else np.zeros((0, 0)))
        except (ValueError, zlib.error) as error:
            raise NotSafe("The certificate can't be read.") from error


def settled(alternatives: NDArray[np.float64]) -> Mask:
    """The cells for which at least two whole numbers lie within what the alternatives span."""
    if not len(alternatives):
        return np.zeros(alternatives.shape[1], bool)
    low, high = alternatives.min(axis=0), alternatives.max(axis=0)
    return np.asarray(np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) >= 1)


def check(published: Published, certificate: Certificate) -> None:
    """Raise NotSafe unless the alternatives prove that no hidden cell can be computed."""
    tables, hidden = certificate.alternatives, published.hidden
    count = int(hidden.sum())
    if not count:
        return
    if tables.shape[1:] != (count,) or not np.isfinite(tables).all():
        raise NotSafe(f"The certificate doesn't fit the table: it should speak of {count} hidden cells.")
    if tables.size and tables.min() < published.floor - TOLERANCE:
        raise NotSafe(f"The certificate has a count below {published.floor}, which a reader of the rule knows is wrong.")
    whole = np.repeat(published.counts[None, :].astype(np.float64), len(tables), axis=0)
    whole[:, hidden] = tables
    error = np.abs(published.matrix @ whole.T)
    if error.size and (error > TOLERANCE * (1 + np.abs(whole).max())).any():
        raise NotSafe("The certificate has a table that doesn't add up to what is published.")
    narrow = int((~settled(tables)).sum())
    if narrow:
        raise NotSafe(f"{narrow} of {count} hidden cells can be computed, as far as the certificate shows.")
