"""Somebody changed a record while another typed: which values go together, and between which must a person choose?

Three states of each cell are compared: as it stood when the person began (base), as it stands for that person now (theirs), as the person
typed it (mine). Only where theirs and mine both differ from the base, and from each other, is there anything to choose.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity_desk.records.proposals.content import Cells


@dataclass(frozen=True, slots=True)
class Clash:
    """One cell that two people changed."""

    field: str
    base: str | None
    theirs: str | None
    mine: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The cells as they go together: what the person typed, with what others changed where the person did not."""

    cells: dict[str, str | None]
    clashes: tuple[Clash, ...]
    taken: tuple[str, ...]  # fields whose new value comes from others


def merged(base: Cells, theirs: Cells, mine: Cells) -> Merged:
    """Compare three states of the same cells.

    >>> merged({"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "1", "b": "3"})
    Merged(cells={'a': '2', 'b': '3'}, clashes=(Clash(field='b', base='1', theirs='2', mine='3'),), taken=('a',))
    """
    cells, clashes, taken = dict(mine), [], []
    for name, typed in mine.items():
        before, now = base.get(name), theirs.get(name)
        if now == before or typed == now or name not in base:
            continue
        if typed == before:
            cells[name] = now
            taken.append(name)
        else:
            clashes.append(Clash(name, before, now, typed))
    return Merged(cells, tuple(clashes), tuple(taken))
