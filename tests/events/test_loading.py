"""Loads are whole or nothing, once only, and account for every line."""

from __future__ import annotations

import errno
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_events import lines_source, read_lines, write_lines

from comity.events import loading, parts
from comity.events.compacting import compact
from comity.events.ledger import LEDGER_FILE
from comity.events.loading import LoadSummary, load
from comity.events.panels import PanelSpec, panel
from comity.events.querying import query
from comity.events.store import Store, open_store
from comity.vocab.errors import DiskFull, LedgerDamaged, LinesLost, NoStore, StoreLocked, StoreNotWritable

Made = tuple[Store, Path]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store", create=True)


def fill(store: Store, *paths: Path, **options: Any) -> LoadSummary:
    return load(store, list(paths), source_of=lines_source, **options)


def contents(store: Store) -> pl.DataFrame:
    return query(store, "SELECT * EXCLUDE (file_no, line) FROM events ORDER BY source, event_id")


def counts(store: Store) -> tuple[int, int, int]:
    told = query(store, "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM quarantine), (SELECT count(*) FROM duplicates)").row(0)
    return int(told[0]), int(told[1]), int(told[2])


# --- what is loaded -------------------------------------------------------------------------------------------------------------------


def test_every_line_is_a_row_in_quarantine_or_a_duplicate(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a-1.txt", [1, 2, None, 3, 2, 1, None, None])
    summary = fill(store, path)
    assert summary.totals == {"lines": 8, "rows": 3, "quarantined": 3, "duplicates": 2}
    assert summary.reasons == {"date": 3}
    assert counts(store) == (3, 3, 2)
    told = query(store, "SELECT file, line, field, reason, text FROM quarantine ORDER BY line").rows()
    assert told == [("a-1.txt", line, "day", "date", "!") for line in (3, 7, 8)]
    again = query(store, "SELECT line, event_id, first_file_no, first_line FROM duplicates ORDER BY line").rows()
    assert again == [(5, "1000002", 1, 2), (6, "1000001", 1, 1)]


def test_status_tells_what_was_put_in(store: Store, tmp_path: Path) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [*range(40), None]), write_lines(tmp_path / "b-2.txt", [*range(30, 60)]))
    first, second = store.ledger.files
    assert (first.name, first.source, first.lines, first.rows, first.quarantined, first.duplicates) == ("a-1.txt", "a", 41, 40, 1, 0)
    assert (second.source, second.rows, second.duplicates) == ("b", 30, 0)
    rows = query(store, "SELECT min(day), max(day), min(added_at), max(added_at) FROM events WHERE file_no = 1").row(0)
    assert rows == (first.day_first, first.day_last, first.added_first, first.added_last)
    assert query(store, "SELECT name, rows, sha256 FROM files ORDER BY no").rows() == [(one.name, one.rows, one.sha256) for one in (first, second)]
    assert first.sha256 == loading.hash_of(tmp_path / "a-1.txt")


def test_the_same_bytes_are_loaded_once_whatever_their_name(store: Store, tmp_path: Path) -> None:
    one = write_lines(tmp_path / "a-1.txt", [1, 2, 3])
    other = write_lines(tmp_path / "a-2.txt", [1, 2, 3])
    summary = fill(store, one, other)
    assert [path.name for path, _ in summary.known] == ["a-2.txt"]
    digest = store.ledger.digest
    again = fill(open_store(store.path), one, other)
    assert (again.loaded, len(again.known)) == ([], 2)
    assert open_store(store.path).ledger.digest == digest
    assert counts(store) == (3, 0, 0)


def test_an_id_seen_in_an_earlier_file_is_a_duplicate_of_its_source_only(store: Store, tmp_path: Path) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [*range(10, 20)]))
    fill(store, write_lines(tmp_path / "a-2.txt", [*range(15, 25)]), write_lines(tmp_path / "b-1.txt", [*range(12, 14)]))
    assert query(store, "SELECT source, count(*), count(DISTINCT event_id) FROM events GROUP BY 1 ORDER BY 1").rows() == [("a", 15, 15), ("b", 2, 2)]
    assert query(store, "SELECT source, event_id, file_no, first_file_no FROM duplicates ORDER BY 2").rows() == [
        ("a", str(1000000 + n), 2, 1) for n in range(15, 20)
    ]


