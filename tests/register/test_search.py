"""Search: words of both languages are found as a person expects, ranked, quickly and only where the reader may look."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.register import search as search_module
from comity.register.register import Register
from comity.register.search import _folded, _index, fold, matching, search
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownKind

Tiny = Callable[..., Snapshot]


def ids(frame: pl.DataFrame) -> list[str]:
    return [f"{kind}:{one}" for kind, one in frame.select("kind", "id").iter_rows()]


def exercise(name: str, **cells: Any) -> dict[str, Any]:
    return {"id": name, "series": "s", "title_en": name, "participants": "KOR;USA", "start": "2020-01-01"} | cells


LETTERS = st.one_of(st.characters(max_codepoint=0x024F), st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from("\u0301\u0308ⅡＡ·『』—"))


@settings(deadline=None)
@given(st.text(alphabet=LETTERS, max_size=30))
def test_a_column_is_folded_like_the_words(text: str) -> None:
    column = pl.DataFrame({"t": [text]}).select(_folded(pl.col("t"))).item()
    assert column.split() == fold(text).split()


@pytest.mark.parametrize("words", ["Türkiye", "TURKIYE", "turkiye", unicodedata.normalize("NFD", "Türkiye"), "türk"])
def test_case_and_diacritics_do_not_matter(tiny: Tiny, words: str) -> None:
    assert ids(search(tiny({"exercise": [exercise("a", title_en="Drill with Türkiye"), exercise("b")]}), words, kinds=["exercise"])) == ["exercise:a"]


@pytest.mark.parametrize("words", ["자유의", "방패", unicodedata.normalize("NFD", "방패"), "연합 방패", "방패연습"])
def test_korean_words_are_found_inside_longer_ones(tiny: Tiny, words: str) -> None:
    snapshot = tiny({"exercise": [exercise("a", title_ko="한미연합 자유의방패연습을"), exercise("b", title_ko="한미연합훈련")]})
    assert ids(search(snapshot, words, kinds=["exercise"])) == ["exercise:a"]


def test_latin_words_are_found_from_their_beginning_only(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("x1", title_en="Airborne exercises"), exercise("x2", title_en="Repair")]})
    assert ids(search(snapshot, "air exercis", kinds=["exercise"])) == ["exercise:x1"]


def test_all_words_must_occur_wherever_they_stand(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("a", title_en="Shield", summary_en="Held at sea"), exercise("b", title_en="Shield")]})
    found = search(snapshot, "sea SHIELD", kinds=["exercises"])
    assert ids(found) == ["exercise:a"]
    assert found["where"].to_list() == ["summary"]


def test_the_exact_id_then_titles_then_summaries_then_other_text_newest_first(tiny: Tiny) -> None:
    rows = [
        exercise("note", note_en="shield", start="2026"),
        exercise("told", summary_en="shield", start="2025-01"),
        exercise("old", title_en="Shield", start="2001"),
        exercise("new", title_en="Shield", start="2024-03-04"),
        exercise("shield", start="1990"),
    ]
    found = search(tiny({"exercise": rows}), "shield", kinds=["exercise"])
    assert found["id"].to_list() == ["shield", "new", "old", "told", "note"]
    assert found["where"].to_list() == ["id", "title", "title", "summary", "text"]
    assert found["date"].to_list() == ["1990", "2024-03-04", "2001", "2025-01", "2026"]
    assert search(tiny({"exercise": rows}), "shield", kinds=["exercise"], limit=2)["id"].to_list() == ["shield", "new"]


def test_names_of_actors_labels_and_linked_titles_are_part_of_a_title(tiny: Tiny) -> None:
    rows = {
        "partner": [{"id": "aus-partner", "actor": "AUS", "status": "strategic_partner"}],
        "dialogue_series": [{"id": "talks", "title_en": "Security talks", "title_ko": "안보정책대화"}],
        "dialogue": [{"id": "d1", "series": "talks", "start": "2020", "parties": "KOR;USA"}],
    }
    snapshot = tiny(rows)
    assert ids(search(snapshot, "호주 전략적동반자", kinds=["partner"])) == ["partner:aus-partner"]
    assert ids(search(snapshot, "정책대화", kinds=["dialogue"])) == ["dialogue:d1"]


def test_nothing_is_found_for_no_words_and_kinds_are_checked(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("a")]})
    assert search(snapshot, " -,. ").is_empty()
    assert search(snapshot, "a", limit=0).is_empty()
    with pytest.raises(UnknownKind):
        search(snapshot, "a", kinds=["nonsense"])


def test_a_reader_finds_only_what_the_reader_may_see(tiny_register: Callable[..., Register]) -> None:
    secret = {"id": "closed", "name_en": "Closed", "name_ko": "비공개", "public": "false", "owner": "KOR"}
    register = tiny_register({"exercise": [exercise("open", title_en="Shield"), exercise("hidden", title_en="Shield", marking="closed")], "marking": [secret]})
    assert search(register.snapshot(), "shield", kinds=["exercise"])["id"].to_list() == ["open"]
    assert set(search(register.snapshot("KOR"), "shield", kinds=["exercise"])["id"]) == {"open", "hidden"}


def test_the_language_of_titles_follows_the_words_unless_told(kor: Snapshot) -> None:
    assert search(kor, "지소미아")["title"].str.contains("[가-힣]").all()
    assert search(kor, "kor-jpn-gsomia-2016")["title"][0] == "GSOMIA with Japan"
    assert search(kor, "kor-jpn-gsomia-2016", lang="ko")["title"].str.contains("[가-힣]")[0]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("agreement:kor-jpn-gsomia-2016", "agreement:kor-jpn-gsomia-2016"),
        ("foal eagle 2017", "exercise:foal-eagle-2017"),
        ("mutual defense treaty", "agreement:kor-usa-mutual-defense-treaty-1953"),
        ("상호방위조약", "agreement:kor-usa-mutual-defense-treaty-1953"),
        ("을지 자유", "exercise_series:ulchi-freedom-shield"),
    ],
)
def test_what_an_officer_would_type_is_among_the_first_ten(kor: Snapshot, words: str, wanted: str) -> None:
    assert wanted in ids(search(kor, words, limit=10))


def test_a_search_over_the_shipped_register_is_quick(kor: Snapshot) -> None:
    search(kor, "warm")
    assert sum(kor.frame(kind).height for kind in ("event", "exercise", "dialogue", "source", "agreement", "actor")) > 4000
    times = []
    for words in ("defence minister", "핵실험", "freedom shield"):
        begun = time.perf_counter()
        search(kor, words)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.3


# --- after an edit ------------------------------------------------------------------------------------------------------------------

SERIES = {
    "dialogue_series": [{"id": "talks", "title_en": "Security talks", "title_ko": "안보정책대화"}, {"id": "other", "title_en": "Other", "title_ko": "다른"}],
    "dialogue": [
        {"id": "d1", "series": "talks", "edition": "1", "start": "2020", "parties": "KOR;USA"},
        {"id": "d2", "series": "other", "start": "2021", "parties": "KOR;JPN"},
    ],
    "partner": [{"id": "aus-partner", "actor": "AUS", "status": "strategic_partner"}],
    "exercise": [exercise("a"), exercise("b", summary_en="Held at sea")],
    "marking": [{"id": "closed", "name_en": "Closed", "name_ko": "비공개", "public": "false", "owner": "KOR"}],
}


def row(register: Register, kind: str, record: str, /, **cells: str | None) -> dict[str, pl.DataFrame]:
    """One row as it stands with other cells; a new one is made from the kind's first."""
    table = register.tables[kind].drop("_line", "_file", strict=False)
    own = table.filter(pl.col("id") == record)
    whole = (own if own.height else table.head(1)).row(0, named=True) | {"id": record} | cells
    return {kind: pl.DataFrame([whole], schema=dict.fromkeys(table.columns, pl.String))}


