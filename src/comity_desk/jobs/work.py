"""What can be done in the background, and what the work is handed.

A kind of work is a function with the decorator `@job`; apps name theirs in a module that their `AppConfig.ready` imports. The function is
given a `Running`: parameters, the reader's snapshot, and `progress`, by which it tells how far it is and learns that it should stop.

>>> @job("count", label=Text("Count", "집계"), permission="job.run")     # doctest: +SKIP
... def count(running):
...     running.progress(0, 1, Text("Counting", "세는 중"))
...     return Output("count.txt", "text/plain", str(running.snapshot.agreements.height).encode())
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.register.readers import Reader
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.jobs.models import Job
from comity_desk.jobs.readers import read_class
from comity_desk.lib import background, clock
from comity_desk.lib.errors import NotFound

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

TELL_EVERY = 1.0  # seconds between two writes of progress


@dataclass(frozen=True, slots=True)
class Output:
    """A file that came of a job: its content, or a path whose file is moved away."""

    name: str
    media_type: str
    content: bytes | Path


class Stop(BaseException):
    """The work stops here; no fault of the work, so that no `except Exception` keeps it from stopping."""


class Cancelled(Stop):
    """The owner asked for it."""


class PutBack(Stop):
    """The worker is ending: the job goes back into the queue as if it had not begun."""


class Lost(Stop):
    """Another worker has taken the job over."""


@dataclass
class Running:
    """One run of a job, as its work sees it."""

    job: Job
    stop: type[Stop] | None = None  # why to stop at the next occasion
    open: bool = False  # may be stopped at any instant
    untold: dict[str, Any] = field(default_factory=dict)  # words of progress that came too soon after others; the next sign of life tells them
    _told_at: float = field(default=-TELL_EVERY)

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for, as cleaned when it was asked."""
        return dict(self.job.parameters)

    @property
    def owner(self) -> User | None:
        """Who asked; None for the desk's own work."""
        return self.job.owner

    @cached_property
    def reader(self) -> Reader:
        """The class of readers that the job is made for."""
        return read_class(self.job.reader)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The record as those readers may see it when the work begins."""
        from comity_desk.ledger.snapshots import snapshot_for

        return snapshot_for(self.reader)

    def progress(self, done: int, total: int, words: Text) -> None:
        """Tell how far the work is; raises where it should stop."""
        if self.stop is not None:
            raise self.stop
        self.untold = {"done": done, "total": total, "words_en": words.en, "words_ko": words.ko}
        if time.monotonic() - self._told_at >= TELL_EVERY:
            self.look()
        if self.stop is not None:
            raise self.stop

    def look(self) -> None:
        """Write a sign of life, with words of progress not told yet, and learn whether to stop."""
        self._told_at, told, self.untold = time.monotonic(), self.untold, {}
        mine = Job.objects.run_of(self.job)
        if not mine.update(beat_at=clock.now(), **told):
            self.stop = Lost
        elif mine.filter(cancel_asked=True).exists():
            self.stop = Cancelled

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, the work may be stopped at any instant: for long computing that keeps nothing outside itself."""
        if self.stop is not None:
            raise self.stop
        self.open = True
        try:
            yield
        finally:
            self.open = False


Work = Callable[[Running], Output | None]
Clean = Callable[[Mapping[str, Any], Snapshot], dict[str, Any]]
Title = Callable[[dict[str, Any], Snapshot], Text]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name, who may ask for it, how what is asked for is checked and called, and the work itself."""

    name: str
    label: Text
    permission: str
    work: Work
    clean: Clean
    title: Title


KINDS: dict[str, Kind] = {}


def job(name: str, *, label: Text, permission: str, clean: Clean | None = None, title: Title | None = None) -> Callable[[Work], Work]:
    """Register a function as the work of a kind.

    `clean(given, snapshot)` gives the parameters to keep, or raises `Refused`; by default nothing may be given. `title(parameters, snapshot)`
    names the job for its owner; by default it is called like its kind.
    """

    def register(work: Work) -> Work:
        KINDS[name] = Kind(name, label, permission, work, clean or (lambda given, snapshot: {}), title or (lambda parameters, snapshot: label))
        return work

    return register


def kind_named(name: str) -> Kind:
    """The kind of that name, of this app or of one that names its work in `comity_desk.lib.background`."""
    if name not in KINDS and name in background.WORKS:
        from comity_desk.jobs.offered import adopt

        adopt(background.WORKS[name])
    if name not in KINDS:
        raise NotFound(_NO_KIND)
    return KINDS[name]


_NO_KIND = Text("There is no such kind of work.", "그런 종류의 작업이 없습니다.")
