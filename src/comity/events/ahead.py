"""Reading one step ahead: while the store writes a batch, the reader already makes the next one in a thread of its own.

Both spend their time in compiled code that lets other threads run, so that a second core is used. The order stays; an error of the reader is
raised where its batch would have come; nothing more is read once the taker has stopped.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_END = object()


def ahead(made: Iterator[T]) -> Generator[T]:
    """The same things in the same order, made one ahead in another thread.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    waiting: queue.Queue[Any] = queue.Queue(maxsize=1)
    stopped = threading.Event()
    failed: list[BaseException] = []
    maker = threading.Thread(target=_make, args=(made, waiting, stopped, failed), name="comity-reader", daemon=True)
    maker.start()
    try:
        while (thing := waiting.get()) is not _END:
            yield thing
        if failed:
            raise failed[0]
    finally:
        stopped.set()
        with suppress(queue.Empty):
            waiting.get_nowait()  # lets a maker that waits for room see that it is to stop
        maker.join()


def _make(made: Iterator[T], waiting: queue.Queue[Any], stopped: threading.Event, failed: list[BaseException]) -> None:
    try:
        for thing in made:
            waiting.put(thing)
            if stopped.is_set():
                return
    except BaseException as error:  # handed to the taker, whatever it is
        failed.append(error)
    waiting.put(_END)
