"""A stratified sample without replacement that can be drawn again: each stratum gets one, the rest goes by size."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

One = TypeVar("One")


def shared_out(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many to draw of each stratum: one at least while they suffice, the rest by size with the largest remainders.

    Never more than there are, in a stratum or in all. Raises ValueError when fewer than none are wanted.
    """
    if wanted < 0:
        raise ValueError("A sample can't be smaller than none.")
    there = {name: n for name, n in sizes.items() if n}
    wanted = min(wanted, sum(there.values()))
    least = 1 if wanted >= len(there) else 0
    beyond = {name: n - least for name, n in there.items()}
    left, whole = wanted - least * len(there), sum(beyond.values()) or 1
    given = {name: least + left * n // whole for name, n in beyond.items()}
    by_remainder = sorted(beyond, key=lambda name: (-(left * beyond[name] % whole), name))
    for name in by_remainder[: wanted - sum(given.values())]:
        given[name] += 1
    return {name: given.get(name, 0) for name in sizes}


def draw(strata: Mapping[str, Sequence[One]], wanted: int, *, seed: int) -> dict[str, list[One]]:
    """The sample of each stratum. The same strata in the same order, number and seed draw the same."""
    chance = random.Random(seed)  # noqa: S311  to be drawn again by whoever checks, not to be secret
    given = shared_out({name: len(ones) for name, ones in strata.items()}, wanted)
    return {name: chance.sample(strata[name], given[name]) for name in sorted(strata)}
