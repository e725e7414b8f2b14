"""Following a publisher who adds a file every quarter of an hour: fetch what is new, fill what is missing, remember what could not be had.

The store itself says what is there already, so that nothing is fetched twice and a follower can be stopped at any time. Files that the list
names and the publisher does not have, or whose sum is wrong, are gaps: they are kept in `following.json` with the reason and tried again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from comity.events.fetching import MASTER, NEWEST, Listed, Place, Trouble, fetch, listed
from comity.events.loading import FormOf, LoadSummary, Told, load
from comity.events.store import Store, failures_named
from comity.vocab.errors import ComityError, PublisherUnreachable, StoreLocked
from comity.vocab.text import Text

STATE_FILE = "following.json"
INCOMING = "incoming"
QUARTER = timedelta(minutes=15)
LATEST_RETRY = timedelta(days=1)
AT_ONCE = 96  # files fetched before they are loaded: a day of them
CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A published file that could not be had: why, how often and when last it was tried (UTC)."""

    wanted: Listed
    reason: Trouble
    tries: int
    tried_at: datetime

    def due(self, now: datetime) -> bool:
        """Whether it is to be tried again: after a quarter of an hour, then twice as long each time, at most a day."""
        pause: timedelta = min(QUARTER * 2 ** min(self.tries - 1, 10), LATEST_RETRY)
        return now >= self.tried_at + pause


@dataclass
class State:
    """What a follower remembers beside the ledger.

    From when on it follows, whether the last round came to its end (else the whole list is read again), its gaps, and how many quarters of an
    hour the list itself leaves out.
    """

    since: datetime | None = None
    complete: bool = False
    gaps: dict[str, Gap] = field(default_factory=dict)
    unlisted: int | None = None


@dataclass(frozen=True)
class FollowSummary:
    """What following did: files and rows loaded, the gaps left, quarters of an hour that the list does not name, the newest file loaded."""

    files: int
    rows: int
    quarantined: int
    duplicates: int
    gaps: list[Gap]
    unlisted: int | None
    newest: datetime | None


@dataclass
class Follower:
    """One who follows: `place` publishes, `tell` hears what happens, `wait` passes the time; `now` is the clock (UTC)."""

    store: Store
    place: Place
    source_of: FormOf
    tell: Callable[[Text], None] = lambda text: None
    progress: Told | None = None
    wait: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("files", "rows", "quarantined", "duplicates"), 0))

    def catch_up(self, since: datetime | None = None) -> FollowSummary:
        """Fetch and load all that is published from `since` on and not in the store.

        Without `since`: from where it followed before, else from the newest file. Raises `PublisherUnreachable`, `DiskFull`, `StoreLocked`.
        """
        state = read_state(self.store)
        if since is not None and since != state.since:
            state.since, state.complete = since, False
        self.store.reload()
        wanted = self._wanted(state)
        state.complete = False
        write_state(self.store, state)
        for start in range(0, len(wanted), AT_ONCE):
            self._take(wanted[start : start + AT_ONCE], state)
        state.complete = True
        write_state(self.store, state)
        return self._summary(state)

    def follow(self, since: datetime | None = None) -> None:
        """Catch up, then wait for the next file, for ever; a broken network is told and waited for."""
        broken = 0
        while True:
            try:
                summary = self.catch_up(since)
                since, broken = None, 0
                next_at = (summary.newest or self.now()) + QUARTER + timedelta(minutes=1)
                pause = max(30.0, min((next_at - self.now()).total_seconds(), QUARTER.total_seconds()))
            except (PublisherUnreachable, StoreLocked) as error:
                self.tell(error.text)
                broken += 1
                pause = min(60.0 * 2**broken, QUARTER.total_seconds())
            self.wait(pause)

    def _wanted(self, state: State) -> list[Listed]:
        """What is to be fetched now: new files of the list and gaps whose time has come."""
        have = {entry.name for entry in self.store.ledger.files}
        newest = self._newest()
        if state.since is None:
            state.since = newest[-1].at if newest else None
        loaded = max((stamp for name in have if (stamp := stamp_of(name)) is not None), default=None)
        up_to = state.since if loaded is None else loaded + QUARTER if state.complete else None
        found = newest
        if newest and (up_to is None or newest[-1].at > up_to):  # something may lie between what was loaded last and the newest file
            found = self._all_since(state) or newest
        new = [one for one in found if one.name not in have and one.name not in state.gaps and state.since and one.at >= state.since]
        now = self.now()
        due = [gap.wanted for name, gap in state.gaps.items() if name not in have and gap.due(now)]
        return sorted({one.name: one for one in [*due, *new]}.values(), key=lambda one: one.at)

    def _newest(self) -> list[Listed]:
        try:
            return listed(self.place, NEWEST, wait=self.wait)
        except FileNotFoundError:
            return listed(self.place, MASTER, wait=self.wait)[-1:]

    def _all_since(self, state: State) -> list[Listed]:
        try:
            found = listed(self.place, MASTER, state.since, wait=self.wait)
        except FileNotFoundError:
            return []
        if found and state.since:
            slots = int((found[-1].at - found[0].at) / QUARTER) + 1
            state.unlisted = slots - len({one.at for one in found})
        return found

    def _take(self, wanted: Sequence[Listed], state: State) -> None:
        """Fetch some files, load those that are whole, remember the others."""
        folder = self.store.path / INCOMING
        with failures_named(self.store.path):
            folder.mkdir(exist_ok=True)
            for stray in folder.iterdir():  # of a follower that was killed between loading and removing
                if stray.name in {entry.name for entry in self.store.ledger.files}:
                    stray.unlink()
        outcomes, broken = self._fetched(wanted, folder)
        for one, outcome in outcomes:
            if not isinstance(outcome, Path):
                self._gap(one, outcome, state)
        paths = [outcome for _, outcome in outcomes if isinstance(outcome, Path)]
        summary = load(self.store, paths, source_of=self.source_of, told=self.progress) if paths else LoadSummary()
        by_name = {one.name: one for one, _ in outcomes}
        for path, error in summary.failed:
            self.tell(error.text)
            self._gap(by_name[path.name], "damaged", state)
        for entry in [*summary.loaded, *(entry for _, entry in summary.known)]:
            state.gaps.pop(entry.name, None)
        self.counts["files"] += len(summary.loaded)
        for name in ("rows", "quarantined", "duplicates"):
            self.counts[name] += summary.totals[name]
        for path in paths:
            path.unlink(missing_ok=True)
        write_state(self.store, state)
        if broken is not None:
            raise broken

    def _fetched(self, wanted: Sequence[Listed], folder: Path) -> tuple[list[tuple[Listed, Path | Trouble]], ComityError | None]:
        """What came of each file, and the error that ended the fetching, if one did."""
        outcomes: list[tuple[Listed, Path | Trouble]] = []
        broken: ComityError | None = None
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            coming = [(one, pool.submit(fetch, self.place, one, folder, wait=self.wait)) for one in wanted]
            for one, future in coming:
                try:
                    if broken is None or (future.done() and not future.cancelled()):
                        outcomes.append((one, future.result()))
                except ComityError as error:
                    broken = broken or error
                    pool.shutdown(wait=False, cancel_futures=True)
        return outcomes, broken

    def _gap(self, one: Listed, reason: Trouble, state: State) -> None:
        before = state.gaps.get(one.name)
        state.gaps[one.name] = Gap(one, reason, before.tries + 1 if before else 1, self.now())
        self.tell(_GAP.format(name=one.name, reason=REASONS[reason]))

    def _summary(self, state: State) -> FollowSummary:
        stamps = [stamp for entry in self.store.ledger.files if (stamp := stamp_of(entry.name)) is not None]
        gaps = sorted(state.gaps.values(), key=lambda gap: gap.wanted.at)
        return FollowSummary(**self.counts, gaps=gaps, unlisted=state.unlisted, newest=max(stamps, default=None))


