"""The benchmark of the event store computes the same with every program that it times; speeds are not asserted here."""

from __future__ import annotations

import json
from pathlib import Path

from bench.event_store import RUNS, _with_other_ids
from bench.event_store_peers import PEERS
from bench.gdelt_made import write_export


def test_all_programs_find_the_same_events(tmp_path: Path) -> None:
    export = write_export(tmp_path / "20200101000000.export.CSV", 4000, seed=2)
    ours = RUNS["load"](str(export), str(tmp_path / "store"))
    assert ours["events"] > 100
    again = RUNS["panel"](str(tmp_path / "store"))
    assert (again["groups"], again["events"]) == (ours["groups"], ours["events"])
    for name in PEERS:
        told = RUNS[name](str(export))
        assert told["seconds"] > 0
        assert told.get("events", ours["events"]) == ours["events"], name
        assert told.get("groups", ours["groups"]) == ours["groups"], name
        assert told.get("rows", 4000) == 4000, name
        json.dumps(told)


def test_files_with_other_ids_are_no_duplicates(tmp_path: Path) -> None:
    export = write_export(tmp_path / "first.CSV", 3000, seed=2)
    other = _with_other_ids(export, tmp_path / "other.CSV", 4)
    one, two = export.read_bytes().splitlines(), other.read_bytes().splitlines()
    assert [line[2:] for line in one] == [line[2:] for line in two]
    assert not {line[:9] for line in one} & {line[:9] for line in two}
    told = RUNS["many"]("3", "3000", str(tmp_path))
    assert len(told["rows_a_second"]) == 3
