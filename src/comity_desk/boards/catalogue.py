"""Which boards are there? Those of the library, one section of the brief each or several, and those that only the desk has.

A board says what its document is made of, which results it needs first (told as progress), and whether a small register lets it be made while
the page waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from comity.report.context import Context
from comity.report.document import Document
from comity.vocab.text import Text
from comity_desk.lib.errors import NOTHING_HERE, NotFound

Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Board:
    """A board: its name in addresses, its title, how its document is made, and what that needs."""

    name: str
    title: Text
    document: Callable[[Context, Asked], Document]
    needs: tuple[str, ...] = ()
    quick: bool = False  # made while the page waits where the register is small
    asks: tuple[str, ...] = ("as_of", "known_at")  # settings that its address takes
    data: Callable[[Context, Asked], dict[str, object]] | None = None
    order: int = 100
    in_menu: bool = True
    clean: Callable[[dict[str, str]], dict[str, str]] | None = None  # the settings as they are kept, or a refusal
    requires: tuple[str, ...] = ()  # settings without which it says nothing
    address: str = ""  # the name of its own page, if it has one
    reads: tuple[str, ...] = ()  # kinds of records that it mostly rests on
    lead: Text | None = None  # one sentence on what it answers


def board_named(name: str) -> Board:
    """The board of that name."""
    found = boards().get(name)
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


@cache
def boards() -> dict[str, Board]:
    """Every board by name, in the order of the menu."""
    from comity_desk.boards import library, mapping, weighing

    every = [*library.BOARDS, *mapping.BOARDS, *weighing.BOARDS]
    return {board.name: board for board in sorted(every, key=lambda one: (one.order, one.name))}
