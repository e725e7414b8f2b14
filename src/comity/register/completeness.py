"""What is missing from a record that should be there: a field that its kind requires, one that its state calls for, a translation, a real source?

Read from a snapshot, so that what a reader may not see is neither missing nor there. Which fields a state calls for stands in
`completeness.yaml`. A gap says that the register does not hold something; it does not say that anybody could know it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from importlib.resources import files
from operator import and_
from typing import Any

import polars as pl

from comity.register.frames import UNSOURCED
from comity.register.snapshot import Edited, Snapshot
from comity.vocab.kinds import Kind, kind_of, kinds
from comity.vocab.text import Text

NEEDS = {
    "required": Text("required", "필수"),
    "source": Text("no real source", "출처 없음"),
    "expected": Text("expected in this state", "이 상태에서 필요"),
    "translation": Text("not in Korean yet", "국문 없음"),
}
SCHEMA: dict[str, Any] = {"kind": pl.String, "id": pl.String, "field": pl.String, "need": pl.String}
EITHER = "|"
NOT_KEPT = ("claim", "finding")  # what is said of records, not what is kept of the world


@dataclass(frozen=True, slots=True)
class Expectation:
    """Fields that records of a kind should have filled in a state; of several in one entry, one is enough."""

    fields: tuple[tuple[str, ...], ...]
    values: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    begun: tuple[str, ...] = ()
    not_over: str | None = None
    over: tuple[str, ...] = ()

    def applies(self, as_of: date) -> pl.Expr:
        """Whether a row of the typed frame is in that state on `as_of`."""
        parts = [pl.lit(True)]
        for name, wanted in self.values:
            listed = pl.col(name).is_in([one for one in wanted if one is not None])
            parts.append(pl.when(pl.col(name).is_null()).then(None in wanted).otherwise(listed))
        if self.begun:
            parts.append((pl.coalesce([f"{name}_earliest" for name in self.begun]) <= as_of).fill_null(False))
        if self.not_over:
            parts.append((pl.col(f"{self.not_over}_latest") >= as_of).fill_null(True))
        if self.over:
            parts.append((pl.coalesce([f"{name}_latest" for name in self.over]) < as_of).fill_null(False))
        return reduce(and_, parts)


def gaps(snapshot: Snapshot, kind: str | None = None, *, as_of: date) -> pl.DataFrame:
    """Everything missing on `as_of`: `kind`, `id`, `field` (`a|b` where one of them is enough) and `need`, one of `NEEDS`; by kind, id and need.

    Records that another record tells, or that count as nothing of their own, need a source and what the vocabulary requires, and no more.
    """
    found = snapshot.derived(
        ("gaps", as_of),
        lambda seen: _gaps(seen, as_of, dict.fromkeys(_kept())),
        lambda seen, former, edited: _renewed(seen, as_of, former, edited),
    )
    return found if kind is None else found.filter(pl.col("kind") == kind_of(kind).name)


def expectations() -> dict[str, tuple[Expectation, ...]]:
    """What is expected of each kind, as declared in `completeness.yaml`."""
    return _declared()


def field_label(kind: Kind, field: str) -> Text:
    """The label of a gap's field; of several, all."""
    labels = [kind.field(name).label for name in field.split(EITHER)]
    return reduce(lambda before, label: Text("{a} or {b}", "{a} 또는 {b}").format(a=before, b=label), labels)


@cache
def _declared() -> dict[str, tuple[Expectation, ...]]:
    import yaml

    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load((files("comity.register") / "completeness.yaml").read_text(encoding="utf-8"))
    return {name: tuple(_expectation(kinds()[name], rule) for rule in rules) for name, rules in raw.items()}


def _expectation(kind: Kind, raw: dict[str, Any]) -> Expectation:
    when = dict(raw.get("when", {}))
    begun, not_over, over = tuple(when.pop("begun", ())), when.pop("not_over", None), tuple(when.pop("over", ()))
    fields = tuple((entry,) if isinstance(entry, str) else tuple(entry) for entry in raw["fields"])
    for name in [*when, *begun, *over, *([not_over] if not_over else []), *(one for entry in fields for one in entry)]:
        kind.field(name)  # a field that the kind does not have is a fault of the list
    return Expectation(fields, tuple((name, tuple(values)) for name, values in when.items()), begun, not_over, over)


def _kept() -> list[str]:
    return [name for name in kinds() if name not in NOT_KEPT]


def _gaps(snapshot: Snapshot, as_of: date, which: dict[str, None] | Edited) -> pl.DataFrame:
    found = [pl.DataFrame(schema=SCHEMA)]
    for name, ids in which.items():
        frame = snapshot.frame(name) if ids is None else snapshot.frame(name).filter(pl.col("id").is_in(ids))
        if name in _kept() and frame.height:
            found += _missing(kinds()[name], frame, as_of)
    return pl.concat(found).unique(["kind", "id", "field"], keep="first", maintain_order=True).sort("kind", "id", maintain_order=True)


def _renewed(snapshot: Snapshot, as_of: date, former: pl.DataFrame, edited: Edited) -> pl.DataFrame:
    if not edited:
        return former
    gone = pl.any_horizontal((pl.col("kind") == name) & pl.col("id").is_in(ids) for name, ids in edited.items())
    return pl.concat([former.filter(~gone), _gaps(snapshot, as_of, edited)]).sort("kind", "id", maintain_order=True)


def _missing(kind: Kind, frame: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    """The gaps of one kind, the gravest need first."""
    own = pl.col("counts") if "counts" in frame.columns else pl.col("id") != UNSOURCED if kind.name == "source" else pl.lit(True)
    found = [_rows(frame.filter(_empty(frame, field.name)), kind, field.name, "required") for field in kind.fields if field.required]
    if "sourced" in frame.columns:
        found.append(_rows(frame.filter(~pl.col("sourced")), kind, "source", "source"))
    whole = frame.filter(own)
    for rule in expectations().get(kind.name, ()):
        within = whole.filter(rule.applies(as_of))
        for names in rule.fields:
            none = reduce(and_, (_empty(frame, name) for name in names))
            found.append(_rows(within.filter(none), kind, EITHER.join(names), "expected"))
    for field in kind.of_type("text"):
        english = field.name.removesuffix("_ko") + "_en"
        if field.name.endswith("_ko") and kind.has(english):
            found.append(_rows(whole.filter(_empty(frame, field.name) & ~_empty(frame, english)), kind, field.name, "translation"))
    return found


def _empty(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Whether a cell holds nothing."""
    return pl.col(name).list.len() == 0 if isinstance(frame.schema[name], pl.List) else pl.col(name).is_null()


def _rows(frame: pl.DataFrame, kind: Kind, field: str, need: str) -> pl.DataFrame:
    return frame.select(pl.lit(kind.name).alias("kind"), "id", pl.lit(field).alias("field"), pl.lit(need).alias("need"))
