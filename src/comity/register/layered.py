"""A mapping after a few changes, without a copy of it: the changes lie over the former one until they are many."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")
Values = TypeVar("Values", bound=Sequence[object])
MANY = 1_000  # changes from which one copy costs less than what lies over it


def layered(former: Mapping[Key, Values], changes: Mapping[Key, Values]) -> Mapping[Key, Values]:
    """`former` with `changes` over it; an empty value there stands for nothing, so ask with `get`.

    >>> now = layered({"a": [1], "b": [2]}, {"b": [], "c": [3]})
    >>> now.get("a"), now.get("b"), now.get("c")
    ([1], [], [3])
    """
    above, below = (former.maps[0], former.maps[1]) if isinstance(former, ChainMap) else ({}, former)
    together = {**above, **changes}
    if len(together) <= MANY:
        return ChainMap(together, below)  # type: ignore[arg-type]  # what lies below is only read
    return {key: value for key, value in {**below, **together}.items() if value}