EDITS: list[tuple[str, dict[str, Any]]] = [
    ("exercise:a", {"title_en": "Renamed drill"}),
    ("exercise:new", {"title_en": "A new drill"}),
    ("dialogue_series:talks", {"title_en": "Defence talks", "title_ko": "국방정책대화"}),
    ("actor:AUS", {"short_en": "Down under"}),
    ("exercise:b", {"marking": "closed"}),
    ("exercise:b", {"marking": "public"}),
    ("claim:c", {"marking": "closed"}),
    ("claim:exercise.a.title", {"record_kind": "exercise", "record": "a", "field": "title_en", "value": "Old", "status": "superseded"}),
]


def held(layers: Mapping[Any, Any]) -> dict[Any, Any]:
    """What a mapping holds after edits; an empty value lies where something was taken away."""
    return {key: value for key, value in layers.items() if value}


def test_the_index_after_edits_is_the_one_that_would_be_made_anew(tiny_register: Callable[..., Register]) -> None:
    first = {"id": "c", "record_kind": "exercise", "record": "b", "field": "note_en", "value": "v", "status": "competing"}
    register = tiny_register(SERIES | {"claim": [first]})
    snapshot = register.snapshot()
    search(snapshot, "warm")
    assert snapshot._where["a"] == ["exercise"]
    assert list(snapshot._claims_by_record) == [("exercise", "b")]
    for ref, cells in EDITS:
        kind, _, record = ref.partition(":")
        register = register.with_rows(row(register, kind, record, **cells))
        snapshot = snapshot.after(register, {kind: [record]})
        by = ["kind", "id"]
        fresh = register.snapshot()
        assert _index(snapshot).sort(by).equals(_index(fresh).sort(by)), ref
        assert (held(snapshot._where), held(snapshot._claims_by_record)) == (fresh._where, fresh._claims_by_record), ref
    assert ids(search(snapshot, "국방정책대화 KOR", kinds=["dialogue"])) == []
    assert ids(search(snapshot, "국방정책대화", kinds=["dialogue"])) == ["dialogue:d1"]
    assert ids(search(snapshot, "under strategic")) == ["partner:aus-partner"]


