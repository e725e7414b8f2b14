"""What does this reader's page show now? The board as last made for the reader's class, and whether a newer one is on its way.

Nothing that takes long is computed here. A board that is not of the record as it stands is wanted from the background; meanwhile the last one
is shown with what it is of. On a small register the quick boards are made while the page waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest

from comity.register.snapshot import Snapshot
from comity_desk.boards.catalogue import Board, board_named
from comity_desk.boards.making import day_of, make
from comity_desk.boards.models import BoardPage, BoardResult
from comity_desk.boards.results import Asked, Place, class_of, found, last
from comity_desk.ledger.asking import day_of as day_asked
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import background, clock
from comity_desk.lib.background import Progress
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang

SMALL = 20_000  # records up to which quick boards are made while the page waits: each of them then takes well under a second

REST, LONGEST_REST = 10, timedelta(minutes=10)


@dataclass(frozen=True)
class Shown:
    """A board as a page shows it."""

    board: Board
    asked: Asked
    day: date
    result: BoardResult | None
    page: BoardPage | None
    progress: Progress | None  # of the newer one that is being made; none where what is shown is of the record as it stands

    @property
    def fresh(self) -> bool:
        """Whether it is of the record as it stands."""
        return self.progress is None

    @property
    def etag(self) -> str | None:
        """What an ETag may be made of; none while a newer one is on its way."""
        return self.result.key if self.result is not None and self.fresh else None


def asked_in(request: HttpRequest, board: Board) -> dict[str, str]:
    """The settings that a request gives for a board, without those that change nothing."""
    asked = {name: request.GET[name].strip() for name in board.asks if request.GET.get(name, "").strip()}
    for name in ("as_of", "known_at", "since"):
        day = day_asked(request, name) if name in asked else None
        if day is not None:
            asked[name] = day.isoformat()
    for name in ("partner", "against"):
        if name in asked and asked[name] not in snapshot_of(request).actor_names:
            raise NotFound(NOTHING_HERE)
    if asked.get("as_of") == clock.today().isoformat():
        del asked["as_of"]
    return board.clean(asked) if board.clean else asked


def shown(request: HttpRequest, name: str, asked: Mapping[str, str] | None = None) -> Shown:
    """The board of that name for the request's reader."""
    board = board_named(name)
    return of_snapshot(snapshot_of(request), board, asked_in(request, board) if asked is None else asked)


def of_snapshot(snapshot: Snapshot, board: Board, asked: Asked, *, wait: bool = True) -> Shown:
    """The board for that snapshot's readers; with `wait` a quick one is made at once on a small register."""
    place, day = Place(class_of(snapshot), board.name, asked), day_of(asked)
    result = found(place.key(snapshot, day))
    if result is None and wait and board.quick and is_small(snapshot):
        result = make(snapshot, board, asked)
    if result is not None:
        return Shown(board, asked, day, result, page_of(result), None)
    former = last(place, snapshot, day)
    rests = former is not None and former.as_of == day and clock.now() - former.made_at < rest_of(former)
    progress = Progress(background.WAITING) if rests else background.want("board", snapshot.reader, {"board": board.name, "asked": dict(asked)})
    return Shown(board, asked, day, former, page_of(former) if former else None, progress)


def rest_of(result: BoardResult) -> timedelta:
    """How long a board stands before it is made anew: ten times what it took, so that edits one after the other do not keep the worker from all else."""
    return min(timedelta(seconds=REST * result.seconds), LONGEST_REST)


def page_of(result: BoardResult) -> BoardPage:
    """The result's page in the reader's language."""
    return BoardPage.objects.get(result=result, lang=lang())


def is_small(snapshot: Snapshot) -> bool:
    """Whether a register is small enough for quick boards to be made at once."""
    held: int = snapshot.remembered(("boards", "records"), lambda: sum(table.height for table in snapshot._tables.values()))
    return held <= SMALL
