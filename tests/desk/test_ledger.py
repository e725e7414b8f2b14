"""The ledger loses nothing: what is folded from it is what was written, on both databases, whatever was edited."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

import comity
from comity.register.package import FILE, LINE
from comity.register.register import Register
from comity.vocab.errors import PackageFaults
from comity.vocab.kinds import kinds
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event, Head
from comity_desk.ledger.append import Draft
from comity_desk.ledger.difference import differences, first_drafts
from comity_desk.ledger.fold import folded, raw_entries
from comity_desk.ledger.loading import LoadPackage, export_ledger, load_package
from comity_desk.ledger.register import current, forget
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.ledger.verify import verify
from comity_desk.ledger.write import write
from comity_desk.lib.errors import Refused


class InMemory:
    """A ledger without a database: drafts numbered in order."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, bytes, bytes, str]] = []

    def append(self, drafts: list[Draft]) -> None:
        """Number the drafts."""
        for draft in drafts:
            self.rows.append((len(self.rows) + 1, draft.type, draft.claim, draft.record, draft.content))

    @property
    def entries(self) -> pl.DataFrame:
        """Everything that stands."""
        return raw_entries(self.rows)


def texts(tables: dict[str, pl.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Tables without their places, rows by id."""
    return {name: table.drop(LINE, FILE, strict=False).sort("id").rows(named=True) for name, table in tables.items()}


def random_rows(register: Register, chance: random.Random) -> dict[str, pl.DataFrame]:
    """An edit as the library writes one: cells changed with their former values as superseded claims, competing claims, new rows, new judgements."""
    kind = kinds()[chance.choice(["exercise", "agreement", "event", "dialogue"])]
    table = register.tables[kind.name].drop(LINE, FILE)
    if table.is_empty():
        return {}
    row = dict(table.row(chance.randrange(table.height), named=True))
    claims: list[dict[str, Any]] = []
    every = register.tables["claim"].drop(LINE, FILE).rows(named=True)

    def claim(field: str, value: str | None, status: str, **more: str) -> dict[str, Any]:
        told = {"id": f"{kind.name}.{row['id']}.{field}.{chance.getrandbits(40):x}", "record_kind": kind.name, "record": row["id"], "field": field}
        empty = dict.fromkeys(kinds()["claim"].columns)
        return {
            **empty,
            **told,
            "value": value,
            "status": status,
            "source": row["source"],
            "confidence": "high",
            "marking": row["marking"],
            "entered_at": "2026-03-01",
            **more,
        }

    act = chance.choice(["change", "change", "metadata", "compete", "judge", "new", "withdraw"])
    if act == "change":
        for field in chance.sample([one.name for one in kind.fields if not one.common], 2):
            new = chance.choice([None, "x", "y", row[field]])
            if new == row[field]:
                continue
            former = [one for one in every if (one["record_kind"], one["record"], one["field"], one["status"]) == (kind.name, row["id"], field, "adopted")]
            over = {"status": "superseded", "superseded_at": "2026-03-01", "reason_en": "better reading"}
            claims += [{**one, **over} for one in former] or [claim(field, row[field], "superseded", superseded_at="2026-03-01", reason_en="better")]
            claims.append(claim(field, new, "adopted"))
            row[field] = new
    elif act == "metadata":
        row["note_en"] = chance.choice(["a note", None, "another"])
    elif act == "compete":
        claims.append(claim(kind.title[0], chance.choice([row[kind.title[0]], "Another name"]), "competing"))
    elif act == "withdraw":
        claims.append(claim("*", None, "withdrawn", reason_en="entered twice"))
    elif act == "judge" and every:
        one = chance.choice([one for one in every if one["status"] != "adopted"] or every)
        claims.append({**one, "reason_en": f"looked at again {chance.random()}"})
    elif act == "new":
        row["id"] = f"{row['id']}-{chance.getrandbits(40):x}"
    schema = dict.fromkeys(kinds()["claim"].columns, pl.String)
    rows = {kind.name: pl.DataFrame([row], schema=dict.fromkeys(kind.columns, pl.String))}
    return rows | ({"claim": pl.DataFrame(claims, schema=schema)} if claims else {})


@pytest.mark.parametrize("seed", range(12))
def test_folding_gives_back_what_was_written(small_register: Register, seed: int) -> None:
    """After every one of many random edits the folded tables equal the register's, and only touched records took entries."""
    chance, ledger, register = random.Random(seed), InMemory(), small_register
    drafts, count = first_drafts(register.tables)
    ledger.append(list(drafts))
    assert len(ledger.rows) == count
    for _ in range(25):
        rows = random_rows(register, chance)
        if not rows:
            continue
        made = folded(ledger.entries)
        ledger.append(differences(ledger.entries, made.keys, rows))
        register = register.with_rows(rows)
        assert texts(folded(ledger.entries).tables) == texts(register.tables)
    assert not differences(ledger.entries, folded(ledger.entries).keys, {name: table for name, table in register.tables.items() if table.height})


@pytest.mark.django_db
def test_export_and_reading_again_give_the_same_snapshot(small_register: Register, tmp_path: Path) -> None:
    """A package that goes through the ledger keeps its hash for the public and for its keepers."""
    LoadPackage(actor=None, register=small_register).run()
    assert snapshot_for(comity.register.readers.Reader()).hash == small_register.snapshot().hash
    export_ledger(tmp_path / "out")
    again = comity.load(tmp_path / "out")
    assert again.snapshot("everything").hash == small_register.snapshot("everything").hash
    assert again.settings["home"] == "KOR"


@pytest.mark.django_db
def test_the_shipped_package_goes_through_the_ledger_unchanged() -> None:
    """Every one of its claims."""
    written = load_package("kor")
    assert written > 100_000
    assert current().register.snapshot().hash == comity.load("kor").snapshot().hash
    assert verify().broken is None


@pytest.mark.django_db
def test_a_package_is_loaded_once(small_register: Register) -> None:
    """A second load is refused and changes nothing."""
    LoadPackage(actor=None, register=small_register).run()
    head = Head.objects.get(name="ledger").number
    with pytest.raises(Refused):
        LoadPackage(actor=None, register=small_register).run()
    assert Head.objects.get(name="ledger").number == head


@pytest.mark.django_db
def test_a_package_with_faults_is_not_loaded(small_package: Path) -> None:
    """All faults are told, nothing is written."""
    (small_package / "exercises.csv").write_text("id,title_en\nx,Y\n")
    with pytest.raises(PackageFaults):
        load_package(small_package)
    assert Head.objects.get(name="ledger").number == 0
    assert Event.objects.count() == 0


class Edit(Action[None]):
    """An edit that may be made to fail after it was written."""

    permission, audit_event = "record.review", "record-edited"
    rows: dict[str, pl.DataFrame]
    fails = False

    def perform(self, event: Event) -> None:
        """Write the rows; fail where asked to."""
        write(event, self.rows, current())
        if self.fails:
            raise RuntimeError("after the write")


def edit(rows: dict[str, pl.DataFrame], *, fails: bool = False) -> None:
    """Make these rows stand."""
    action = Edit(actor=None)
    action.rows, action.fails = rows, fails
    action.run()


@pytest.mark.django_db
def test_catching_up_equals_reading_anew(small_register: Register) -> None:
    """A process that follows edit by edit holds what one that starts afresh reads, and its snapshots are equal too."""
    LoadPackage(actor=None, register=small_register).run()
    chance, reader = random.Random(5), comity.register.readers.Reader()
    for _ in range(15):
        rows = random_rows(current().register, chance)
        if rows:
            edit(rows)
        followed, shown = texts(current().register.tables), snapshot_for(reader).hash
        forget()
        assert texts(current().register.tables) == followed
        assert current().register.snapshot(reader).hash == shown
    assert verify().broken is None


@pytest.mark.django_db
def test_a_failed_act_leaves_neither_entries_nor_event(small_register: Register) -> None:
    """Effect and event stand or fall together, and what a process holds follows."""
    LoadPackage(actor=None, register=small_register).run()
    before, events = snapshot_for(comity.register.readers.Reader()).hash, Event.objects.count()
    rows = {"exercise": current().register.tables["exercise"].drop(LINE, FILE).head(1).with_columns(title_en=pl.lit("Changed"))}
    with pytest.raises(RuntimeError):
        edit(rows, fails=True)
    assert snapshot_for(comity.register.readers.Reader()).hash == before
    assert Event.objects.count() == events
    assert verify().broken is None


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET type = 'judgement' WHERE number = 3",
        "DELETE FROM ledger_entry WHERE number = 3",
        "UPDATE ledger_entry SET content = 'x' WHERE number = 3",
    ],
)
def test_the_database_itself_refuses_changes(small_register: Register, statement: str) -> None:
    """Whoever asks, in whatever words."""
    LoadPackage(actor=None, register=small_register).run()
    with pytest.raises(DatabaseError), transaction.atomic():
        _sql(statement)


