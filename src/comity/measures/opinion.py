"""What did polls find, how sure is each finding, and which of them could be pooled?

Read from poll answers and their questions: one row an answer, as the house published it, with the sampling interval that its sample allows.
Nothing is smoothed or pooled here; the row says how many houses asked the same question and whether and how it is pooled (by
`models.opinion_pool`). The interval speaks of sampling alone: not of wording, order of questions, mode or house, which often move shares by more.
Wilson (1927, JASA); Kish (1965, Survey Sampling) for the design effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Any

import polars as pl

from comity.measures.fill import ENOUGH, filled, not_enough
from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

NEEDED = ("question", "fielded_start", "pollster", "share_pct")
COLUMNS = [
    "topic", "question", "answer_en", "answer_ko", "house", "country", "fielded_start", "fielded_end", "day", "share", "low", "high", "n", "basis",
    "houses", "polls", "pooling", "reason_en", "reason_ko", "records",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpinionSettings:
    """Parameters of opinion, with the reason for each."""

    design_effect: float = 1.5
    """Weighted quota and panel samples tell as much as a random one of two thirds their size; houses seldom publish their own."""
    level: float = 0.95
    """Of the sampling interval: the level at which houses publish their margins."""
    houses: int = 2
    """Under two houses a house's habit cannot be told from opinion."""


def opinion(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: OpinionSettings | None = None) -> Result:
    """Answers of polls in `home` whose fieldwork was over by `as_of`, oldest first within topic, question and answer.

    `share`, `low`, `high` in per cent of all asked; `low`, `high` (Wilson, 95 %, with n / design effect) are null where `n` is unknown. `day` is
    the middle of the fieldwork. `houses` and `polls` asked the same question in the same country and counted the same answer; `pooling` is
    `poolable`, `one_house` or `sample_unknown`, in words `reason_en`, `reason_ko`. Table `latest`: all answers to the question asked last on each
    topic, the most chosen first. Table `elsewhere`: the same rows for polls in other countries.
    """
    chosen, country = settings or OpinionSettings(), home or snapshot.home
    answers = snapshot.counted("poll_answer")
    share = filled(answers, NEEDED)
    if share < ENOUGH:
        return result("opinion", snapshot, pl.DataFrame(), as_of=as_of, home=country, settings=chosen, notes=(not_enough(_OPINION, share),))
    points = _points(snapshot, answers, as_of, chosen)
    own = points.filter(pl.col("country") == country)
    tables = {"latest": _latest(own), "elsewhere": points.filter(pl.col("country") != country)}
    return result("opinion", snapshot, own, as_of=as_of, home=country, settings=chosen, notes=_notes(own, chosen), tables=tables)


def wilson(share: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (0-1) found among `n` persons asked at random.

    >>> [round(bound, 3) for bound in wilson(0.1, 20)]
    [0.028, 0.301]
    """
    z2 = NormalDist().inv_cdf(0.5 + level / 2) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 * (share * (1 - share) / n + z2 / (4 * n * n))) ** 0.5 / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def _points(snapshot: Snapshot, answers: pl.DataFrame, as_of: date, settings: OpinionSettings) -> pl.DataFrame:
    ended = pl.coalesce(midpoint("fielded_end"), midpoint("fielded_start"))
    begun = midpoint("fielded_start")
    asked = answers.filter(ended <= as_of).join(snapshot.frame("poll_question").select(pl.col("id").alias("question"), "topic"), on="question", how="left")
    bounds = [_bounds(share, n, settings) for share, n in asked.select("share_pct", "n").iter_rows()]
    same = ["question", "country", "answer_en"]
    points = asked.with_columns(
        pl.Series("low", [low for low, _ in bounds], dtype=pl.Float64),
        pl.Series("high", [high for _, high in bounds], dtype=pl.Float64),
        share=pl.col("share_pct"),
        house=pl.col("pollster"),
        day=begun + pl.duration(days=(ended - begun).dt.total_days() // 2),
        houses=pl.col("pollster").n_unique().over(same).cast(pl.Int64),
        polls=pl.struct("pollster", "fielded_start").n_unique().over(same).cast(pl.Int64),
        records=pl.concat_list("poll_answer:" + pl.col("id"), "poll_question:" + pl.col("question")),
        _sampled=pl.col("n").is_not_null().all().over(same),
    )
    pooling = pl.when(pl.col("houses") < settings.houses).then(pl.lit("one_house")).when(pl.col("_sampled")).then(pl.lit("poolable"))
    points = points.with_columns(pooling=pooling.otherwise(pl.lit("sample_unknown")))
    words = [pl.col("pooling").replace_strict({name: text.in_(lang) for name, text in REASONS.items()}).alias(f"reason_{lang}") for lang in ("en", "ko")]
    return points.with_columns(words).sort("topic", "question", "answer_en", "day", "id").select(COLUMNS)


def _bounds(share: float | None, n: int | None, settings: OpinionSettings) -> tuple[float | None, float | None]:
    if share is None or n is None:
        return None, None
    low, high = wilson(share / 100, n / settings.design_effect, settings.level)
    return 100 * low, 100 * high


def _latest(points: pl.DataFrame) -> pl.DataFrame:
    """All answers of one poll to one question: the last one on each topic, of several on a day the one with most asked."""
    order = points.sort("topic", "day", "n", "question", "house", descending=[False, True, True, False, False], nulls_last=True)
    last = order.group_by("topic", maintain_order=True).agg(pl.col("question", "house", "day").first())
    return points.join(last, on=["topic", "question", "house", "day"], how="semi").sort("topic", "share", "answer_en", descending=[False, True, False])


def _notes(points: pl.DataFrame, settings: OpinionSettings) -> tuple[Text, ...]:
    unknown, poolable = points["n"].null_count(), points.filter(pl.col("pooling") != "one_house").height
    counted: dict[str, Any] = {"n": points.height, "unknown": unknown, "poolable": poolable}
    return (_COUNTS.format(**counted), _SAMPLING.format(deff=settings.design_effect))


REASONS = {
    "poolable": Text(
        "Several houses asked the same question and stated their samples: it is pooled.", "여러 기관이 같은 문항을 물었고 표본 크기를 밝혀 통합한다."
    ),
    "one_house": Text(
        "Only one house published this answer to this question: its habit cannot be told from opinion.",
        "한 기관만 발표한 응답이라 기관 고유의 편차와 여론 변화를 가를 수 없다.",
    ),
    "sample_unknown": Text(
        "Several houses asked it, but not all state their sample: it is pooled with an assumed one.",
        "여러 기관이 물었으나 표본 크기를 밝히지 않은 조사가 있어 그 크기를 가정해 통합한다.",
    ),
}
_OPINION = Text("public opinion", "여론")
_COUNTS = Text(
    "{n} answers; {unknown} without a stated sample have no interval; {poolable} are of several houses and can be pooled.",
    "응답 {n}건. 표본 크기를 알 수 없는 {unknown}건은 구간이 없으며, 여러 기관이 물어 통합할 수 있는 응답은 {poolable}건이다.",
)
_SAMPLING = Text(
    "Intervals are of sampling alone, with a design effect of {deff}; wording and house often move shares by more.",
    "구간은 설계효과 {deff}를 적용한 표본오차만 나타낸다. 문구와 조사 기관에 따른 차이는 이보다 클 수 있다.",
)
