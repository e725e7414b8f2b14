"""The register as one reader may see it and as it was known at one moment: immutable typed frames with a content hash.

Measures and models read only snapshots. `as_of`, the day in question, is an argument of theirs, so that one snapshot serves a whole
history. `snapshot.agreements` is the frame of agreements; `snapshot.counted("agreement")` leaves out what is no thing of its own and,
unless asked, what has no source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from comity.register import resolve
from comity.register.frames import UNSOURCED, typed
from comity.register.layered import layered
from comity.register.package import table_text
from comity.register.readers import Reader
from comity.vocab.errors import AmbiguousRecord, UnknownRecord
from comity.vocab.kinds import Kind, kind_of, kinds
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.register.register import Register

T = TypeVar("T")
Edited = dict[str, list[str]]  # kind → ids
ClaimRows = Mapping[tuple[str, str], list[dict[str, Any]]]  # by kind and id of what they are about
UNASKED = 50  # what nobody asked for during so many edits is not handed on
LATELY = 5  # what somebody asked for within so many edits is brought up to date before it is asked for again


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of one field of a record, with where it comes from."""

    id: str
    field: str
    value: str | None
    status: str
    source: str | None
    locator: str | None
    confidence: str | None
    entered_at: str | None
    reason: Text | None = None


@dataclass(slots=True)
class _Derived:
    """What was derived from a snapshot, how it is brought up to date, and what was edited since, in how many edits without being asked for."""

    value: Any
    renew: Callable[[Snapshot, Any, Edited], Any]
    edited: Edited = field(default_factory=dict)
    unasked: int = 0

    def after(self, edited: Edited) -> _Derived:
        """The same after one edit more."""
        return _Derived(self.value, self.renew, _together(self.edited, edited), self.unasked + 1)


def _not_made(snapshot: Snapshot) -> Any:
    raise AssertionError("what is brought up to date was made before")


