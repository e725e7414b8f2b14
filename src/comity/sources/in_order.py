"""Work on the parts of a stream by a few threads, the results in the order of the parts, with few of them in memory at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_order(parts: Iterable[Part], work: Callable[[Part], Result], *, threads: int = 2) -> Iterator[Result]:
    """The result of `work` for each part, in order; at most `threads` parts ahead of the reader.

    An error of the parts or of the work is raised in its place, after the results that come before it.

    >>> list(in_order([1, 2, 3], lambda number: number * 2))
    [2, 4, 6]
    """
    ahead: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for part in parts:
            ahead.append(pool.submit(work, part))
            if len(ahead) >= threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
