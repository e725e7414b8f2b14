"""Work that takes too long for an answer: an app names it here and asks for it; whoever keeps a queue takes it up.

Apps of one layer know nothing of each other. `boards` says what is to be done (`work`) and that it is wanted (`want`); `jobs` runs it
(`taken_up_by`). Where nobody has taken the work up, what is wanted stays waiting, and pages say so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeVar

from comity.register.readers import Reader
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

WAITING: Final = "waiting"
RUNNING: Final = "running"
FAILED: Final = "failed"


class Running(Protocol):
    """One run of a piece of work, as its function sees it."""

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for."""

    @property
    def reader(self) -> Reader:
        """The class of readers for which it is done."""

    @property
    def snapshot(self) -> Snapshot:
        """The record as those readers may see it when the work begins."""

    def progress(self, done: int, total: int, words: Text) -> None:
        """Tell how far the work is; raises where it should stop."""

    def interruptible(self) -> AbstractContextManager[None]:
        """Within, the work may be stopped at any instant: for long computing that keeps nothing outside itself."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that came of work which a person asked for."""

    name: str
    media_type: str
    content: bytes


Do = Callable[[Running], File | None]
Clean = Callable[[Mapping[str, Any], Snapshot], dict[str, Any]]
Title = Callable[[dict[str, Any], Snapshot], Text]
Function = TypeVar("Function", bound=Do)


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work: its name, who may ask for it, how what is asked for is checked and called, and the function that does it."""

    name: str
    label: Text
    permission: str
    do: Do
    clean: Clean
    title: Title


@dataclass(frozen=True, slots=True)
class Progress:
    """How far wanted work is, for the page that waits for it."""

    state: Literal["waiting", "running", "failed"]
    done: int = 0
    total: int = 0
    words: Text | None = None


class Queue(Protocol):
    """Whoever does the work; `same` is equal for equal work, of which one at a time is enough."""

    def want(self, name: str, reader: Reader, parameters: dict[str, Any], same: str) -> Progress:
        """See to it that this work is done soon; where it failed a moment ago, tell that instead of beginning anew."""


WORKS: dict[str, Work] = {}
_queue: list[Queue] = []
_forgets: list[Callable[[], None]] = []


def work(name: str, *, label: Text, permission: str, clean: Clean | None = None, title: Title | None = None) -> Callable[[Function], Function]:
    """Name a function as the work of that name; named when the app's modules are loaded, before anything is asked for."""

    def named(do: Function) -> Function:
        WORKS[name] = Work(name, label, permission, do, clean or (lambda given, snapshot: {}), title or (lambda parameters, snapshot: label))
        return do

    return named


def taken_up_by(queue: Queue | None) -> None:
    """Whoever does the work from now on; none to let it wait."""
    _queue[:] = [queue] if queue is not None else []


def want(name: str, reader: Reader, parameters: Mapping[str, Any]) -> Progress:
    """Ask for work for a class of readers: one at a time of equal work, whatever the state of the record; how far it is."""
    told = dict(parameters)
    if name not in WORKS:
        raise KeyError(name)
    if not _queue:
        return Progress("waiting")
    stated = json.dumps([name, repr(reader), told], sort_keys=True, ensure_ascii=False)
    return _queue[0].want(name, reader, told, hashlib.sha256(stated.encode()).hexdigest())


def keeping(forget: Callable[[], None]) -> Callable[[], None]:
    """Name what destroys everything that an app keeps beside the record and could make again: pages, figures, results."""
    if forget not in _forgets:
        _forgets.append(forget)
    return forget


def forget_all() -> None:
    """Destroy all that is kept beside the record: for a spill, and after a marking was narrowed."""
    for forget in _forgets:
        forget()
