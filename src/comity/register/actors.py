"""Which actor a code of another system means on a day, and who belonged to an organisation then.

Codes are used again: 255 of the Correlates of War is Prussia, Germany to 1945 and Germany since 1990, while 260 and 265 are the two
states between; so every question carries its day. The answers come from the register's actor codes and memberships alone, by their
spans; a code or a seat whose days do not decide is refused or left out, never guessed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from comity.vocab.date_columns import holds_certainly, holds_possibly
from comity.vocab.errors import UnknownActor
from comity.vocab.kinds import code_label, code_of
from comity.vocab.text import Text

if TYPE_CHECKING:
    from comity.register.snapshot import Snapshot


def actor_with_code(snapshot: Snapshot, system: str, code: str, *, on: date) -> str:
    """The actor that carries `code` in `system` (`cow`, `gw`, `iso3` …) on a day; `UnknownActor` when it is none or cannot be told.

    Codes without a first day (ISO 3166) hold on every day up to their last. Where the dates of two actors leave it open which of
    them carries the code, the one that certainly does is taken.

    >>> import comity
    >>> world = comity.load("world").snapshot()
    >>> [actor_with_code(world, "cow", "255", on=date(year, 1, 1)) for year in (1850, 1914, 2000)]
    ['PRUSSIA', 'DEU', 'DEU']
    >>> actor_with_code(world, "cow", "260", on=date(1989, 11, 9)), actor_with_code(world, "cow", "265", on=date(1989, 11, 9))
    ('DEU', 'DDR')
    """
    rows = snapshot.frame("actor_code").filter(pl.col("system") == code_of("code_system", system).value, pl.col("code") == code)
    return _only(rows, "actor", on, _NO_ACTOR.format(system=Text(*(code_label("code_system", system, lang) for lang in ("en", "ko"))), code=repr(code), on=on))


def code_of_actor(snapshot: Snapshot, actor: str, system: str, *, on: date) -> str:
    """The code of an actor in `system` on a day; `UnknownActor` when the actor is unknown or carries none then.

    >>> import comity
    >>> code_of_actor(comity.load("world").snapshot(), "KOR", "cow", on=date(2026, 1, 1))
    '732'
    """
    rows = snapshot.frame("actor_code").filter(pl.col("system") == code_of("code_system", system).value, pl.col("actor") == actor)
    return _only(rows, "code", on, _NO_CODE.format(system=Text(*(code_label("code_system", system, lang) for lang in ("en", "ko"))), actor=repr(actor), on=on))


def members(snapshot: Snapshot, organisation: str, *, on: date, role: str = "member") -> list[str]:
    """Codes of those who certainly belonged to an organisation in that role on a day, in alphabetical order.

    A seat whose first day is unknown is evidence of no day; one known to the year counts from the end of that year. `UnknownActor`
    when the register does not hold the organisation.

    >>> import comity
    >>> members(comity.load("world").snapshot(), "ASEAN", on=date(1967, 8, 8))
    ['IDN', 'MYS', 'PHL', 'SGP', 'THA']
    """
    if organisation not in snapshot.actor_names:
        raise UnknownActor(_NO_ORGANISATION.format(organisation=repr(organisation)))
    seats = snapshot.frame("membership").filter(
        pl.col("organisation") == organisation, pl.col("role") == code_of("membership_role", role).value, holds_certainly("start", "end", on)
    )
    return sorted(seats["member"].drop_nulls().unique())


def _only(rows: pl.DataFrame, column: str, on: date, otherwise: Text) -> str:
    """The one value that holds on the day: certainly, or else possibly."""
    for holds in (holds_certainly("start", "end", on), holds_possibly("start", "end", on)):
        found = sorted(rows.filter(holds)[column].drop_nulls().unique())
        if len(found) == 1:
            return str(found[0])
        if found:
            break
    raise UnknownActor(otherwise)


_NO_ACTOR = Text("No one actor carries the code {code} of {system} on {on}.", "{on}에 {system} 부호 {code}을(를) 쓰는 행위자를 하나로 정할 수 없습니다.")
_NO_CODE = Text("The actor {actor} carries no one code of {system} on {on}.", "{on}에 행위자 {actor}의 {system} 부호를 하나로 정할 수 없습니다.")
_NO_ORGANISATION = Text("The register holds no organisation {organisation}.", "등록부에 {organisation} 기구가 없습니다.")
