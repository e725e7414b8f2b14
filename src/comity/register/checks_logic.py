"""Checks across cells and rows: things that cannot be, and things told twice.

Errors: a state that ends before it begins, a party that did not exist on the day, an edition outside its series, two statuses at once,
more personnel than there were, an unsourced row that claims confidence, a chain of counted-with, two rows that say the same. Warnings:
an edition's number given twice, a meeting of one party, a strength above the recorded peak. What merely resembles another record is no
fault here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.register.frames import UNSOURCED
from comity.register.package import FILE, LINE
from comity.register.tables import CheckedTables, faults_where, kinds_with
from comity.vocab.date_columns import FAR
from comity.vocab.errors import Fault, Severity
from comity.vocab.kinds import kinds
from comity.vocab.text import Text

EXCLUSIVE = {  # kind → fields within which two rows may not hold on one day
    "partner": ["actor"],
    "agreement_period": ["agreement", "by"],
    "actor_code": ["system", "code"],
    "membership": ["member", "organisation", "role"],
    "office_holder": ["actor", "office", "acting"],
}
NOT_PARTIES = {"blocs", "predecessors", "parent", "owner", "releasable_to", "countries"}  # areas are named by the state of today
TREES = {"objective": "parent", "exercise": "nested_in", "exercise_series": "part_of", "dialogue_series": "part_of", "actor": "parent"}
SAME = {  # kind → fields that two different things hardly share
    "agreement": ["title_en", "parties", "signed"],
    "exercise": ["series", "start", "participants", "title_en"],
    "dialogue": ["series", "start", "parties", "level"],
    "event": ["start", "source_actors", "target_actors", "subtype", "summary_en"],
    "transfer": ["supplier", "recipient", "item_en", "signed"],
    "poll_answer": ["question", "pollster", "country", "fielded_start", "answer_en"],
    "visit": ["visitor", "host", "start", "what_en"],
    "strength": ["deployment", "date"],
}


def logic_faults(tables: CheckedTables, settings: dict[str, Any]) -> list[Fault]:
    """Faults between cells and rows in every table."""
    checks = (_order, _existence, _editions, _overlaps, _personnel, _unsourced, _counted_with, _trees, _duplicates, _one_party)
    return [fault for check in checks for fault in check(tables)] + _home(tables, settings)


def _order(tables: CheckedTables) -> list[Fault]:
    """Ended before it began."""
    faults = []
    for kind in (kind for kind in kinds().values() if tables.text[kind.name].height):
        pairs = {kind.span} if kind.span else set()
        pairs |= {pair for pair in (("signed", "ended"), ("start_announced", "end_announced"), ("promised", "done")) if all(kind.has(name) for name in pair)}
        for start, end in sorted(pairs):
            frame = tables.typed(kind.name)
            bad = frame.filter(pl.col(f"{end}_latest") < pl.col(f"{start}_earliest"))
            faults += faults_where(bad, end, "ends-before-start", _ENDS_FIRST, _SWAP, shows=(end, start))
    late = tables.typed("agreement").filter(pl.col("in_force_latest") < pl.col("signed_earliest"))
    return faults + faults_where(late, "in_force", "in-force-before-signed", _FORCE_FIRST, _CHECK_BOTH, severity="warning", shows=("in_force", "signed"))


def _existence(tables: CheckedTables) -> list[Fault]:
    """A party that did not exist on the day."""
    spans = tables.typed("actor").select(
        pl.col("id").alias("_actor"),
        pl.col("start_earliest").fill_null(date(1, 1, 1)).alias("_from"),
        pl.col("end_latest").fill_null(FAR).alias("_to"),
    )
    faults = []
    for kind in kinds().values():
        day = kind.act or (kind.span[0] if kind.span else "date" if kind.has("date") else None)
        fields = [f for f in kind.of_type("actor", "actors") if f.name not in NOT_PARTIES]
        if day is None or not fields or kind.name in ("actor", "actor_code") or tables.text[kind.name].is_empty():
            continue
        frame = tables.typed(kind.name)
        for field in fields:
            each = frame.select("id", LINE, FILE, pl.col(field.name).alias("_actor"), pl.col(day), f"{day}_earliest", f"{day}_latest")
            each = each.explode("_actor") if field.is_list else each
            bad = each.join(spans, on="_actor").filter(
                (pl.col(f"{day}_latest") < pl.col("_from")) | ((pl.col(f"{day}_earliest") > pl.col("_to")) & (pl.col(f"{day}_earliest") < FAR))
            )
            severity: Severity = "warning" if kind.name == "membership" else "error"  # some joined before statehood: Belarus and India the UN
            faults += faults_where(bad, field.name, "not-yet-or-no-longer", _NOT_EXISTING, _RIGHT_ACTOR, severity=severity, shows=("_actor", day))
    return faults


def _editions(tables: CheckedTables) -> list[Fault]:
    """Editions outside the span of their series; editions of one number twice."""
    faults = []
    for name, series in (("exercise", "exercise_series"), ("dialogue", "dialogue_series")):
        spans = tables.typed(series).select(
            pl.col("id").alias("series"), pl.col("first_held_earliest").alias("_from"), pl.col("last_held_latest").alias("_to"), "collection"
        )
        joined = tables.typed(name).join(spans, on="series")
        bad = joined.filter((pl.col("start_latest") < pl.col("_from")) | (pl.col("start_earliest") > pl.col("_to")))
        faults += faults_where(bad, "start", "outside-series", _OUTSIDE, _WIDEN, shows=("start", "series"))
    numbered = tables.typed("dialogue").filter(pl.col("edition").str.contains(r"^\d{1,3}$") & (pl.col("count_as").is_null() & pl.col("counted_with").is_null()))
    held = numbered.filter(pl.col("status").is_null() | (pl.col("status") == "held"))
    twice = held.filter(pl.struct("series", "edition").is_duplicated())
    return faults + faults_where(twice, "edition", "edition-twice", _EDITION_TWICE, _RENUMBER, severity="warning", shows=("edition", "series"))


def _overlaps(tables: CheckedTables) -> list[Fault]:
    """Two exclusive states on one day, certainly."""
    faults = []
    for name, keys in EXCLUSIVE.items():
        kind = kinds()[name]
        if kind.span is None or tables.text[name].is_empty():
            continue
        start, end = kind.span
        frame = tables.typed(name).filter(pl.col(f"{start}_latest").is_not_null()).sort(*keys, f"{start}_latest", "id", nulls_last=True)
        until = pl.col(f"{end}_earliest").fill_null(pl.lit(None, dtype=pl.Date)).shift(1).over(keys)
        bad = frame.with_columns(pl.col("id").shift(1).over(keys).alias("_other"), until.alias("_until")).filter(pl.col("_until") > pl.col(f"{start}_latest"))
        faults += faults_where(bad, start, "overlap", _OVERLAP, _END_ONE, shows=("_other",))
    return faults


def _personnel(tables: CheckedTables) -> list[Fault]:
    """Sides that add up to more than the whole; counts above the recorded peak."""
    exercises = tables.typed("exercise").with_columns(pl.col("personnel_by_actor").list.eval(pl.element().struct.field("number")).list.sum().alias("_sides"))
    faults = faults_where(
        exercises.filter(pl.col("_sides") > pl.col("personnel")),
        "personnel_by_actor",
        "impossible-personnel",
        _SIDES,
        _CHECK_BOTH,
        shows=("_sides", "personnel"),
    )
    peaks = tables.typed("deployment").select(pl.col("id").alias("deployment"), "personnel_peak")
    above = tables.typed("strength").join(peaks, on="deployment").filter(pl.col("personnel") > pl.col("personnel_peak"))
    return faults + faults_where(above, "personnel", "above-peak", _ABOVE_PEAK, _CHECK_BOTH, severity="warning", shows=("personnel", "personnel_peak"))


def _unsourced(tables: CheckedTables) -> list[Fault]:
    """An unsourced row has low confidence, and says of nobody that nobody died."""
    faults = []
    for kind in (kind for kind in kinds_with("source", "confidence") if tables.text[kind.name].height):
        rows = tables.text[kind.name].filter((pl.col("source") == UNSOURCED) & (pl.col("confidence") != "low"))
        faults += faults_where(rows, "confidence", "confident-without-source", _NO_BASIS, _NAME_SOURCE)
    zero = tables.text["event"].filter((pl.col("fatalities") == "0") & (pl.col("source") == UNSOURCED))
    return faults + faults_where(zero, "fatalities", "zero-without-source", _ZERO, _EMPTY_ZERO)


def _counted_with(tables: CheckedTables) -> list[Fault]:
    """The leading record of a happening leads itself."""
    parts = [tables.text[kind.name].select("id", LINE, FILE, "counted_with", pl.lit(kind.name).alias("_kind")) for kind in kinds_with("counted_with")]
    every = pl.concat([part for part in parts if part.height] or parts[:1]).filter(pl.col("counted_with").is_not_null())
    followers = (every["_kind"] + ":" + every["id"]).implode() if every.height else pl.Series([""]).implode()
    return faults_where(every.filter(pl.col("counted_with").is_in(followers)), "counted_with", "counted-with-chain", _CHAIN, _LEADER, shows=("counted_with",))


def _trees(tables: CheckedTables) -> list[Fault]:
    """No record is inside itself."""
    faults = []
    for name, field in TREES.items():
        table = tables.text[name]
        above = dict(table.select("id", field).filter(pl.col(field).is_not_null()).iter_rows())
        looped = [one for one in above if _loops(one, above)]
        faults += faults_where(table.filter(pl.col("id").is_in(looped)), field, "inside-itself", _LOOP, _CUT)
    return faults


def _loops(start: str, above: dict[str, str]) -> bool:
    seen, at = {start}, above.get(start)
    while at is not None:
        if at == start:
            return True
        if at in seen:
            return False
        seen.add(at)
        at = above.get(at)
    return False


def _duplicates(tables: CheckedTables) -> list[Fault]:
    """Two rows that say the same of the same day."""
    faults = []
    for name, keys in SAME.items():
        table = tables.text[name]
        if table.is_empty():
            continue
        rows = table.filter(pl.col("count_as").is_null() & pl.col("counted_with").is_null()) if "count_as" in table.columns else table
        twice = rows.filter(pl.struct(keys).is_duplicated() & ~pl.all_horizontal(pl.col(keys).is_null()))
        twice = twice.with_columns(pl.col("id").first().over(keys).alias("_first"))
        faults += faults_where(twice.filter(pl.col("id") != pl.col("_first")), None, "duplicate", _DUPLICATE, _JOIN, shows=("_first",))
    return faults


def _one_party(tables: CheckedTables) -> list[Fault]:
    """A meeting of one party that is no forum of many."""
    frame = tables.typed("dialogue")
    alone = frame.filter((pl.col("parties").list.len() == 1) & ~pl.col("multilateral").fill_null(False))
    return faults_where(alone, "parties", "one-party", _ALONE, _ADD_PARTY, severity="warning", shows=("parties",))


def _home(tables: CheckedTables, settings: dict[str, Any]) -> list[Fault]:
    home = settings.get("home")
    if home is None or (isinstance(home, str) and home in set(tables.ids["actor"])):
        return []
    return [Fault("package.yaml", None, "home", "unknown-actor", _NO_HOME.format(home=repr(home)), _RIGHT_ACTOR)]


_ENDS_FIRST = Text("It ends ({v0}) before it begins ({v1}).", "시작({v1})보다 먼저 끝납니다({v0}).")
_SWAP = Text("Correct one of the two dates.", "두 날짜 가운데 하나를 고치십시오.")
_FORCE_FIRST = Text("It is in force ({v0}) before it was signed ({v1}).", "서명({v1})보다 먼저 발효합니다({v0}).")
_CHECK_BOTH = Text("Check both against their source.", "둘 다 출처와 대조하십시오.")
_NOT_EXISTING = Text("{v0} did not exist on {v1}.", "{v0}은(는) {v1}에 존재하지 않았습니다.")
_RIGHT_ACTOR = Text(
    "Use the actor of that time (`comity actors` shows spans), or correct the date.", "당시의 행위자를 쓰거나(`comity actors` 참고) 날짜를 고치십시오."
)
_OUTSIDE = Text("The edition ({v0}) lies outside the span of its series {v1}.", "회차({v0})가 계열 {v1}의 기간을 벗어납니다.")
_WIDEN = Text("Correct the edition's date or series, or the span of the series.", "회차의 날짜나 계열, 또는 계열의 기간을 고치십시오.")
_EDITION_TWICE = Text("Edition {v0} of {v1} stands more than once.", "{v1}의 {v0}차가 두 번 이상 있습니다.")
_RENUMBER = Text("Correct the number, or set counted_with if both tell one meeting.", "번호를 고치거나, 같은 회의이면 counted_with를 적으십시오.")
_OVERLAP = Text("It holds at the same time as {v0}.", "{v0}와(과) 기간이 겹칩니다.")
_END_ONE = Text("End the earlier one when the later begins.", "뒤의 것이 시작할 때 앞의 것을 끝내십시오.")
_SIDES = Text("The sides add up to {v0}, the whole is {v1}.", "측별 합계({v0})가 전체({v1})보다 많습니다.")
_ABOVE_PEAK = Text("{v0} is above the recorded peak of {v1}.", "{v0}명이 기록된 최대 인원 {v1}명보다 많습니다.")
_NO_BASIS = Text("An unsourced row cannot be of more than low confidence.", "출처 없는 행의 신뢰도는 낮음이어야 합니다.")
_NAME_SOURCE = Text("Name its source, or set confidence to low.", "출처를 적거나 신뢰도를 low로 하십시오.")
_ZERO = Text("It says that nobody died and names no source.", "출처 없이 사망자가 없다고 적혀 있습니다.")
_EMPTY_ZERO = Text("Leave it empty until a source says so.", "출처가 확인될 때까지 비우십시오.")
_CHAIN = Text("It is counted with {v0}, which is itself counted with another.", "대표 기록 {v0}이(가) 다시 다른 기록을 대표로 둡니다.")
_LEADER = Text("Name the leading record directly.", "대표 기록을 직접 적으십시오.")
_LOOP = Text("It lies inside itself.", "자기 자신 안에 있습니다.")
_CUT = Text("Cut the circle at one place.", "순환을 한 곳에서 끊으십시오.")
_DUPLICATE = Text("It says the same as {v0}.", "{v0}와(과) 내용이 같습니다.")
_JOIN = Text("Remove one, or set counted_with.", "하나를 지우거나 counted_with를 적으십시오.")
_ALONE = Text("A meeting of one party: {v0}.", "참석국이 하나뿐인 회담입니다: {v0}.")
_ADD_PARTY = Text(
    "Add the other side, or set multilateral and participants_complete=false.", "상대를 추가하거나 multilateral과 participants_complete=false를 적으십시오."
)
_NO_HOME = Text("The home country {home} is no actor.", "자국 {home}이(가) 행위자 목록에 없습니다.")
