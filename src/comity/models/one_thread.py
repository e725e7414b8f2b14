"""Models on one thread of the linear algebra: their matrices are small, and more threads only wait for each other.

On two cores the track record took 60 seconds with two threads and 22 with one. The command line sets this for its whole process; here it is set for a call,
so that a notebook is as fast and its own threads come back afterwards.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The function, run with one thread of the linear algebra."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return run
