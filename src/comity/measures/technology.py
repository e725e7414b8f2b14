"""From whom a country buys arms and to whom it sells them, how concentrated that is, and what it develops together with others.

Read from transfers: contracts of sale, licences, gifts, maintenance and joint development. A framework whose executive contracts are
recorded counts through them alone. Values enter only where a source states one, in dollars of the day and never estimated; where too few
are stated, contracts are counted instead. A contract is no delivery, and the record of transfers is selective: shares compare what is
recorded, not all trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

Row = dict[str, Any]
DIRECTIONS = ("import", "export", "joint")
SCHEMA: dict[str, Any] = {
    "direction": pl.String, "from_year": pl.Int64, "to_year": pl.Int64, "partner": pl.String, "contracts": pl.Int64, "valued": pl.Int64,
    "value_usd_m": pl.Float64, "share_of_contracts": pl.Float64, "share_of_value": pl.Float64, "records": pl.List(pl.String),
}  # fmt: skip
CONCENTRATION_SCHEMA: dict[str, Any] = {
    "direction": pl.String, "from_year": pl.Int64, "to_year": pl.Int64, "basis": pl.String, "contracts": pl.Int64, "partners": pl.Int64,
    "valued_share": pl.Float64, "value_usd_m": pl.Float64, "hhi": pl.Float64, "hhi_low": pl.Float64, "hhi_high": pl.Float64,
    "effective_partners": pl.Float64, "change": pl.Float64, "top_partner": pl.String, "top_share": pl.Float64, "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TechnologySettings:
    """Parameters of technology, with the reason for each."""

    period_years: int = 10
    """A decade: large contracts are few, and programmes run for years."""
    least_valued: float = 0.3
    """Values are summed when stated for this share of the contracts; under it they would tell who publishes prices."""
    least_contracts: int = 5
    """Under five contracts concentration is an accident: with n contracts it cannot be under 1/n. Where fewer are valued, contracts count."""
    draws: int = 10_000
    """Resamples of the contracts for the interval: its ends then move by about 0.01 from seed to seed."""
    interval: tuple[float, float] = (0.05, 0.95)
    """The interval of every index of the project."""
    seed: int = 20260101
    """Fixed, so that the same snapshot gives the same interval."""


def technology(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: TechnologySettings | None = None) -> Result:
    """Transfers of `home` signed by `as_of`, by direction, period and partner.

    `import` is what `home` receives, `export` what it supplies, `joint` development with others whichever way. Table `concentration`: per
    direction and period (and over all years, `from_year` null) the Herfindahl-Hirschman index H = Σ s², s the partners' shares by value,
    or by contracts where `basis` says so (Hirschman 1964, American Economic Review); 1/H is the effective number of partners (Laakso &
    Taagepera 1979, Comparative Political Studies); the interval comes from resampling the contracts and tells how much hangs on single
    ones; `change` is H less that of the period before on the same basis. Table `contracts`: what was counted.
    """
    home = home or snapshot.home
    settings = settings or TechnologySettings()
    flows = _flows(snapshot, home, as_of, settings)
    rows = pl.DataFrame([row for key, part in _cells(flows) for row in _partners(key, part, as_of, settings)], schema=SCHEMA, orient="row")
    tables = {"concentration": _concentration(flows, as_of, settings), "contracts": flows.drop("period").sort("direction", "day", "id")}
    return result("technology", snapshot, rows, as_of=as_of, home=home, settings=settings, notes=_notes(snapshot, home, flows, as_of, settings), tables=tables)


def _own(snapshot: Snapshot, home: str) -> pl.DataFrame:
    """Every contract of `home` that was concluded and not cancelled."""
    frame = snapshot.counted("transfer").filter((pl.col("supplier") == home) | (pl.col("recipient") == home))
    concluded = (pl.col("status").is_in(["cancelled", "approved"]) | (pl.col("contract_stage") == "approved").fill_null(False)).not_()
    return frame.filter(concluded).with_columns(day=midpoint("signed"))


def _flows(snapshot: Snapshot, home: str, as_of: date, settings: TechnologySettings) -> pl.DataFrame:
    """Contracts signed by `as_of`, with direction, partner and the first year of their period."""
    frame = _own(snapshot, home).filter(pl.col("day") <= as_of)
    carried_out = frame["contract_of"].drop_nulls().implode()
    out = pl.col("supplier") == home
    direction = pl.when(pl.col("transfer_type") == "codevelopment").then(pl.lit("joint")).when(out).then(pl.lit("export")).otherwise(pl.lit("import"))
    return frame.filter(~pl.col("id").is_in(carried_out)).select(
        "id",
        direction=direction,
        partner=pl.when(out).then(pl.col("recipient")).otherwise(pl.col("supplier")),
        day="day",
        period=(pl.col("day").dt.year() // settings.period_years * settings.period_years).cast(pl.Int64),
        transfer_type="transfer_type",
        status="status",
        value_usd_m="value_usd_m",
        records=pl.concat_list("transfer:" + pl.col("id")),
    )


def _cells(flows: pl.DataFrame) -> list[tuple[tuple[str, int], pl.DataFrame]]:
    """The contracts of each direction and period, in that order."""
    ordered = flows.sort("direction", "period", "partner", "day", "id")
    return [((str(key[0]), int(str(key[1]))), part) for key, part in ordered.group_by(["direction", "period"], maintain_order=True)]


def _partners(key: tuple[str, int], part: pl.DataFrame, as_of: date, settings: TechnologySettings) -> list[Row]:
    """The partners of one direction and period, largest first."""
    by_value = _valued_share(part) >= settings.least_valued
    total = float(part["value_usd_m"].fill_null(0.0).sum())
    rows = []
    for partner, own in ((str(name[0]), own) for name, own in part.group_by(["partner"], maintain_order=True)):
        valued = own["value_usd_m"].is_not_null().sum()
        value = float(own["value_usd_m"].sum()) if by_value and valued else None
        share = value / total if value is not None and total else None
        cells = {"partner": partner, "contracts": own.height, "valued": valued, "value_usd_m": value, "share_of_value": share}
        rows.append(cells | _years(key, as_of, settings) | {"share_of_contracts": own.height / part.height, "records": _refs(own)})
    return sorted(rows, key=lambda row: (-(row["value_usd_m"] or 0.0), -row["contracts"], row["partner"]))


def _years(key: tuple[str, int], as_of: date, settings: TechnologySettings) -> Row:
    return {"direction": key[0], "from_year": key[1], "to_year": min(key[1] + settings.period_years - 1, as_of.year)}


def _refs(part: pl.DataFrame) -> list[str]:
    return sorted(f"transfer:{one}" for one in part["id"])


def _valued_share(part: pl.DataFrame) -> float:
    return float(part["value_usd_m"].is_not_null().sum()) / part.height


def _concentration(flows: pl.DataFrame, as_of: date, settings: TechnologySettings) -> pl.DataFrame:
    rows, before = [], dict[tuple[str, str], float | None]()
    for key, part in _cells(flows):
        row = _concentrated(part, settings) | _years(key, as_of, settings)
        past = before.get((key[0], row["basis"]))
        row["change"] = row["hhi"] - past if row["hhi"] is not None and past is not None else None
        before = {known: value for known, value in before.items() if known[0] != key[0]} | {(key[0], row["basis"]): row["hhi"]}
        rows.append(row)
    for direction in DIRECTIONS:
        whole = flows.filter(pl.col("direction") == direction).sort("partner", "day", "id")
        if whole.height:
            rows.append(_concentrated(whole, settings) | {"direction": direction, "from_year": None, "to_year": None, "change": None})
    return pl.DataFrame(rows, schema=CONCENTRATION_SCHEMA, orient="row").sort("direction", "from_year", nulls_last=True)


def _concentrated(part: pl.DataFrame, settings: TechnologySettings) -> Row:
    """Concentration of the contracts of one cell, by value where enough values are stated, both as a share and in number."""
    share, valued = _valued_share(part), part.filter(pl.col("value_usd_m").is_not_null())
    few = valued.height < settings.least_contracts <= part.height
    basis = "value" if share >= settings.least_valued and not few else "contracts"
    used = valued if basis == "value" else part
    weights = used["value_usd_m"].to_numpy() if basis == "value" else np.ones(used.height)
    names, codes = np.unique(used["partner"].to_numpy().astype(str), return_inverse=True)
    sums = np.bincount(codes, weights=weights)
    top = int(sums.argmax())
    cells: Row = {"basis": basis, "contracts": part.height, "partners": part["partner"].n_unique(), "valued_share": share, "records": _refs(part)}
    cells |= {"value_usd_m": float(weights.sum()) if basis == "value" else None, "top_partner": str(names[top]), "top_share": float(sums[top] / sums.sum())}
    if used.height < settings.least_contracts:
        return cells | dict.fromkeys(("hhi", "hhi_low", "hhi_high", "effective_partners"))
    low, high = _interval(codes, weights, settings)
    index = herfindahl(sums)
    return cells | {"hhi": index, "hhi_low": low, "hhi_high": high, "effective_partners": 1.0 / index}


def herfindahl(amounts: Any) -> float:
    """Σ (amount / total)²: 1 for a single partner, 1/n for n equal ones.

    >>> herfindahl([2.0, 2.0]), herfindahl([5.0])
    (0.5, 1.0)
    """
    shares = np.asarray(amounts, dtype=np.float64)
    return float(((shares / shares.sum()) ** 2).sum())


def _interval(codes: Any, weights: Any, settings: TechnologySettings) -> tuple[float, float]:
    """Percentiles of the index over resamples of the contracts (Efron 1979, Annals of Statistics)."""
    rng = np.random.default_rng(settings.seed)
    n, partners = len(codes), int(codes.max()) + 1
    drawn = rng.integers(0, n, (settings.draws, n))
    cells = codes[drawn] + np.arange(settings.draws)[:, None] * partners
    sums = np.bincount(cells.ravel(), weights=weights[drawn].ravel(), minlength=settings.draws * partners).reshape(settings.draws, partners)
    totals = sums.sum(axis=1, keepdims=True)
    low, high = np.quantile(((sums / np.where(totals > 0, totals, 1.0)) ** 2).sum(axis=1), settings.interval)
    return float(low), float(high)


def _notes(snapshot: Snapshot, home: str, flows: pl.DataFrame, as_of: date, settings: TechnologySettings) -> tuple[Text, ...]:
    notes = []
    for direction in DIRECTIONS:
        part = flows.filter(pl.col("direction") == direction)
        if part.height:
            share = _valued_share(part)
            words = _VALUED if share >= settings.least_valued else _COUNTED
            notes.append(words.format(direction=_DIRECTION[direction], share=f"{share:.0%}", n=part.height))
    undated = _own(snapshot, home).filter(pl.col("day").is_null()).height
    if undated:
        notes.append(_UNDATED.format(n=undated))
    return tuple(notes or [_NONE])


_DIRECTION = {"import": Text("Imports", "수입"), "export": Text("Exports", "수출"), "joint": Text("Joint development", "공동개발")}
_VALUED = Text("{direction}: a value is stated for {share} of {n} contracts.", "{direction}: 계약 {n}건 중 {share}에 금액이 있다.")
_COUNTED = Text(
    "{direction}: not enough values, stated for {share} of {n} contracts; contracts are counted instead.",
    "{direction}: 금액이 있는 계약이 {n}건 중 {share}로 부족하여 금액 대신 계약 수로 계산한다.",
)
_UNDATED = Text("{n} transfers without a known date of contract are left out.", "계약일을 알 수 없는 {n}건은 제외한다.")
_NONE = Text("Not enough data: no contract by that day is recorded.", "자료 부족: 해당일까지의 계약 기록이 없다.")