def test_only_parts_that_can_hold_the_same_ids_are_read(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [*range(10)]))
    fill(store, write_lines(tmp_path / "a-2.txt", [*range(100, 110)]))
    opened: list[str] = []
    whole = pl.read_parquet
    monkeypatch.setattr(pl, "read_parquet", lambda path, **more: opened.append(str(path)) or whole(path, **more))
    fill(store, write_lines(tmp_path / "a-3.txt", [*range(50, 60)]))
    assert opened == []
    fill(store, write_lines(tmp_path / "a-4.txt", [55]))
    assert opened
    assert all(
        part.id_low and part.id_low.lstrip("0") <= "1000055" <= str(part.id_high).lstrip("0")
        for part in store.ledger.parts
        if str(store.path / part.path) in opened
    )
    assert counts(store)[2] == 1


def test_a_file_that_breaks_at_its_end_leaves_nothing_and_the_others_stay(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_LINES", 5)
    broken = write_lines(tmp_path / "a-2.txt", [*range(20, 40)])
    broken.write_text(broken.read_text() + "cut off\n")
    summary = fill(store, write_lines(tmp_path / "a-1.txt", [*range(10)]), broken, write_lines(tmp_path / "a-3.txt", [*range(35, 50)]))
    assert [path.name for path, _ in summary.failed] == ["a-2.txt"]
    assert [entry.name for entry in store.ledger.files] == ["a-1.txt", "a-3.txt"]
    assert counts(store) == (25, 0, 0)
    assert not list((store.path / "staging").glob("*"))


def test_a_reader_that_loses_a_line_is_not_trusted(store: Store, tmp_path: Path) -> None:
    def losing(path: Path, *, batch_lines: int = 0) -> Any:
        for batch in read_lines(path):
            yield loading.Batch(batch.events.head(-1), batch.quarantine, batch.lines)

    summary = load(store, [write_lines(tmp_path / "a-1.txt", [1, 2, 3])], source_of=lambda path: loading.Source("a", losing))
    assert isinstance(summary.failed[0][1], LinesLost)
    assert counts(store) == (0, 0, 0)


def test_rows_beyond_memory_wait_on_disk_and_none_is_lost(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SPILL_ROWS": 40, "FLUSH_ROWS": 150, "PART_ROWS": 60}.items():
        monkeypatch.setattr(parts, name, value)
    monkeypatch.setattr(loading, "BATCH_LINES", 25)
    fill(store, write_lines(tmp_path / "a-1.txt", [*range(500), *range(490, 500), None]))
    assert counts(store) == (500, 1, 10)
    assert max(part.rows for part in store.ledger.parts_of("events")) <= 60
    assert not list((store.path / "staging").glob("*"))
    assert query(store, "SELECT sum(n) FROM months").item() == 500


# --- killed, locked, full, damaged ------------------------------------------------------------------------------------------------------

LOADER = """
import sys
from pathlib import Path
from comity.events import loading, parts
from comity.events.store import open_store
from made_events import lines_source
loading.BATCH_LINES, parts.SPILL_ROWS = 20, 30
print("ready", flush=True)
loading.load(open_store(sys.argv[1], create=True), [Path(name) for name in sys.argv[2:]], source_of=lines_source, commit_rows=60)
"""


def killed_loads(tmp_path: Path, times: int, seed: int) -> None:
    rng = random.Random(seed)
    files = [write_lines(tmp_path / f"a-{n}.txt", [*range(n * 50, n * 50 + 60), None]) for n in range(8)]
    clean = open_store(tmp_path / "clean", create=True)
    fill(clean, *files)
    command = [sys.executable, "-c", LOADER, str(tmp_path / "store"), *map(str, files)]
    sizes = []
    for _ in range(times):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.12))
            process.send_signal(signal.SIGKILL)
        store = open_store(tmp_path / "store", create=True)
        told = query(store, "SELECT (SELECT count(*) FROM events), (SELECT coalesce(sum(rows), 0) FROM files), (SELECT coalesce(sum(n), 0) FROM months)").row(0)
        assert told[0] == told[1] == told[2]
        sizes.append(int(told[0]))
    assert sizes == sorted(sizes)
    fill(open_store(tmp_path / "store"), *files)
    finished = open_store(tmp_path / "store")
    assert contents(finished).equals(contents(clean))
    assert counts(finished) == counts(clean)
    named = {part.path for part in finished.ledger.parts}
    assert {str(path.relative_to(finished.path)) for path in finished.path.rglob("*.parquet")} == named


