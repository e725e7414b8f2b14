"""Columns of pooled opinion and the sentences that go with it, in both languages."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.models.polling.sensitivity import SCHEMA as SENSITIVITY
from comity.vocab.text import Text

HEAD = {"topic": pl.String, "question": pl.String, "answer_en": pl.String, "answer_ko": pl.String, "country": pl.String}
SHARES = dict.fromkeys(("support", "low80", "high80", "low95", "high95"), pl.Float64)
REFS = {"records": pl.List(pl.String)}
ROWS: dict[str, Any] = (
    HEAD
    | {"polls": pl.Int64, "houses": pl.Int64, "first_day": pl.Date, "day": pl.Date}
    | SHARES
    | dict.fromkeys(("now", "now_low80", "now_high80", "now_low95", "now_high95"), pl.Float64)
    | {"days_since": pl.Int64, "now_reason_en": pl.String, "now_reason_ko": pl.String}
    | dict.fromkeys(("drift", "drift_low", "drift_high", "drift_ml", "spread", "spread_low", "spread_high"), pl.Float64)
    | {"assumed": pl.Int64, "year_only": pl.Int64, "caution_en": pl.String, "caution_ko": pl.String}
    | REFS
)
TABLES: dict[str, dict[str, Any]] = {
    "path": HEAD | {"day": pl.Date} | SHARES,
    "houses": HEAD
    | {"house": pl.String, "polls": pl.Int64}
    | dict.fromkeys(("effect", "low", "high", "points", "points_low", "points_high"), pl.Float64)
    | REFS,
    "sensitivity": HEAD | SENSITIVITY,
}
POLLS = [*HEAD, "house", "fielded_start", "fielded_end", "day", "share", "low", "high", "n", "sample", "assumed", "year_only", "new_days", "weight", "records"]
RAW = [*HEAD, "house", "fielded_start", "fielded_end", "day", "share", "low", "high", "n", "why", "reason_en", "reason_ko", "records"]

COUNTS = Text(
    "Pooled: answers {answers}, questions {questions}, polls {polls}. Left as raw points, each with its reason: {points} on {raw} questions.",
    "통합: 문항 {questions}개, 응답 {answers}개(조사값 {polls}개). 원자료로 둔 것: 문항 {raw}개, 조사값 {points}개(사유는 각각 표시).",
)
WORDING = Text(
    "Questions are equal where the register holds them as one; it seldom has the wording as fielded, so that houses may have asked in other words.",
    "등록부가 한 문항으로 둔 것을 같은 문항으로 본다. 실제 조사 문구를 밝힌 출처가 드물어 기관마다 문구가 달랐을 수 있다.",
)
SEPARATE = Text(
    "Each answer is pooled by itself: answers to one question need not sum to 100.", "응답마다 따로 통합하므로 한 문항의 응답을 더해도 100이 아닐 수 있다."
)
HOLDS = Text(
    "Bands hold sampling (design effect {deff}), drift between polls and house effects; not what all houses have in common.",
    "띠는 표본오차(설계효과 {deff}), 조사 사이의 변동, 기관 효과를 담는다. 모든 기관에 공통된 편향은 담지 않는다.",
)
OLD = Text("The last poll is {days} days old, more than {most}.", "마지막 조사 후 {days}일이 지나 기준({most}일)을 넘었다.")
ASSUMED = Text("Sample not stated, {sizes} persons assumed: {k} of {n} polls.", "조사 {n}건 중 {k}건은 표본 크기를 밝히지 않아 {sizes}명으로 가정했다.")
YEAR_ONLY = Text("Dated by the year alone, placed in its middle: {k} of {n} polls.", "조사 {n}건 중 {k}건은 연도만 알려져 그해의 가운데에 둔다.")
OVERLAP = Text(
    "Sharing days with another poll of the house, counted in part: {k} of {n} polls.",
    "조사 {n}건 중 {k}건은 같은 기관의 다른 조사와 기간이 겹쳐 일부만 반영했다.",
)
EDGE = Text("A share of 0 or 100 % is taken as half a person.", "0 % 또는 100 %는 반 명으로 환산했다.")
ONE_DAY = Text("All polls are of one day: how fast support drifts is not known from them.", "모두 같은 날의 조사이므로 여론의 변동 속도는 알 수 없다.")
