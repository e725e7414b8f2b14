"""Which claims does an edit of one cell write?

Rows of claims.csv made from rows of claims: what stood is superseded with the day and the reason, what stands is adopted, and what was set
aside without being wrong competes on. Nothing here looks anything up, and nothing is ever taken away from a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from comity.register.resolve import WITHIN
from comity.vocab.kinds import Kind
from comity.vocab.text import Text

Row = dict[str, str | None]
Naming = Callable[[], str]
UNJUDGED: Row = {"superseded_at": None, "reason_en": None, "reason_ko": None}


def told(reason: Text | str | None) -> Text:
    """The reason in both columns as far as it is given: one in Korean alone stands in both, since a claim must say why."""
    why = reason if isinstance(reason, Text) else Text(reason or "", "")
    return Text(why.en.strip() or why.ko.strip(), why.ko.strip())


def reasons(why: Text) -> Row:
    """The cells of a claim that say why."""
    return {"reason_en": why.en or None, "reason_ko": why.ko or None}


def judged(claim: Row, judgement: Row) -> Row:
    """A claim with a new judgement; an earlier reason stays, in brackets."""
    kept = {name: f"{judgement[name]} [{claim[name]}]" for name in ("reason_en", "reason_ko") if claim.get(name) and judgement.get(name)}
    return claim | judgement | kept


def over(why: Text, today: date) -> Row:
    """The judgement on what no longer stands."""
    return {"status": "superseded", "superseded_at": today.isoformat(), **reasons(why)}


def replacing(former: Sequence[Row], promoted: Row | None, stood: Row, stands: Row, why: Text, today: date, name: Naming) -> list[Row]:
    """The claims of a new value in a row: what stood in it, superseded, and what stands, adopted.

    `stood` is what the row said by itself, written where no claim of `former` says it; `promoted` competed with the value that now stands.
    """
    written = [judged(claim, over(why, today)) for claim in former] or [UNJUDGED | stood | over(why, today) | {"id": name()}]
    adopted: Row = {"status": "adopted", **reasons(why)}
    return [*written, judged(promoted, adopted) if promoted else UNJUDGED | stands | adopted | {"id": name()}]


def within(stands: Row, why: Text, name: Naming) -> Row:
    """The claim of a value that stands in the cell's place for those who may see it."""
    return UNJUDGED | stands | {"status": WITHIN, **reasons(why), "id": name()}


def competing_on(claim: Row, why: Text, today: date, entered_by: str | None, name: Naming) -> Row:
    """What was set aside, as a claim that competes from today: before, the superseded one tells what stood."""
    return claim | {"status": "competing", "superseded_at": None, **reasons(why), "entered_at": today.isoformat(), "entered_by": entered_by, "id": name()}


def rest_of(kind: Kind, row: Row, today: date) -> Row:
    """On what a cell rests where no claim says so: the row's source; a source and a marking rest on themselves."""
    itself = kind.name == "source"
    return {
        "source": row["id"] if itself else row.get("source"),
        "locator": row.get("locator"),
        "confidence": row.get("confidence") if kind.has("confidence") else "high",
        "entered_at": row.get("entered_at") or today.isoformat(),
        "entered_by": None,
        "marking": marking_of(kind, row),
    }


def marking_of(kind: Kind, row: Row) -> str | None:
    """Who may see a row: a marking is seen by those who hold it."""
    return row["id"] if kind.name == "marking" else row.get("marking")
