"""Who belongs to which class of readers, and which rules hold for accounts whatever the roles.

A class of readers is a nationality with a clearance: everybody in it sees the same of the record. Roles do not enter.
"""

from __future__ import annotations

from functools import cache

import polars as pl

import comity
from comity.register.readers import LEVELS, Reader
from comity.vocab.kinds import codes
from comity.vocab.text import Text
from comity_desk.accounts.models import User

BELONGED_TO = ("state", "organisation", "command")
ENDED = pl.col("end").is_not_null() & (pl.col("end") != "..")


def permitted(user: User, permission: str) -> bool:
    """Whether that person may do that."""
    return user.permitted(permission)


def reader_classes() -> list[Reader]:
    """The distinct classes of readers among active people, the widest clearance of a nationality first."""
    levels = list(codes(LEVELS))
    classes = {user.reader for user in User.objects.filter(is_active=True)}
    return sorted(classes, key=lambda reader: (reader.name, -levels.index(reader.clearance) if reader.clearance else 1))


def readers_of(reader: Reader) -> list[User]:
    """The active people of that class."""
    return [user for user in User.objects.filter(is_active=True) if user.reader == reader]


def administrators() -> list[User]:
    """Active administrators, held until the transaction ends, so that the last two cannot remove each other at once."""
    return [user for user in User.objects.select_for_update().filter(is_active=True).order_by("pk") if user.has_role("administrator")]


def clearances() -> dict[str, Text]:
    """Levels of clearance, in ascending order."""
    return {level: code.label for level, code in codes(LEVELS).items()}


@cache
def nationalities_by_type() -> dict[str, dict[str, Text]]:
    """Present states, organisations and commands to which a person can belong, by code, states first."""
    actors = comity.load("world").tables["actor"]
    present = actors.filter(pl.col("actor_type").is_in(BELONGED_TO) & ~ENDED)
    rows = present.select("id", pl.coalesce("short_en", "name_en"), pl.coalesce("short_ko", "name_ko", "name_en"), "actor_type").rows()
    return {kind: {code: Text(en, ko) for code, en, ko, of in rows if of == kind} for kind in BELONGED_TO}


@cache
def nationalities() -> dict[str, Text]:
    """The same in one, by code."""
    return {code: text for named in nationalities_by_type().values() for code, text in named.items()}


@cache
def partners() -> dict[str, Text]:
    """Present actors that a directorate can look after, by code."""
    actors = comity.load("world").tables["actor"]
    rows = (
        actors.filter((pl.col("actor_type") != "unit") & ~ENDED)
        .select("id", pl.coalesce("short_en", "name_en"), pl.coalesce("short_ko", "name_ko", "name_en"))
        .rows()
    )
    return {code: Text(en, ko) for code, en, ko in sorted(rows, key=lambda row: row[1])}