def test_several_edits_before_the_next_search_are_all_seen(tiny_register: Callable[..., Register]) -> None:
    register = tiny_register(SERIES)
    snapshot = register.snapshot()
    search(snapshot, "warm")
    for name in ("a", "b", "new"):
        register = register.with_rows(row(register, "exercise", name, title_en=f"Heron {name}"))
        snapshot = snapshot.after(register, {"exercise": [name]})
    assert set(search(snapshot, "heron")["id"]) == {"a", "b", "new"}


def test_an_edit_folds_only_what_it_touches(tiny_register: Callable[..., Register], monkeypatch: pytest.MonkeyPatch) -> None:
    register = tiny_register(SERIES)
    snapshot = register.snapshot()
    search(snapshot, "warm")
    folded: list[tuple[str, int]] = []
    written = search_module._written
    monkeypatch.setattr(search_module, "_written", lambda s, kind, frame, made: folded.append((kind.name, frame.height)) or written(s, kind, frame, made))
    register = register.with_rows(row(register, "dialogue_series", "talks", title_en="Defence talks"))
    search(snapshot.after(register, {"dialogue_series": ["talks"]}), "talks")
    assert sorted(folded) == [("dialogue", 1), ("dialogue_series", 1), ("dialogue_series", 1)]


def test_records_of_one_kind_hold_words_anywhere(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("a", note_en="held at night"), exercise("b")]})
    assert matching(snapshot, "night", "exercises").to_list() == ["a"]
    assert sorted(matching(snapshot, " ", "exercise")) == ["a", "b"]