def test_a_load_killed_anywhere_leaves_whole_files_and_goes_on(tmp_path: Path) -> None:
    killed_loads(tmp_path, 4, seed=1)


@pytest.mark.long
def test_a_load_killed_many_times_leaves_whole_files_and_goes_on(tmp_path: Path) -> None:
    for seed in range(2, 17):
        (tmp_path / str(seed)).mkdir()
        killed_loads(tmp_path / str(seed), 4, seed)


@pytest.mark.parametrize("step", ["flush", "last", "append", "write_part"])
def test_a_load_that_dies_between_two_steps_leaves_the_store_as_it_was(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [*range(10)]))
    digest, second = store.ledger.digest, write_lines(tmp_path / "a-2.txt", [*range(10, 400)])

    class Died(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        if step in ("flush", "last"):
            patched.setattr(parts.Parts, step, die)
        else:
            patched.setattr(loading if step == "append" else parts, step, die)
        with pytest.raises(Died):
            fill(store, second)
    assert open_store(store.path).ledger.digest == digest
    fill(open_store(store.path), second)
    assert counts(open_store(store.path)) == (400, 0, 0)


def test_an_interrupt_leaves_a_valid_store(store: Store, tmp_path: Path) -> None:
    files = [write_lines(tmp_path / f"a-{n}.txt", [*range(n * 10, n * 10 + 10)]) for n in range(4)]

    def stop(progress: loading.Progress) -> None:
        if progress.files_done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(store, *files, told=stop, commit_rows=1)
    assert [entry.name for entry in open_store(store.path).ledger.files] == ["a-0.txt", "a-1.txt"]
    summary = fill(open_store(store.path), *files)
    assert (len(summary.known), len(summary.loaded)) == (2, 2)


def test_two_loads_at_once_are_refused(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a-1.txt", [1])
    with store.writing(), pytest.raises(StoreLocked) as refused:
        fill(open_store(store.path), path)
    assert str(os.getpid()) in refused.value.in_("en")
    assert str(store.path) in refused.value.in_("ko")
    assert fill(open_store(store.path), path).totals["rows"] == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_damaged_ledger_names_the_file_and_how_to_mend_it(store: Store, tmp_path: Path, place: int) -> None:
    for n in range(2):
        fill(store, write_lines(tmp_path / f"a-{n}.txt", [n]))
    ledger = store.path / LEDGER_FILE
    lines = ledger.read_bytes().splitlines(keepends=True)
    lines[place] = lines[place][:20] + b"#" + lines[place][21:]
    ledger.write_bytes(b"".join(lines))
    with pytest.raises(LedgerDamaged) as refused:
        open_store(store.path)
    assert str(ledger) in refused.value.in_("en")
    assert f"line {place + 1}" in refused.value.in_("en")
    assert f"{place + 1}행" in refused.value.in_("ko")
    if place:  # the mending that the message gives
        ledger.write_bytes(b"".join(lines[:place]))
        mended = open_store(store.path)
        assert fill(mended, *(tmp_path / f"a-{n}.txt" for n in range(2))).totals["rows"] == 3 - place
        assert counts(mended) == (2, 0, 0)


def test_half_a_line_at_the_ledgers_end_counts_for_nothing(store: Store, tmp_path: Path) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [1]))
    ledger = store.path / LEDGER_FILE
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b"01234567\t[{")
    assert open_store(store.path).ledger.digest == store.ledger.digest
    fill(open_store(store.path), write_lines(tmp_path / "a-2.txt", [2]))
    assert counts(open_store(store.path)) == (2, 0, 0)


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EROFS, StoreNotWritable), (errno.EACCES, StoreNotWritable)])
def test_a_full_disk_and_a_read_only_store_are_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]) -> None:
    fill(store, write_lines(tmp_path / "a-1.txt", [1]))
    digest = store.ledger.digest

    def refuse(path: Path, rows: pl.DataFrame) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(parts, "write_part", refuse)
        with pytest.raises(error, match="store"):
            fill(store, write_lines(tmp_path / "a-2.txt", [2]))
    assert open_store(store.path).ledger.digest == digest
    assert counts(open_store(store.path)) == (1, 0, 0)