def stamp_of(name: str) -> datetime | None:
    """The quarter of an hour in the name of a published file."""
    digits = name.partition(".export.")[0]
    if len(digits) != 14 or not digits.isdecimal():
        return None
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def read_state(store: Store) -> State:
    """What a follower of this store remembers; a file that cannot be read is forgotten, for the list tells all of it again."""
    try:
        held = json.loads((store.path / STATE_FILE).read_text(encoding="utf-8"))
        gaps = [_gap_from(one) for one in held["gaps"]]
        since = datetime.fromisoformat(held["since"]) if held["since"] else None
        return State(since, bool(held["complete"]), {gap.wanted.name: gap for gap in gaps}, held["unlisted"])
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def write_state(store: Store, state: State) -> None:
    """Keep what is remembered; atomic."""
    gaps = [
        {
            "name": gap.wanted.name,
            "size": gap.wanted.size,
            "md5": gap.wanted.md5,
            "reason": gap.reason,
            "tries": gap.tries,
            "tried_at": gap.tried_at.isoformat(),
        }
        for gap in state.gaps.values()
    ]
    told = {"since": state.since.isoformat() if state.since else None, "complete": state.complete, "unlisted": state.unlisted, "gaps": gaps}
    with failures_named(store.path):
        beside = store.path / f".{STATE_FILE}.{os.getpid()}"
        beside.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        beside.replace(store.path / STATE_FILE)


def _gap_from(told: dict[str, Any]) -> Gap:
    at = stamp_of(told["name"])
    if at is None:
        raise ValueError(told["name"])
    return Gap(Listed(told["name"], at, told["size"], told["md5"]), told["reason"], told["tries"], datetime.fromisoformat(told["tried_at"]))


REASONS: dict[Trouble, Text] = {
    "missing": Text("the publisher does not have it", "발행 기관에 파일이 없음"),
    "size": Text("its size is not the one listed", "목록의 크기와 다름"),
    "md5": Text("its MD5 sum is not the one listed", "목록의 MD5 값과 다름"),
    "damaged": Text("it cannot be read to its end", "끝까지 읽을 수 없음"),
}
_GAP = Text("{name} is missing: {reason}. It will be tried again.", "{name} 누락: {reason}. 나중에 다시 시도합니다.")
