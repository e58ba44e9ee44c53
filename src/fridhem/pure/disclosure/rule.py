"""What is too small to show, as data."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Rule:
    """Counts from `small[0]` to `small[1]`, both included, are never published.

    The default hides 1–4 and shows zeros: no binding Swedish threshold was found, so the limit is a choice per table.
    With `small=(0, 4)` zeros are hidden too. A reader is always taken to know the rule.
    """

    small: tuple[int, int] = (1, 4)

    def __post_init__(self) -> None:
        low, high = self.small
        if not 0 <= low <= 1 <= high:
            raise ValueError(f"small={self.small} isn't a rule: begin at 0 or 1 and end at 1 or more.")

    @property
    def floor(self) -> int:
        """What a reader of the rule knows that every hidden count is at least."""
        return self.small[0]

    def hides(self, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which counts are too small to show."""
        return (counts >= self.small[0]) & (counts <= self.small[1])

    def may_hide(self, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which counts may be hidden to guard others: zeros only where the rule hides zeros."""
        return counts >= self.floor