class Snapshot:
    """Immutable frames of one register, for one reader, as known at one moment."""

    def __init__(
        self, tables: dict[str, pl.DataFrame], settings: dict[str, Any], reader: Reader, known_at: date | None, *, include_unsourced: bool = False
    ) -> None:
        self._tables = tables
        self.settings = settings
        self.reader = reader
        self.known_at = known_at
        self.include_unsourced = include_unsourced
        self._frames: dict[str, pl.DataFrame] = {}
        self._hashes: dict[str, str] = {}
        self._memory: dict[tuple[object, ...], Any] = {}
        self._derived: dict[tuple[object, ...], _Derived] = {}
        self._former: dict[tuple[object, ...], _Derived] = {}  # what it was for a snapshot before
        self._deriving = RLock()  # what is derived may rest on something else that is derived

    def __getattr__(self, word: str) -> pl.DataFrame:
        """The frame of a kind by its plural: `snapshot.agreements`."""
        if not word.startswith("_"):
            for kind in kinds().values():
                if kind.plural == word:
                    return self.frame(kind.name)
        raise AttributeError(f"a snapshot has no {word!r}; its frames are {', '.join(kind.plural for kind in kinds().values())}")

    def __repr__(self) -> str:
        return f"<Snapshot of {self.settings.get('name')} for {self.reader.name}, {self.hash[:12]}>"

    @property
    def home(self) -> str:
        """Code of the country whose register it is."""
        return str(self.settings.get("home", ""))

    def table(self, kind: str) -> pl.DataFrame:
        """The resolved text of a kind, as it would be written."""
        return self._tables[kind_of(kind).name].clone()

    def frame(self, kind: str) -> pl.DataFrame:
        """The typed frame of a kind, by name or plural; made on first use."""
        name = kind_of(kind).name
        if name not in self._frames:
            self._frames[name] = typed(self._tables[name], kinds()[name])
        return self._frames[name].clone()

    def counted(self, kind: str) -> pl.DataFrame:
        """Records that enter measures: one thing each, told by no other record, and sourced unless the snapshot includes unsourced ones."""
        frame = self.frame(kind).filter(pl.col("counts"))
        return frame if self.include_unsourced else frame.filter(pl.col("sourced"))

    def remembered(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for this snapshot: snapshots never change, so what is computed from one stays true."""
        if key not in self._memory:
            self._memory[key] = make()
        kept: T = self._memory[key]
        return kept

    def derived(self, key: tuple[object, ...], make: Callable[[Snapshot], T], renew: Callable[[Snapshot, T, Edited], T]) -> T:
        """What `make` gives for this snapshot, made once and handed on through edits: there, `renew(snapshot, former, edited)` brings it up to date.

        `edited` names every record whose row was added, changed or taken away since `former` was made (kind → ids), so that an index of the
        whole register need not be made again for one record. Both rest on nothing but what they are given: they are called for later snapshots.
        """
        if key not in self._derived:
            with self._deriving:  # one thread renews; a second would find nothing to renew and make all of it anew
                if key not in self._derived:
                    former = self._former.pop(key, None)
                    made = make(self) if former is None else renew(self, former.value, former.edited)
                    self._derived[key] = _Derived(made, renew)
        found = self._derived[key]
        found.unasked = 0
        kept: T = found.value
        return kept

    def renew(self) -> None:
        """Bring up to date what was asked of the snapshots just before, so that whoever asks of this one need not wait for it."""
        for key, former in list(self._former.items()):
            if former.unasked <= LATELY:
                self.derived(key, _not_made, former.renew)
                self._derived[key].unasked = former.unasked

    def _handing_on(self, fresh: Snapshot) -> Snapshot:
        """The snapshot after an edit, with what was derived from this one and from those before it."""
        former = dict(self._former) | dict(self._derived)
        if former:
            edited = differing(self._tables, fresh._tables)
            fresh._former = {key: one.after(edited) for key, one in former.items() if one.unasked < UNASKED}
        return fresh

    def including_unsourced(self) -> Snapshot:
        """The same snapshot with unsourced records counted, to show what they would change."""
        return Snapshot(self._tables, self.settings, self.reader, self.known_at, include_unsourced=True)

    @property
    def hash(self) -> str:
        """SHA-256 over the canonical text of every visible table; equal hashes mean equal content."""
        whole = hashlib.sha256()
        for name, table in self._tables.items():
            if name not in self._hashes:
                self._hashes[name] = hashlib.sha256(table_text(table, kinds()[name]).encode()).hexdigest()
            whole.update(f"{name}:{self._hashes[name]}\n".encode())
        return whole.hexdigest()

    def record(self, ref: str) -> Record:
        """The record of that id, or of `kind:id` where several kinds share it."""
        kind_name, _, record_id = ref.rpartition(":")
        found = [name for name in self._where.get(record_id, []) if not kind_name or name == kind_name]
        if not found:
            raise UnknownRecord(_UNKNOWN.format(id=repr(ref)))
        if len(found) > 1:
            raise AmbiguousRecord(_AMBIGUOUS.format(id=repr(ref), all=", ".join(f"{name}:{record_id}" for name in found)))
        return Record(self, kinds()[found[0]], record_id)

    def has_record(self, ref: str) -> bool:
        """Whether a record of that id, or `kind:id`, is visible."""
        kind_name, _, record_id = ref.rpartition(":")
        return any(not kind_name or name == kind_name for name in self._where.get(record_id, []))

    def after(self, register: Register, edited: dict[str, list[str]]) -> Snapshot:
        """This snapshot after an edit: only the records named (kind → ids, claims among them) are resolved again.

        Where the edit hid, showed or removed a record to which others link, links anywhere may change: then all is resolved again.
        """
        visible = self.reader.visible(register.tables["marking"])
        touched = {name: ids for name, ids in edited.items() if name != "claim"}
        fresh_rows = {name: resolve.rows_resolved(register.tables, kinds()[name], ids, visible, self.known_at) for name, ids in touched.items()}
        before = {name: set(self._tables[name].filter(pl.col("id").is_in(ids))["id"]) for name, ids in touched.items()}
        appeared = {name: new for name, ids in before.items() if (new := set(fresh_rows[name]["id"]) - ids)}
        vanished = any(ids - set(fresh_rows[name]["id"]) for name, ids in before.items())
        if "marking" in touched or vanished or any(resolve.is_linked_to(register.tables, name, ids) for name, ids in appeared.items()):
            return self._handing_on(register.snapshot(self.reader, self.known_at, include_unsourced=self.include_unsourced))
        tables = dict(self._tables)
        changed = {*touched, "claim"} if edited.get("claim") or appeared else {*touched}  # claims on a record may appear with it
        if "claim" in changed:
            tables["claim"] = resolve.claims_seen(register.tables, visible, self.known_at)
        for name, ids in touched.items():
            tables[name] = tables[name].filter(~pl.col("id").is_in(ids)).vstack(fresh_rows[name].select(tables[name].columns))
        tables = resolve.without_dangling(tables, register.tables)
        after = Snapshot(tables, self.settings, self.reader, self.known_at, include_unsourced=self.include_unsourced)
        after._hashes = {name: digest for name, digest in self._hashes.items() if name not in changed}
        after._frames = {name: frame for name, frame in self._frames.items() if name not in changed}
        for name, ids in touched.items():
            if name in self._frames:
                fresh = typed(tables[name].filter(pl.col("id").is_in(ids)), kinds()[name])
                after._frames[name] = self._frames[name].filter(~pl.col("id").is_in(ids)).vstack(fresh).sort("id")
        after._row_of = {name: rows for name, rows in self._row_of.items() if after._tables[name] is self._tables[name]}
        return self._handing_on(after)

    @cached_property
    def actor_names(self) -> dict[str, tuple[str, str, str, str]]:
        """Short and long names of every visible actor: code → (short en, short ko, long en, long ko)."""
        rows = self._tables["actor"].select("id", "short_en", "short_ko", "name_en", "name_ko").iter_rows()
        return {code: (short_en or code, short_ko or code, name_en or code, name_ko or code) for code, short_en, short_ko, name_en, name_ko in rows}

    @property
    def _where(self) -> Mapping[str, list[str]]:
        """Kinds by id."""
        return self.derived(("where",), Snapshot._placed, Snapshot._placed_again)

    def _placed(self) -> Mapping[str, list[str]]:
        where: dict[str, list[str]] = {}
        for name, table in self._tables.items():
            for record_id in table["id"].to_list():
                where.setdefault(record_id, []).append(name)
        return where

    def _placed_again(self, former: Mapping[str, list[str]], edited: Edited) -> Mapping[str, list[str]]:
        where: dict[str, list[str]] = {}
        order = list(self._tables)
        for name, ids in edited.items():
            there = set(self._tables[name].filter(pl.col("id").is_in(ids))["id"])
            for one in ids:
                named = [kind for kind in where.get(one, former.get(one, [])) if kind != name] + ([name] if one in there else [])
                where[one] = sorted(named, key=order.index)
        return layered(former, where)

    @property
    def _claims_by_record(self) -> ClaimRows:
        return self.derived(("claims",), lambda snapshot: _by_record(snapshot._tables["claim"]), Snapshot._claims_again)

    def _claims_again(self, former: ClaimRows, edited: Edited) -> ClaimRows:
        changed, claims = edited.get("claim", []), self._tables["claim"]
        if not changed:
            return former
        touched = set(claims.filter(pl.col("id").is_in(changed)).select("record_kind", "record").iter_rows())
        gone = set(changed) - set(claims.filter(pl.col("id").is_in(changed))["id"])
        if gone:
            touched |= {ref for ref, rows in former.items() if any(row["id"] in gone for row in rows)}
        refs = pl.concat_str("record_kind", "record", separator=":").is_in([f"{kind}:{one}" for kind, one in touched])
        fresh = _by_record(claims.filter(refs))
        return layered(former, {ref: fresh.get(ref, []) for ref in touched})

    def claims_on(self, record: Record) -> list[dict[str, Any]]:
        """Rows of claims.csv on a record: competing, judged, superseded and withdrawn ones beside its cells."""
        return self._claims_by_record.get((record.kind.name, record.id), [])

    @cached_property
    def _row_of(self) -> dict[str, dict[str, int]]:
        return {}

    @cached_property
    def _text_rows(self) -> dict[tuple[str, str], dict[str, str | None]]:
        return {}

    def text_row(self, kind: Kind, record_id: str) -> dict[str, str | None]:
        """The cells of a record as text."""
        key = (kind.name, record_id)
        if key not in self._text_rows:  # a page asks for the same rows many times over
            if kind.name not in self._row_of:
                self._row_of[kind.name] = {one: at for at, one in enumerate(self._tables[kind.name]["id"])}
            self._text_rows[key] = self._tables[kind.name].row(self._row_of[kind.name][record_id], named=True)
        return dict(self._text_rows[key])


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a snapshot: its cells, its title, and the claims behind each cell."""

    snapshot: Snapshot
    kind: Kind
    id: str

    @property
    def cells(self) -> dict[str, str | None]:
        """Every cell as text, by field."""
        return self.snapshot.text_row(self.kind, self.id)

    @property
    def ref(self) -> str:
        """`kind:id`, unique in the register."""
        return f"{self.kind.name}:{self.id}"

    def __getitem__(self, field: str) -> str | None:
        if field == "id":
            return self.id
        self.kind.field(field)
        return self.cells[field]

    def title(self, lang: Lang = "en") -> str:
        """What the record is called, in that language; English where it has no Korean title."""
        from comity.register.titles import title_of

        return title_of(self, lang)

    def why(self, field: str) -> list[Claim]:
        """The claims on a field, the adopted one first: value, source, confidence, and why it stands or not."""
        cell = self[field]
        cells = self.cells
        listed = [_claim(row) for row in self.snapshot.claims_on(self) if row["field"] == field]
        adopted = [claim for claim in listed if claim.status == "adopted" and claim.value == cell]
        rest = [claim for claim in listed if claim not in adopted]
        if not adopted:
            stands = Claim(
                f"{self.id}.{field}", field, cell, "adopted", cells.get("source"), cells.get("locator"), cells.get("confidence"), cells.get("entered_at")
            )
            match = [claim for claim in rest if claim.status in ("competing", "superseded") and claim.value == cell]
            adopted = (
                [replace(match[0], status="adopted")]
                if match and cell is not None and match[0].source not in (None, UNSOURCED, cells.get("source"))
                else [stands]
            )
            rest = [claim for claim in rest if claim.id != adopted[0].id]
        return adopted + sorted(rest, key=lambda claim: claim.id)


def differing(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> Edited:
    """Ids of the rows that stand in one of two sets of tables only, or otherwise in the other, by kind."""
    found = {name: _rows_differing(before[name], table) for name, table in after.items() if table is not before[name]}
    return {name: ids for name, ids in found.items() if ids}


def _rows_differing(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    told = [table.select("id", row=table.select(after.columns).hash_rows()) for table in (before, after)]
    both = told[0].join(told[1], on="id", how="full", coalesce=True, suffix="_after")
    return both.filter(pl.col("row").ne_missing(pl.col("row_after")))["id"].to_list()


def _together(before: Edited, more: Edited) -> Edited:
    return {name: list(dict.fromkeys([*before.get(name, []), *more.get(name, [])])) for name in {*before, *more}}


def _by_record(claims: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    by: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in claims.rows(named=True):
        by.setdefault((row["record_kind"], row["record"]), []).append(row)
    return by


def _claim(row: dict[str, Any]) -> Claim:
    reason = Text(row["reason_en"], row["reason_ko"] or row["reason_en"]) if row["reason_en"] else None
    return Claim(row["id"], row["field"], row["value"], row["status"], row["source"], row["locator"], row["confidence"], row["entered_at"], reason)


_UNKNOWN = Text("There is no record {id} in this snapshot.", "이 스냅숏에 {id} 기록이 없습니다.")
_AMBIGUOUS = Text("Several kinds have a record {id}; say one of {all}.", "여러 종류에 {id} 기록이 있습니다. 다음 가운데 하나로 적으십시오: {all}.")
