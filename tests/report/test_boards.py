"""The desk's boards: each a document in both languages, from the results that it says it needs, and only from kept ones when asked to be quick."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl
import pytest

from comity.register.snapshot import Snapshot
from comity.report import kept as module
from comity.report.boards import BOARDS, Board, Options, board
from comity.report.context import Context
from comity.report.document import Figure, Table
from comity.report.json import content
from comity.report.plain import to_plain
from comity.vocab.errors import ComityError, UnknownActor
from comity.vocab.text import LANGUAGES

AS_OF = date(2026, 11, 22)
CHOSEN = Options(partner="JPN", against="USA", since=date(2016, 11, 22))
RESULTS = {name for name, value in vars(Context).items() if isinstance(value, cached_property)} - {"ranked"}  # made of ties


def context(snapshot: Snapshot) -> Context:
    return Context(snapshot, "KOR", AS_OF)


@pytest.fixture
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(module, "_AT_HAND", module._AtHand())


@pytest.mark.parametrize("one", BOARDS.values(), ids=list(BOARDS))
def test_a_board_speaks_both_languages_from_what_it_needs(kor: Snapshot, one: Board) -> None:
    asked = context(kor)
    document = one.document(asked, CHOSEN)
    assert tuple(sorted(RESULTS & set(vars(asked)))) == tuple(sorted(one.needs))
    assert document.sections
    words = {lang: to_plain(document, lang) for lang in LANGUAGES}
    assert words["en"] != words["ko"]
    assert all(len(text) > 60 for text in words.values())
    ids = [block.id for block in document.blocks() if isinstance(block, Figure | Table)]
    assert len(ids) == len(set(ids))
    assert {ref for refs in document.sets for ref in refs} <= set(document.records())


def test_what_the_issue_names_is_there() -> None:
    named = "home partners partner map network evolution exercises agreements technology peacekeeping pressures stability balance cases compare versus trust"
    assert set(BOARDS) == set(named.split())


@pytest.mark.usefixtures("nothing_kept")
def test_ready_computes_nothing(kor: Snapshot) -> None:
    one = board("technology")
    assert one.ready(context(kor)) is None
    assert one.waiting(context(kor)) == one.needs
    made = one.document(context(kor))
    assert one.waiting(context(kor)) == ()
    quick = one.ready(context(kor))
    assert quick is not None
    assert content(quick) == content(made)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("name", ["compare", "partner"])
def test_what_depends_on_a_choice_is_waited_for_too(kor: Snapshot, name: str) -> None:
    one = board(name)
    assert one.ready(context(kor), CHOSEN) is None
    one.document(context(kor), CHOSEN)
    assert one.ready(context(kor), CHOSEN) is not None
    other = Options(partner="PHL", against="USA", since=date(2019, 1, 1))
    assert one.ready(context(kor), other) is None


def test_unknown_names_are_refused(kor: Snapshot) -> None:
    with pytest.raises(ComityError, match="home"):
        board("no-such-board")
    with pytest.raises(UnknownActor):
        board("partner").document(context(kor))
    with pytest.raises(UnknownActor):
        board("versus").document(context(kor), Options(partner="JPN", against="XXX"))
    with pytest.raises(ComityError):
        board("compare").document(context(kor), Options(since=date(2027, 1, 1)))


def test_two_days_name_what_began_and_ended(kor: Snapshot) -> None:
    document = board("compare").document(context(kor), CHOSEN)
    tables = {block.id: block for block in document.blocks() if isinstance(block, Table)}
    found = context(kor).compared(date(2016, 11, 22), AS_OF)
    for name in ("agreements", "series", "deployments", "statuses"):
        assert len(tables[f"compare-{name}"].rows) == found.tables[name].height
    assert len(tables["compare-ties-table"].rows) == found.rows.height
    rose, fell = (
        found.rows.filter(pl.col("differs") & ~pl.col("by_time_alone") & side).height for side in (pl.col("difference") > 0, pl.col("difference") < 0)
    )
    (figure,) = [block for block in document.blocks() if isinstance(block, Figure)]
    assert figure.title.en.startswith(f"{rose} ties rose and {fell} fell between 22 Nov 2016 and 22 Nov 2026;")
    text = to_plain(document, "ko")
    assert "None" not in text
    assert "special_strategic" not in text


def test_two_partners_stand_beside_each_other(kor: Snapshot) -> None:
    (table,) = [block for block in board("versus").document(context(kor), CHOSEN).blocks() if isinstance(block, Table)]
    assert [column.label.ko for column in table.columns] == ["항목", "일본", "미국"]
    ties = {row["partner"]: row for row in context(kor).ties.rows.iter_rows(named=True)}
    tie = next(row for row in table.rows if row[0].en == "Tie")  # type: ignore[union-attr]
    assert [round(cell.value) for cell in tie[1:]] == [round(ties["JPN"]["score"]), round(ties["USA"]["score"])]  # type: ignore[union-attr]
    without = board("versus").document(context(kor), Options(partner="JPN", against="TUV"))
    assert without.sections
