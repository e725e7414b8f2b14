"""Happenings: groups by hand, chains and circles, and the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comity.measures.happenings import happenings
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds


def event(name: str, leader: str | None = None) -> dict[str, Any]:
    cells = {"id": name, "start": "2020-01-01", "source_actors": "KOR", "target_actors": "USA", "summary_en": name}
    return cells | ({"counted_with": leader} if leader else {})


def test_records_stand_under_the_one_that_leads_them(tiny: Callable[..., Snapshot]) -> None:
    rows = {
        "event": [event("a"), event("b", "event:a"), event("c", "event:b"), event("d", "dialogue:m"), event("e")],
        "dialogue": [{"id": "m", "series": "s", "start": "2020-01-01", "parties": "KOR;USA"}],
    }
    assert happenings(tiny(rows)).rows() == [
        ("dialogue:m", "dialogue", 1, ["dialogue:m", "event:d"]),
        ("event:a", "event", 2, ["event:a", "event:b", "event:c"]),
    ]


def test_records_that_name_each_other_are_one_group(tiny: Callable[..., Snapshot]) -> None:
    groups = happenings(tiny({"event": [event("a", "event:b"), event("b", "event:a")]}))
    assert groups["records"].to_list() == [["event:a", "event:b"]]


def test_every_retold_record_of_the_shipped_register_is_in_one_group(kor: Snapshot) -> None:
    groups = happenings(kor)
    told = sum(kor.table(kind)["counted_with"].is_not_null().sum() for kind, declared in kinds().items() if declared.has("counted_with"))
    assert groups["retold"].sum() == told
    listed = groups["records"].explode()
    assert listed.n_unique() == len(listed)
    assert all(kor.has_record(ref) for ref in listed)
