"""Which actors or records does a person mean while typing? Those of the person's own snapshot whose names hold the words, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.register.search import fold, search
from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.kinds import kind_of, kinds
from comity_desk.lib.language import lang

SHOWN = 20
WHOLE = 300  # so many records of a kind are listed whole for browsers without scripts
ANY = "any"


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to pick: what goes into the cell, and what a person reads."""

    value: str
    label: str


def picks(seen: Snapshot, target: str, written: str) -> list[Pick]:
    """What a person may mean by these words; nothing for no words."""
    if not fold(written):
        return []
    if target == "actor":
        return _actors(seen, written)
    found = search(seen, written, lang=lang(), kinds=None if target == ANY else [target], limit=SHOWN)
    rows = found.select("kind", "id", "title", "date").iter_rows()
    return [Pick(f"{kind}:{one}" if target == ANY else one, _told(kind, title, day, target)) for kind, one, title, day in rows]


def every(seen: Snapshot, target: str) -> list[Pick]:
    """All that can be picked, where they are few enough to be listed."""
    if target == ANY or (target != "actor" and seen.table(target).height > WHOLE):
        return []
    if target == "actor":
        return [Pick(code, _names(seen, code)) for code in sorted(seen.actor_names, key=lambda one: (one in _ended(seen), actor_name(seen, one, lang())))]
    return sorted((Pick(one, seen.record(f"{target}:{one}").title(lang())) for one in seen.table(target)["id"]), key=lambda pick: pick.label)


def _actors(seen: Snapshot, written: str) -> list[Pick]:
    asked = fold(written)
    ended = _ended(seen)
    found = []
    for code, names in seen.actor_names.items():
        told = [fold(code), *map(fold, names)]
        if all(any(word in one for one in told) for word in asked.split()):
            found.append((asked not in told, code in ended, not any(one.startswith(asked) for one in told), len(told[1]), code))
    return [Pick(code, _names(seen, code)) for *_, code in sorted(found)[:SHOWN]]


def _names(seen: Snapshot, code: str) -> str:
    en, ko = actor_name(seen, code, "en"), actor_name(seen, code, "ko")
    return " · ".join(dict.fromkeys((ko, en) if lang() == "ko" else (en, ko)))


def _ended(seen: Snapshot) -> frozenset[str]:
    def make() -> frozenset[str]:
        return frozenset(seen.table("actor").filter(pl.col("end").is_not_null() & (pl.col("end") != ".."))["id"])

    return seen.remembered(("proposals", "ended actors"), make)


def _told(kind: str, title: str, day: str | None, target: str) -> str:
    return " · ".join(part for part in (kind_of(kind).label.in_(lang()) if target == ANY else "", title, day or "") if part)


def target_known(target: str) -> bool:
    """Whether there is anything of that name to pick from."""
    return target == ANY or target in kinds()
