"""Checks of claims.csv: each claim names a cell that exists, says why it stands or not, and agrees with the cell that it is the source of."""

from __future__ import annotations

import polars as pl

from comity.register.package import FILE, LINE
from comity.register.resolve import WHOLE
from comity.register.tables import CheckedTables, faults_where
from comity.vocab.errors import Fault
from comity.vocab.kinds import kinds
from comity.vocab.text import Text


def claim_faults(tables: CheckedTables) -> list[Fault]:
    """Faults of the claims beside the adopted cells."""
    claims = tables.text["claim"]
    if claims.is_empty():
        return []
    known = [kind.name for kind in kinds().values()]
    faults = faults_where(claims.filter(~pl.col("record_kind").is_in(known)), "record_kind", "unknown-kind", _NO_KIND, _SAY_KIND, shows=("record_kind",))
    ref = pl.col("record_kind") + ":" + pl.col("record")
    faults += faults_where(
        claims.filter(pl.col("record_kind").is_in(known) & ~ref.is_in(tables.refs.implode())),
        "record",
        "dangling-claim",
        _NO_RECORD,
        _SAY_RECORD,
        shows=("record",),
    )
    faults += _field_faults(claims)
    faults += _value_faults(tables, claims)
    silent = claims.filter(pl.col("status").is_in(["superseded", "withdrawn"]) & pl.col("reason_en").is_null())
    faults += faults_where(silent, "reason_en", "no-reason", _NO_REASON, _GIVE_REASON)
    undated = claims.filter((pl.col("status") == "superseded") & pl.col("superseded_at").is_null())
    faults += faults_where(undated, "superseded_at", "no-day", _NO_DAY, _GIVE_DAY)
    backwards = claims.filter(pl.col("superseded_at") < pl.col("entered_at"))
    return faults + faults_where(backwards, "superseded_at", "superseded-before-entered", _BACKWARDS, _GIVE_DAY, shows=("superseded_at", "entered_at"))


def _field_faults(claims: pl.DataFrame) -> list[Fault]:
    fields = [f"{kind.name}.{name}" for kind in kinds().values() for name in [*kind.columns, WHOLE]]
    bad = claims.filter(pl.col("record_kind").is_in(list(kinds())) & ~(pl.col("record_kind") + "." + pl.col("field")).is_in(fields))
    return faults_where(bad, "field", "unknown-field", _NO_FIELD, _SAY_FIELD, shows=("field", "record_kind"))


def _value_faults(tables: CheckedTables, claims: pl.DataFrame) -> list[Fault]:
    """An adopted claim equals its cell; a claim's value can be read as its field's type; one cell has one adopted value."""
    from comity.register.checks_values import rules_of

    faults: list[Fault] = []
    for (name, field_name), own in claims.partition_by("record_kind", "field", as_dict=True).items():
        kind = kinds().get(str(name))
        if kind is None or not kind.has(str(field_name)):
            continue
        field = kind.field(str(field_name))
        values = own.filter(pl.col("value").is_not_null())
        for code, bad, what, mend in rules_of(tables, field):
            found = values.with_columns(pl.col("value").alias(field.name)).filter(bad)
            faults += faults_where(found, "value", code, what, mend, shows=("value",))
        cells = tables.text[kind.name].select(pl.col("id").alias("record"), pl.col(field.name).alias("_cell"))
        joined = own.filter(pl.col("status") == "adopted").join(cells, on="record").select(*own.columns, "_cell")
        faults += faults_where(
            joined.filter(pl.col("value").ne_missing(pl.col("_cell"))).select("id", LINE, FILE, "value", "_cell"),
            "value",
            "adopted-differs",
            _DIFFERS,
            _ALIGN,
            shows=("value", "_cell"),
        )
    return faults


_NO_KIND = Text("'{v0}' is no record kind.", "'{v0}'은(는) 기록 종류가 아닙니다.")
_SAY_KIND = Text("See `comity kinds`.", "`comity kinds`를 보십시오.")
_NO_RECORD = Text("There is no record '{v0}' of that kind.", "그 종류에 '{v0}' 기록이 없습니다.")
_SAY_RECORD = Text(
    "Correct the id; a record that was taken back keeps its row beside a withdrawn claim on '*'.",
    "식별자를 고치십시오. 철회된 기록은 행을 남기고 '*'에 철회 주장을 적습니다.",
)
_NO_FIELD = Text("'{v0}' is no field of {v1}.", "{v1}에 '{v0}' 항목이 없습니다.")
_SAY_FIELD = Text("See `comity kinds` for its fields.", "`comity kinds`에서 항목을 확인하십시오.")
_NO_REASON = Text("The claim does not say why it no longer stands.", "더 이상 채택되지 않는 이유가 없습니다.")
_GIVE_REASON = Text("Give the reason in one sentence.", "이유를 한 문장으로 적으십시오.")
_NO_DAY = Text("The claim does not say since when it no longer stands.", "언제부터 채택되지 않는지 적혀 있지 않습니다.")
_GIVE_DAY = Text("Give the day on which the new value was entered.", "새 값을 입력한 날을 적으십시오.")
_BACKWARDS = Text("It was superseded ({v0}) before it was entered ({v1}).", "입력({v1})보다 먼저 대체되었습니다({v0}).")
_DIFFERS = Text("The adopted claim says '{v0}', the cell '{v1}'.", "채택된 주장은 '{v0}', 칸의 값은 '{v1}'입니다.")
_ALIGN = Text(
    "Bring the cell in line, or mark the claim as competing or superseded with a reason.",
    "칸의 값을 맞추거나, 이유를 적어 주장을 경쟁 또는 대체됨으로 바꾸십시오.",
)
