"""What did somebody write into a cell? Values as people write them, turned into the spelling of the record.

A date may come as `2026. 3. 1.`, `2026년 3월` or `3 Mar 2026`, a number with separators, a controlled value by its label, an actor or a
record by its name as the person's own snapshot knows it. What cannot be read stays as it was written, so that the checks can say what is
wrong with it; nothing is guessed where two readings are possible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import polars as pl

from comity.register.search import fold
from comity.register.snapshot import Snapshot
from comity.vocab.dates import EN_MONTHS, OPEN
from comity.vocab.kinds import Field, codes, kinds

SEPARATED = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})(?:\s*[-./]\s*(\d{1,2}))?\s*\.?")
KOREAN = re.compile(r"(\d{4})\s*년(?:\s*(\d{1,2})\s*월(?:\s*(\d{1,2})\s*일)?)?")
DAY_FIRST = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?\s+(\d{4})")
MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),\s*(\d{4})")
SEPARATORS = re.compile(r"[,\s_]")
STILL = ("still", "계속", "계속 중")
YES, NO = ("true", "yes", "y", "1", "예", "네", "참", "o"), ("false", "no", "n", "0", "아니요", "아니오", "거짓", "x")
LOW, HIGH = 0x20, 0x7F


def read_cell(field: Field, written: Sequence[str], seen: Snapshot) -> str | None:
    """A cell in the record's spelling from what was written, one text for each input; nothing for an empty one."""
    texts = [text for text in map(plain, written) if text]
    if not texts:
        return None
    if field.type == "actor_counts":
        return ";".join(one for text in texts for one in _counts(text, seen)) or None
    if field.is_list:
        return ";".join(dict.fromkeys(one for text in texts for one in read_list(field, text, seen))) or None
    return read_value(field, texts[0], seen)


def read_list(field: Field, text: str, seen: Snapshot) -> list[str]:
    """The values of one text of several, parted by `;`, or by commas where the whole is no value by itself."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) == 1 and "," in text and read_value(field, text, seen) == text:
        parts = [part.strip() for part in text.split(",") if part.strip()]
    return [read_value(field, part, seen) for part in parts]


def read_value(field: Field, text: str, seen: Snapshot) -> str:
    """One value in the record's spelling, or as it was written where it cannot be read."""
    match field.type:
        case "date" | "day":
            return read_date(text)
        case "integer" | "number":
            return re.sub(r"(?<=\d)[,\s_](?=\d{3})", "", text)
        case "flag":
            return "true" if text.casefold() in YES else "false" if text.casefold() in NO else text
        case "code" | "codes":
            return _by_label(str(field.codes), text)
        case "actor" | "actors":
            return read_actor(text, seen)
        case "link" | "links":
            return read_link(field, text, seen)
        case _:
            return text


def read_date(text: str) -> str:
    """A partial date in ISO form, or the text itself.

    >>> [read_date(text) for text in ("2026. 3. 1.", "2026년 3월", "3 March 2026", "Mar 2026", "계속", "soon")]
    ['2026-03-01', '2026-03', '2026-03-03', '2026-03', '..', 'soon']
    """
    if text.casefold() in STILL:
        return OPEN
    if found := SEPARATED.fullmatch(text) or KOREAN.fullmatch(text):
        year, month, day = found.groups()
        return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    if found := DAY_FIRST.fullmatch(text):
        day, word, year = found.groups()
    elif found := MONTH_FIRST.fullmatch(text):
        word, day, year = found.groups()
    else:
        return text
    months = [at for at, name in enumerate(EN_MONTHS, 1) if word[:3].casefold() == name.casefold()]
    return "-".join([year, *(f"{part:02}" for part in (*months, *([int(day)] if day else [])))]) if months else text


def read_actor(text: str, seen: Snapshot) -> str:
    """The code of an actor, given as code or by a name that only one visible actor has."""
    names = seen.actor_names
    if text in names or text.upper() in names:
        return text if text in names else text.upper()
    return _unambiguous(actors_by_name(seen), text)


def read_link(field: Field, text: str, seen: Snapshot) -> str:
    """The id of a record (`kind:id` where a field may name any), given as id or by a title that only one visible record has."""
    if field.target == "any":
        return text
    target = str(field.target)
    bare = text.removeprefix(f"{target}:")
    return bare if seen.has_record(f"{target}:{bare}") else _unambiguous(records_by_title(seen, target), text)


def actors_by_name(seen: Snapshot) -> dict[str, str | None]:
    """Folded names of visible actors → code; none for a name that several have. Present actors come before those that are no more."""

    def make() -> dict[str, str | None]:
        ended = set(seen.frame("actor").filter(_ended())["id"])
        pairs = [(name, code) for code, names in seen.actor_names.items() for name in names]
        return {**_one_each((name, code) for name, code in pairs if code in ended), **_one_each((name, code) for name, code in pairs if code not in ended)}

    return seen.remembered(("proposals", "actors by name"), make)


def records_by_title(seen: Snapshot, kind: str) -> dict[str, str | None]:
    """Folded titles of the visible records of a kind → id; none for a title that several have."""
    wanted = [name for name in dict.fromkeys((*kinds()[kind].title, "title_ko", "name_ko")) if name != "id" and kinds()[kind].has(name)]

    def make() -> dict[str, str | None]:
        rows = seen.table(kind).select("id", *wanted).iter_rows()
        return _one_each((title, row[0]) for row in rows for title in row[1:] if title)

    return seen.remembered(("proposals", "records by title", kind), make)


def plain(text: str) -> str:
    """A text as it may be kept: composed letters, one kind of line end, no control characters, no blanks around it."""
    lined = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lined if one in "\n\t" or (ord(one) >= LOW and ord(one) != HIGH)).strip()


def _ended() -> pl.Expr:
    return pl.col("end").is_not_null() & (pl.col("end") != OPEN)


def _by_label(name: str, text: str) -> str:
    known = codes(name)
    if text in known:
        return text
    named = [value for value, code in known.items() if text.casefold() in (code.label.en.casefold(), code.label.ko.casefold(), value.casefold())]
    return named[0] if len(named) == 1 else text


def _one_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    made: dict[str, str | None] = {}
    for name, value in pairs:
        key = fold(name)
        made[key] = value if made.get(key, value) == value else None
    return made


def _unambiguous(known: dict[str, str | None], text: str) -> str:
    return known.get(fold(text)) or text


def _counts(text: str, seen: Snapshot) -> list[str]:
    """Pairs of an actor and a number, from `KOR:200000;USA:11500` or one such pair."""
    pairs = [(who.strip(), number) for who, _, number in (part.rpartition(":") for part in text.split(";"))]
    return [f"{read_actor(who, seen)}:{SEPARATORS.sub('', number)}" for who, number in pairs if who or number.strip()]
