"""Which readable id suits a new row: `kor-usa-ship-repair-2026`, from its parties, the telling words of its title and its year.

An id is proposed only where the row has none; it is unique in its kind and, once written, never changes. Actors carry codes that a
person chooses, so none is proposed for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

from comity.register.duplicates import day_fields, party_fields
from comity.vocab.kinds import Kind

FILLERS = frozenset(
    ["a", "an", "and", "at", "between", "by", "for", "from", "in", "of", "on", "the", "to", "with", "concerning", "regarding", "republic", "government"]
)
WORDS = 5
PARTIES = 3
Cells = Mapping[str, str | None]


def proposed_id(kind: Kind, cells: Cells, taken: Collection[str]) -> str | None:
    """A readable id that no other row of the kind carries; nothing for actors and where the cells give no words.

    >>> from comity.vocab.kinds import kind_of
    >>> row = {"title_en": "Memorandum on Ship Repair", "parties": "KOR;USA", "signed": "2026-03"}
    >>> proposed_id(kind_of("agreement"), row, ())
    'kor-usa-memorandum-ship-repair-2026'
    """
    if kind.id_style == "actor":
        return None
    if kind.name == "claim":
        return claim_id(str(cells.get("record_kind")), str(cells.get("record")), str(cells.get("field")), taken)
    base = "-".join(part for part in (_parties(kind, cells), *_words(kind, cells)) if part)
    year = next((str(cells[name])[:4] for name in day_fields(kind) if cells.get(name)), "")
    if year.isdigit() and year not in base:
        base = f"{base}-{year}" if base else f"{kind.name.replace('_', '-')}-{year}"
    return _free(base, taken) if base else None


def claim_id(kind: str, record: str, field: str, taken: Collection[str]) -> str:
    """The next id of a claim on a cell: the cell itself is the first, so that numbers begin at 2."""
    stem = f"{kind}.{record}.{field}."
    used = [int(one.removeprefix(stem)) for one in taken if one.startswith(stem) and one.removeprefix(stem).isdigit()]
    return f"{stem}{max(used, default=1) + 1}"


def fresh_id(kind: Kind, cells: Cells, token: Callable[[], str], taken: Callable[[str], bool]) -> str | None:
    """A readable id made unique by chance, so that it tells nothing of the rows that its maker may not see; nothing for an actor without a code.

    >>> row = {"title_en": "Memorandum on Ship Repair", "parties": "KOR;USA", "signed": "2026-03"}
    >>> from comity.vocab.kinds import kind_of
    >>> fresh_id(kind_of("agreement"), row, lambda: "7k2pq", lambda one: False)
    'kor-usa-memorandum-ship-repair-2026-7k2pq'
    """
    stem = cells.get("id") or proposed_id(kind, cells, ()) or (None if kind.id_style == "actor" else kind.name.replace("_", "-"))
    if stem is None:
        return None
    return _by_chance(f"{stem}-", (lambda: token().upper()) if kind.id_style == "actor" else token, taken)


def fresh_claim_id(kind: str, record: str, field: str, token: Callable[[], str], taken: Callable[[str], bool]) -> str:
    """The id of a claim on a cell, made unique by chance; that of a claim on the whole record has no field."""
    return _by_chance(".".join(part for part in (kind, record, field.strip("*")) if part) + ".", token, taken)


def _by_chance(stem: str, token: Callable[[], str], taken: Callable[[str], bool]) -> str:
    made = stem + token()
    while taken(made):  # once in many millions
        made += token()
    return made


def slug(text: str) -> list[str]:
    """The words of a text as an id may hold them: lower case, without accents; words of other scripts fall away."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))


def _parties(kind: Kind, cells: Cells) -> str:
    """The parties' codes where they are few and the title is words; titles of links, and those of a series' editions, need none."""
    if kind.field(kind.title[0]).type != "text" or kind.has("series"):
        return ""
    codes = list(dict.fromkeys(code for name in party_fields(kind) for code in str(cells.get(name) or "").split(";") if code))
    return "-".join(word for code in codes for word in slug(code)) if len(codes) <= PARTIES else ""


def _words(kind: Kind, cells: Cells) -> list[str]:
    first = kind.field(kind.title[0])
    if first.type == "text":
        telling = [word for word in slug(str(cells.get(first.name) or "")) if word not in FILLERS]
        return telling[:WORDS]
    return [word for name in kind.title for word in slug(str(cells.get(name) or ""))]


def _free(base: str, taken: Collection[str]) -> str:
    at, proposed = 1, base
    while proposed in taken:
        at += 1
        proposed = f"{base}-{at}"
    return proposed