TAMPERED = {
    "content": ("UPDATE ledger_entry SET content = replace(content, 'KOR', 'PRK') WHERE number = %s", 0),
    "type": ("UPDATE ledger_entry SET type = 'judgement' WHERE number = %s", 0),
    "salt": ("UPDATE ledger_entry SET salt = claim WHERE number = %s", 0),
    "removed": ("DELETE FROM ledger_entry WHERE number = %s", 0),
    "event": ("UPDATE ledger_entry SET record = claim WHERE number = %s", 0),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", TAMPERED)
def test_verifying_names_the_entry_that_was_tampered_with(small_register: Register, what: str, tampering: None) -> None:
    """The first entry that does not hold is named."""
    LoadPackage(actor=None, register=small_register).run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(number) FROM ledger_entry WHERE number > 20 AND content LIKE %s", ['%"value":"KOR"%'])
        number = int(cursor.fetchone()[0])
    statement, _ = TAMPERED[what]
    _sql(statement, number)
    found = verify().broken
    assert found is not None
    assert found.number == number
    assert str(number) in found.what.en
    assert str(number) in found.what.ko


@pytest.mark.django_db
def test_verifying_sees_entries_in_each_others_place(small_register: Register, tampering: None) -> None:
    """Two entries that changed places."""
    LoadPackage(actor=None, register=small_register).run()
    for old, new in ((7, -1), (8, 7), (-1, 8)):
        _sql("UPDATE ledger_entry SET number = %s WHERE number = %s", new, old)
    found = verify().broken
    assert found is not None
    assert found.number == 7


@pytest.mark.django_db
def test_verifying_sees_a_cut_end_and_a_rewritten_chain(small_register: Register, tampering: None) -> None:
    """The last entries removed; and a chain that holds but is not the one whose head was noted."""
    LoadPackage(actor=None, register=small_register).run()
    head = Head.objects.get(name="ledger")
    noted = (head.number, bytes(head.link))
    assert verify(noted).broken is None
    assert verify((noted[0], bytes(32))).broken is not None
    assert verify((noted[0] + 5, bytes(32))).broken is not None
    _sql("DELETE FROM ledger_entry WHERE number > %s", noted[0] - 3)
    found = verify().broken
    assert found is not None
    assert found.number == noted[0] - 2


@pytest.mark.django_db
def test_a_snapshot_stays_the_same_object_while_nothing_visible_changes(marked_register: Register) -> None:
    """An edit of what a class may not see leaves its snapshot untouched, hash, object and all."""
    LoadPackage(actor=None, register=marked_register).run()
    public, keeper = comity.register.readers.Reader(), comity.register.readers.Reader("KOR")
    before, kept = snapshot_for(public), snapshot_for(keeper)
    hidden = current().register.tables["exercise"].filter(pl.col("marking") != "public").drop(LINE, FILE).head(1)
    edit({"exercise": hidden.with_columns(title_en=pl.lit("Quite another name"))})
    assert snapshot_for(public) is before
    assert snapshot_for(keeper).hash != kept.hash


@pytest.mark.django_db
def test_a_past_day_is_read_as_it_was_known(small_register: Register) -> None:
    """`known_at` cuts by the day of entry."""
    LoadPackage(actor=None, register=small_register).run()
    reader = comity.register.readers.Reader()
    assert snapshot_for(reader, date(2020, 1, 1)).exercises.is_empty()
    assert snapshot_for(reader, date(2026, 6, 1)).hash == small_register.snapshot(known_at=date(2026, 6, 1)).hash