def test_a_real_limit_of_file_size_is_told_as_a_full_disk(tmp_path: Path) -> None:
    files = [str(write_lines(tmp_path / "a-1.txt", [*range(2000)]))]
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n" + LOADER
    done = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "store"), *files], capture_output=True, text=True, cwd=Path(__file__).parent, check=False
    )
    assert "DiskFull" in done.stderr, done.stderr[-2000:]
    assert open_store(tmp_path / "store").ledger.files == ()


def test_a_folder_with_other_things_does_not_become_a_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(NoStore):
        open_store(tmp_path, create=True)
    with pytest.raises(NoStore):
        open_store(tmp_path / "nothing")


# --- order, splitting, compacting ---------------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(0, 60), min_size=1, max_size=120), cuts=st.lists(st.integers(0, 120), max_size=4), seed=st.integers(0, 99))
def test_order_and_splitting_of_files_change_no_panel(tmp_path_factory: pytest.TempPathFactory, numbers: list[int], cuts: list[int], seed: int) -> None:
    tmp_path = tmp_path_factory.mktemp("split")
    whole = open_store(tmp_path / "whole", create=True)
    fill(whole, write_lines(tmp_path / "a-0.txt", list(numbers)))
    edges = sorted({0, *(cut for cut in cuts if cut < len(numbers)), len(numbers)})
    files = [write_lines(tmp_path / f"a-{at}.txt", list(numbers[start:end])) for at, (start, end) in enumerate(itertools.pairwise(edges), 1)]
    random.Random(seed).shuffle(files)
    split = open_store(tmp_path / "split", create=True)
    fill(split, *files, commit_rows=1 + seed)
    for spec in (PanelSpec(by="quad", unknown=True), PanelSpec(step="week", split=("roles",), unknown=True, weigh_tone=True)):
        one, other = panel(whole, spec), panel(split, spec)
        assert one.rows.equals(other.rows)
        assert one.sides.equals(other.sides)
        assert one.rows["events"].sum() == len(set(numbers))


def test_compacting_keeps_every_answer(store: Store, tmp_path: Path) -> None:
    for n in range(6):
        fill(store, write_lines(tmp_path / f"a-{n}.txt", [*range(n * 30, n * 30 + 40), None]))
    specs = [PanelSpec(by="root", unknown=True), PanelSpec(step="day", split=("place", "roles"))]
    before, rows, refused = [panel(store, spec).rows for spec in specs], contents(store), counts(store)
    told = compact(store)
    assert told.parts_after < told.parts_before
    assert len(store.ledger.parts_of("events")) == len({part.month for part in store.ledger.parts_of("events")})
    again = open_store(store.path)
    assert all(panel(again, spec).rows.equals(old) for spec, old in zip(specs, before, strict=True))
    assert contents(again).equals(rows)
    assert counts(again) == refused
    assert len(again.ledger.files) == 6
    assert {str(path.relative_to(store.path)) for path in store.path.rglob("*.parquet")} == {part.path for part in again.ledger.parts}
    fill(again, write_lines(tmp_path / "a-9.txt", [0, 500]))
    assert counts(again) == (refused[0] + 1, refused[1], refused[2] + 1)
    assert compact(again).parts_after <= compact(again).parts_before


@pytest.mark.parametrize("step", ["_merge", "_replace", "rewrite"])
def test_compacting_that_dies_changes_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    from comity.events import compacting

    for n in range(3):
        fill(store, write_lines(tmp_path / f"a-{n}.txt", [*range(n * 30, n * 30 + 30)]))
    rows = contents(store)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(compacting, step, die)
        with pytest.raises(KeyboardInterrupt):
            compact(store)
    again = open_store(store.path)
    assert contents(again).equals(rows)
    compact(again)
    assert contents(open_store(store.path)).equals(rows)


def test_a_reader_whose_parts_were_compacted_away_looks_again(store: Store, tmp_path: Path) -> None:
    for n in range(3):
        fill(store, write_lines(tmp_path / f"a-{n}.txt", [*range(n * 30, n * 30 + 30)]))
    reading = open_store(store.path)
    compact(store)
    assert query(reading, "SELECT count(*) FROM events").item() == 90
    assert panel(reading, PanelSpec(unknown=True)).rows["events"].sum() == 90
