"""A dimension of a table: its codes, how they nest, and what they are called."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

TOTAL = "Total"


@dataclass(frozen=True)
class Dimension:
    """A tree of codes with the total first and every parent before its children.

    `parents[i]` is the index of the parent of `codes[i]`; the total has -1. `variable` names the column of the facts;
    `groups` says which leaf each value of that column belongs to, when they aren't the same (areas → police district).
    Dimensions with the same variable are known to be about the same thing, so linked tables can be protected together.
    `titles` and `labels` are texts by language ("sv", "en"); a code without a label is shown as it is.
    """

    name: str
    codes: tuple[str, ...]
    parents: tuple[int, ...]
    variable: str = ""
    groups: Mapping[str, str] | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variable", self.variable or self.name)
        if len(set(self.codes)) != len(self.codes):
            twice = sorted({c for c in self.codes if self.codes.count(c) > 1})
            raise ValueError(f"The dimension {self.name!r} has the code {twice[0]!r} twice: give each code one place.")
        if len(self.codes) < 2 or len(self.parents) != len(self.codes) or self.parents[0] != -1:
            raise ValueError(f"The dimension {self.name!r} needs a total first and at least one code under it.")
        if any(not 0 <= parent < i for i, parent in enumerate(self.parents) if i):
            raise ValueError(f"The dimension {self.name!r} isn't a tree: put every parent before its children.")
        unknown = set((self.groups or {}).values()) - {self.codes[i] for i in self.leaves}
        if unknown:
            raise ValueError(f"The dimension {self.name!r} groups into {sorted(unknown)[0]!r}, which isn't a leaf of it.")

    @classmethod
    def flat(cls, name: str, codes: Iterable[str], **texts: Any) -> Self:
        """Codes directly under the total."""
        codes = tuple(codes)
        return cls(name, (TOTAL, *codes), (-1, *[0] * len(codes)), **texts)

    @classmethod
    def tree(cls, name: str, branches: Mapping[str, Sequence[str]], **texts: Any) -> Self:
        """Two levels under the total: {"D01": ["A001", "A002"], …}."""
        codes, parents = [TOTAL], [-1]
        for branch, leaves in branches.items():
            parents += [0, *[len(codes)] * len(leaves)]
            codes += [branch, *leaves]
        return cls(name, tuple(codes), tuple(parents), **texts)

    @classmethod
    def from_levels(cls, name: str, text: str, **texts: Any) -> Self:
        """From CSV text with the columns `levels` ("@" for the total, "@@" under it, …) and `codes`, parents first."""
        codes: list[str] = []
        parents: list[int] = []
        stack: list[int] = []
        for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
            depth = len(row.get("levels") or "") - 1
            if not 0 <= depth <= len(stack) or (depth == 0 and codes):
                raise ValueError(f"Row {number} of the hierarchy {name!r} has no parent: put it one level under a code above it.")
            stack = stack[:depth]
            parents.append(stack[-1] if stack else -1)
            stack.append(len(codes))
            codes.append(row["codes"])
        return cls(name, tuple(codes), tuple(parents), **texts)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The indices of the children of each code."""
        found: list[list[int]] = [[] for _ in self.codes]
        for i, parent in enumerate(self.parents):
            if parent >= 0:
                found[parent].append(i)
        return tuple(map(tuple, found))

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """The indices of the codes that nothing lies under."""
        return tuple(i for i, below in enumerate(self.children) if not below)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The index of each code."""
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def leaf_of(self) -> Mapping[str, int]:
        """The index of the leaf that each value of the variable is counted on."""
        if self.groups is not None:
            return {value: self.position[leaf] for value, leaf in self.groups.items()}
        return {self.codes[i]: i for i in self.leaves}

    @cached_property
    def members(self) -> tuple[frozenset[str], ...]:
        """The values of the variable that each code counts; the total counts every one."""
        found: list[set[str]] = [set() for _ in self.codes]
        for value, i in self.leaf_of.items():
            while i >= 0:
                found[i].add(value)
                i = self.parents[i]
        return tuple(map(frozenset, found))

    def index(self, code: str) -> int:
        """The place of a code; raises ValueError when the dimension has no such code."""
        if code not in self.position:
            raise ValueError(f"The dimension {self.name!r} has no code {code!r}.")
        return self.position[code]

    def title(self, language: str = "sv") -> str:
        return self.titles.get(language, self.name)

    def label(self, code: str, language: str = "sv") -> str:
        return self.labels.get(code, {}).get(language, code)
