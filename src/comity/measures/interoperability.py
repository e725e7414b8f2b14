"""How well could the forces of the home country work with a partner's on the day, and on which records does that rest?

Five components, each 0-1: practice (exercises by domain), procedures (logistics, status-of-forces and information instruments in force),
equipment (systems that both hold through transfers), command (combined commands, liaison) and people (attachés, visits, exchanges of
chiefs). Each input saturates, s_i = 1 − exp(−a_i / c_i) with a_i = Σ_k w_k · 2^(−age_k / h); a component is the weighted mean of its
inputs. It measures what is on record, not what a combined headquarters would certify: readiness, doctrine, language and networks are
not in the register. A component whose inputs can be scored for less than 30 % of its weight has no
score but a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from comity.measures.draws import Floats, Salts, around, kept_amounts, mixed, salts
from comity.measures.interoperability_parts import absence_tells, inputs_filled, interoperability_parts
from comity.measures.interoperability_settings import COMPONENTS, InteroperabilitySettings
from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

NOT_HELD = ["suspended", "cancelled", "postponed"]
ROW: dict[str, pl.DataType] = {
    "component": pl.String(), "score": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "filled": pl.Float64(),
    "reason_en": pl.String(), "reason_ko": pl.String(), "records": pl.List(pl.String),
}  # fmt: skip
OVERALL_ROW: dict[str, pl.DataType] = {
    "score": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "components": pl.List(pl.String), "records": pl.List(pl.String),
}  # fmt: skip
DOMAIN_ROW: dict[str, pl.DataType] = {
    "domain": pl.String(), "score": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "exercises": pl.Int64(), "last_held": pl.Date(),
    "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True)
class _Drawn:
    """Scores in each draw: by component and input (null where not enough is filled), and overall."""

    inputs: dict[str, dict[str, Floats]]
    components: dict[str, Floats | None]
    overall: Floats | None
    filled: dict[str, float]


def interoperability(snapshot: Snapshot, partner: str, *, home: str | None = None, as_of: date, settings: InteroperabilitySettings | None = None) -> Result:
    """Profile of interoperability of `home` with `partner` on `as_of`: five components, then one number.

    Rows: `component`, `score` (0-1, median of the draws; null where the inputs are too thinly filled), `low`, `high` (5-95 %), `filled`
    (weight of the inputs that can be scored, 0-1), `reason_en`, `reason_ko` (why there is no score, or what limits it),
    `records`. Tables: `overall` (one row: `score`, `low`, `high`, `components` used, `records`), `domains` (practice by domain: `domain`,
    `score`, `low`, `high`, `exercises`, `last_held`, `records`), `series` (shared series: `series`, `held`, `last_held`, `latest_status`,
    `not_held_since`,
    `lately_not_held`, `records`). Components follow Hura et al. (2000, RAND MR-1235).
    """
    chosen, country = settings or InteroperabilitySettings(), home or snapshot.home
    for code in (country, partner):
        if code not in snapshot.actor_names:
            raise UnknownActor(_NO_ACTOR.format(actor=repr(code)))
    parts = interoperability_parts(snapshot, country, partner, as_of, chosen)
    drawn = _draw(parts, _told(snapshot, parts, as_of, chosen), chosen)
    series = _series(snapshot, country, partner, as_of, chosen)
    rows = pl.DataFrame([_row(snapshot, name, drawn, parts, series, chosen) for name in COMPONENTS], schema=ROW)
    tables = {"overall": _overall(rows, drawn, chosen), "domains": _domains(snapshot, parts, drawn, chosen), "series": series}
    return result("interoperability", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=(_ON_RECORD,), tables=tables)


def _told(snapshot: Snapshot, parts: pl.DataFrame, as_of: date, settings: InteroperabilitySettings) -> set[tuple[str, str]]:
    """Inputs that can be scored: filled enough, and with a record of this partner unless its absence tells something."""
    present = set(parts.select("component", "input").iter_rows())
    tells = absence_tells(snapshot)
    filled = inputs_filled(snapshot, as_of)
    return {key for key, sure in tells.items() if filled[key[0]][key[1]] >= settings.enough and (sure or key in present)}


def _draw(parts: pl.DataFrame, told: set[tuple[str, str]], settings: InteroperabilitySettings) -> _Drawn:
    rng = np.random.default_rng(settings.seed)
    weights = mixed(rng, [settings.component_weights[name] for name in COMPONENTS], settings.dirichlet_concentration, settings.draws)
    within = {name: mixed(rng, settings.input_weights[name].values(), settings.dirichlet_concentration, settings.draws) for name in COMPONENTS}
    half = around(rng, [settings.half_life_years[name] for name in COMPONENTS], settings.log_sd, settings.draws)
    scale = dict(zip(settings.saturation, around(rng, settings.saturation.values(), settings.log_sd, settings.draws).T, strict=True))
    amounts = _amounts(parts, half, salts(rng, settings.draws))
    inputs: dict[str, dict[str, Floats]] = {}
    components: dict[str, Floats | None] = {}
    shares: dict[str, float] = {}
    for name in COMPONENTS:
        usual = settings.input_weights[name]
        enough = [one for one in usual if (name, one) in told]
        shares[name] = sum(usual[one] for one in enough) / sum(usual.values())
        inputs[name] = {one: -np.expm1(-amounts.get((name, one), np.zeros(settings.draws)) / scale[one]) for one in enough}
        components[name] = _mean(inputs[name], dict(zip(usual, within[name].T, strict=True))) if shares[name] >= settings.enough else None
    by_component = dict(zip(COMPONENTS, weights.T, strict=True))
    known = {name: scores for name, scores in components.items() if scores is not None}
    return _Drawn(inputs, components, _mean(known, by_component) if known else None, shares)


def _amounts(parts: pl.DataFrame, half: Floats, salted: Salts) -> dict[tuple[str, str], Floats]:
    runs = parts.with_row_index("_at").group_by("component", "input", maintain_order=True).agg(pl.col("_at").first())
    column = parts["component"].replace_strict({name: at for at, name in enumerate(COMPONENTS)}, return_dtype=pl.Int64).to_numpy()
    total = kept_amounts(parts, half, column, salted, runs["_at"].to_numpy().astype(np.int64))
    return {(component, name): total[at] for at, (component, name) in enumerate(runs.select("component", "input").iter_rows())}


def _mean(scores: dict[str, Floats], weights: dict[str, Floats]) -> Floats:
    """Weighted mean over what has a score, draw by draw."""
    total = np.sum([weights[name] for name in scores], axis=0)
    return np.asarray(np.sum([weights[name] * values for name, values in scores.items()], axis=0) / total, dtype=np.float64)


def _spread(values: Floats | None, settings: InteroperabilitySettings) -> dict[str, float | None]:
    if values is None:
        return {"score": None, "low": None, "high": None}
    low, high = np.quantile(values, settings.interval)
    return {"score": float(np.median(values)), "low": float(low), "high": float(high)}


def _row(snapshot: Snapshot, component: str, drawn: _Drawn, parts: pl.DataFrame, series: pl.DataFrame, settings: InteroperabilitySettings) -> dict[str, object]:
    used = parts.filter((pl.col("component") == component) & pl.col("input").is_in(list(drawn.inputs[component])))
    known = drawn.components[component] is not None
    reason = _reason(snapshot, component, drawn, used, series)
    return {
        "component": component,
        **_spread(drawn.components[component], settings),
        "filled": drawn.filled[component],
        "reason_en": reason.en or None,
        "reason_ko": reason.ko or None,
        "records": used["ref"].unique().sort().to_list() if known else [],
    }


def _reason(snapshot: Snapshot, component: str, drawn: _Drawn, used: pl.DataFrame, series: pl.DataFrame) -> Text:
    """Why a component has no score, or what a reader must know of it; empty where there is nothing to say."""
    absent = [_LABEL[name] for name in COMPONENTS[component] if name not in drawn.inputs[component]]
    listed = Text(", ".join(label.en for label in absent), ", ".join(label.ko for label in absent))
    if drawn.components[component] is None:
        return _NOT_ENOUGH.format(what=_LABEL[component], share=f"{100 * drawn.filled[component]:.0f}", inputs=listed)
    said = []
    if used.is_empty():
        said.append(_NOTHING)
    missed = series.filter("lately_not_held").height
    if component == "practice" and missed:
        said.append(_NOT_HELD.format(n=missed))
    tells = absence_tells(snapshot)
    if any(not tells[component, name] for name in drawn.inputs[component]):
        said.append(_SELECTIVE)
    if absent:
        said.append(_WITHOUT.format(inputs=listed))
    return Text(" ".join(one.en for one in said), " ".join(one.ko for one in said))


def _overall(rows: pl.DataFrame, drawn: _Drawn, settings: InteroperabilitySettings) -> pl.DataFrame:
    known = rows.filter(pl.col("score").is_not_null())
    records = known["records"].explode().drop_nulls().unique().sort().to_list() if known.height else []
    row = {**_spread(drawn.overall, settings), "components": known["component"].to_list(), "records": records}
    return pl.DataFrame([row], schema=OVERALL_ROW)


def _domains(snapshot: Snapshot, parts: pl.DataFrame, drawn: _Drawn, settings: InteroperabilitySettings) -> pl.DataFrame:
    days = snapshot.counted("exercise").select(ref="exercise:" + pl.col("id"), day=midpoint("start"))
    practice = parts.filter(pl.col("component") == "practice").join(days, on="ref")
    rows = []
    for domain, scores in drawn.inputs["practice"].items():
        held = practice.filter(pl.col("input") == domain)
        refs = held["ref"].unique().sort().to_list()
        rows.append({"domain": domain, **_spread(scores, settings), "exercises": len(refs), "last_held": held["day"].max(), "records": refs})
    return pl.DataFrame(rows, schema=DOMAIN_ROW)


def _series(snapshot: Snapshot, home: str, partner: str, as_of: date, settings: InteroperabilitySettings) -> pl.DataFrame:
    """Exercise series in which both took part or were to take part: when each was held last, and what became of its latest edition."""
    both = pl.col("participants").list.contains(home) & pl.col("participants").list.contains(partner)
    editions = snapshot.counted("exercise").with_columns(day=midpoint("start")).filter(both & (pl.col("day") <= as_of) & (pl.col("status") != "planned"))
    held = pl.col("status").is_in(["conducted", "scaled_down"])
    last = pl.col("day").filter(held).max()
    lately = pl.lit(as_of).dt.offset_by(f"-{settings.suspension_years}y")
    return (
        editions.sort("day", "id")
        .group_by("series", maintain_order=True)
        .agg(
            held=held.sum().cast(pl.Int64),
            last_held=last,
            latest_status=pl.col("status").last(),
            not_held_since=(~held & ((pl.col("day") > last) | last.is_null())).sum().cast(pl.Int64),
            lately_not_held=pl.col("status").last().is_in(NOT_HELD) & (pl.col("day").last() > lately),
            records=("exercise:" + pl.col("id")),
        )
        .sort("last_held", "series", descending=[True, False], nulls_last=True)
    )


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_LABEL = {
    "practice": Text("practice", "연합훈련"),
    "procedures": Text("procedures", "절차"),
    "equipment": Text("equipment", "장비"),
    "command": Text("command", "지휘"),
    "people": Text("people", "인적 교류"),
    "land": Text("land", "지상"),
    "sea": Text("sea", "해상"),
    "air": Text("air", "공중"),
    "cyber": Text("cyber", "사이버"),
    "space": Text("space", "우주"),
    "logistics": Text("logistics", "군수지원"),
    "status": Text("status of forces", "주둔군·방문군 지위"),
    "information": Text("information", "정보보호·공유"),
    "systems": Text("shared systems", "공통 장비"),
    "combined_commands": Text("combined commands", "연합사령부"),
    "liaison": Text("liaison", "연락장교"),
    "attaches": Text("attaché posts", "무관부"),
    "visits": Text("visits", "방문"),
    "exchanges": Text("exchanges of chiefs", "참모총장급 교류"),
}
_NOT_ENOUGH = Text(
    "Not enough data for {what}: inputs that can be scored make up {share} % of its weight, 30 % are wanted. Too thinly filled, or recorded only in selection: {inputs}.",
    "자료 부족({what}): 점수를 낼 수 있는 항목이 가중치의 {share}%로 기준 30%에 못 미칩니다. 입력이 부족하거나 선별 수록된 항목: {inputs}.",
)
_NOTHING = Text("Nothing of this with the partner is on record.", "이 상대국과의 해당 기록이 없습니다.")
_NOT_HELD = Text("In {n} shared series the latest edition was not held.", "함께하는 연습 계열 {n}개의 최근 회차가 실시되지 않았습니다.")
_SELECTIVE = Text("The register holds some of these records only in selection.", "일부 기록은 선별 수록되어 있습니다.")
_WITHOUT = Text("Left out, too thinly filled or recorded only in selection: {inputs}.", "입력이 부족하거나 선별 수록되어 제외한 항목: {inputs}.")
_ON_RECORD = Text(
    "The profile shows what is on record; readiness, doctrine, language and networks are not in the register.",
    "이 결과는 등록된 기록만 반영하며 준비태세, 교리, 언어, 통신망은 포함하지 않습니다.",
)
