"""Between which blocs does the home country stand, how has that moved, and what did others do after its moves?

Read from the ties to the members of the blocs that the package names, day by day; from events that mark moves (sanctions, export and trade
curbs, force posture) between the home country and those members; and from events of third parties towards the home country. A tie is
what is done together in defence: it says nothing of trade, votes or sympathy, and a shift between blocs is no proof of intent. UN
ideal points and trade exposure are not in the register and are not part of this measure.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import polars as pl

from comity.measures.balance_settings import BalanceSettings, Bloc, blocs_of
from comity.measures.contributions import contributions
from comity.measures.draws import Floats
from comity.measures.reactions import reactions
from comity.measures.result import Result, result
from comity.measures.tie_strength import drawn_scores, standing
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

MONTH = 31
TEXTS = pl.List(pl.String)
ROW: dict[str, pl.DataType] = {
    "day": pl.Date(), "bloc": pl.String(), "label_en": pl.String(), "label_ko": pl.String(), "score": pl.Float64(), "low": pl.Float64(),
    "high": pl.Float64(), "strongest": TEXTS, "records": TEXTS,
}  # fmt: skip
BETWEEN: dict[str, pl.DataType] = {
    "day": pl.Date(), "bloc": pl.String(), "against": pl.String(), "difference": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(),
    "entropy": pl.Float64(), "entropy_low": pl.Float64(), "entropy_high": pl.Float64(), "records": TEXTS,
}  # fmt: skip


def balance(snapshot: Snapshot, home: str | None = None, *, as_of: date, days: list[date] | None = None, settings: BalanceSettings | None = None) -> Result:
    """Tie of `home` towards each bloc of the package at the end of each year (or on `days`), up to `as_of`.

    A bloc's tie is the mean of its strongest ties (three by default, or as many members as it has), in points of 0-100. Rows: `day`,
    `bloc`, `label_en`, `label_ko`, `score` (median of the draws), `low`, `high` (5-95 %), `strongest` (members that count, strongest
    first), `records`. Tables: `balance` (`day`, `bloc`, `against`, `difference` of their ties with `low`, `high`; `entropy` of the shares
    of all blocs, 0 all with one to 1 evenly, with `entropy_low`, `entropy_high`; null where no bloc has a tie; `records`), `moves` (marked
    events: `day`, `by`, `towards`, `bloc`, `event_type`, `subtype`, `what_en`, `what_ko`, `record`), `reactions` (see `reactions`).
    """
    chosen, country = settings or BalanceSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    blocs = blocs_of(snapshot, country)
    asked = sorted(day for day in (days or _year_ends(as_of, chosen)) if day <= as_of)
    rows, between = _series(snapshot, country, blocs, asked, chosen)
    tables = {
        "balance": between,
        "moves": _moves(snapshot, country, blocs, asked[0] if asked else as_of, as_of, chosen),
        "reactions": reactions(snapshot, country, blocs, as_of, chosen),
    }
    notes = (_NOT_TRADE,) if len(blocs) > 1 else (_NO_BLOCS,)
    return result("balance", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=notes, tables=tables)


def _year_ends(as_of: date, settings: BalanceSettings) -> list[date]:
    return [*(date(year, 12, 31) for year in range(as_of.year - settings.years, as_of.year)), as_of]


def _series(snapshot: Snapshot, home: str, blocs: list[Bloc], days: list[date], settings: BalanceSettings) -> tuple[pl.DataFrame, pl.DataFrame]:
    members = sorted({member for bloc in blocs for member in bloc.members})
    parts = contributions(snapshot, home, settings.tie).filter(pl.col("partner").is_in(members))
    rows, between = [], []
    for day in days:
        held = standing(parts, day)
        ties = _ties(held, settings)
        drawn = [_bloc_tie([ties[member] for member in bloc.members if member in ties], bloc, settings) for bloc in blocs]
        refs = [held.filter(pl.col("partner").is_in(bloc.members))["ref"].unique().sort().to_list() for bloc in blocs]
        rows += [_row(day, bloc, tie, ties, ref, settings) for bloc, tie, ref in zip(blocs, drawn, refs, strict=True)]
        evenness = _entropy(drawn, settings)
        for (one, first, ref), (other, second, more) in combinations(zip(blocs, drawn, refs, strict=True), 2):
            low, middle, high = _quantiles(first - second, settings)
            spread = {"difference": middle, "low": low, "high": high}
            between.append({"day": day, "bloc": one.name, "against": other.name, **spread, **evenness, "records": sorted({*ref, *more})})
    return pl.DataFrame(rows, schema=ROW), pl.DataFrame(between, schema=BETWEEN)


def _ties(held: pl.DataFrame, settings: BalanceSettings) -> dict[str, Floats]:
    if held.is_empty():
        return {}
    return dict(zip(held["partner"].unique(maintain_order=True), drawn_scores(held, settings.tie), strict=True))


def _bloc_tie(ties: list[Floats], bloc: Bloc, settings: BalanceSettings) -> Floats:
    """Mean of the strongest ties in each draw; members without a tie on record stand with 0."""
    counted = min(settings.strongest, len(bloc.members))
    absent = [np.zeros(settings.tie.draws)] * (len(bloc.members) - len(ties))
    return np.asarray(np.sort(np.array([*ties, *absent]), axis=0)[-counted:].mean(axis=0), dtype=np.float64)


def _row(day: date, bloc: Bloc, tie: Floats, ties: dict[str, Floats], refs: list[str], settings: BalanceSettings) -> dict[str, object]:
    low, middle, high = _quantiles(tie, settings)
    order = sorted((member for member in bloc.members if member in ties), key=lambda member: (-float(np.median(ties[member])), member))
    return {
        "day": day, "bloc": bloc.name, "label_en": bloc.label.en, "label_ko": bloc.label.ko, "score": middle, "low": low, "high": high,
        "strongest": order[: settings.strongest], "records": refs,
    }  # fmt: skip


def _entropy(drawn: list[Floats], settings: BalanceSettings) -> dict[str, float | None]:
    """Shannon entropy of the blocs' shares over its largest value, −Σ p ln p / ln B, in the draws in which some bloc has a tie."""
    total = np.sum(drawn, axis=0)
    if len(drawn) < 2 or not total.any():
        return {"entropy": None, "entropy_low": None, "entropy_high": None}
    share = np.array(drawn)[:, total > 0] / total[total > 0]
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    low, middle, high = _quantiles(np.abs(terms.sum(axis=0)) / np.log(len(drawn)), settings)
    return {"entropy": middle, "entropy_low": low, "entropy_high": high}


def _quantiles(values: Floats, settings: BalanceSettings) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, [settings.interval[0], 0.5, settings.interval[1]])
    return float(low), float(middle), float(high)


def _moves(snapshot: Snapshot, home: str, blocs: list[Bloc], first: date, as_of: date, settings: BalanceSettings) -> pl.DataFrame:
    """Events of the marked kinds between the home country and a member of a bloc, or done by both together, dated to the month at least."""
    events = snapshot.counted("event").with_columns(day=midpoint("start"))
    dated = pl.col("day").is_between(first, as_of) & ((pl.col("start_latest") - pl.col("start_earliest")).dt.total_days() < MONTH)
    marked = events.filter(dated & pl.col("event_type").is_in(settings.move_types) & pl.col("subtype").is_in(settings.move_subtypes))
    frames = []
    for bloc in blocs:
        by_member = pl.col("source_actors").list.set_intersection(bloc.members).list.len() > 0
        to_member = pl.col("target_actors").list.set_intersection(bloc.members).list.len() > 0
        by_home, to_home = pl.col("source_actors").list.contains(home), pl.col("target_actors").list.contains(home)
        between = (by_home & (by_member | to_member)) | (by_member & to_home)
        frames.append(marked.filter(between).with_columns(bloc=pl.lit(bloc.name)))
    every = pl.concat(frames) if frames else marked.with_columns(bloc=pl.lit(None, dtype=pl.String))
    named = every.select(
        "day", "bloc", "event_type", "subtype", by="source_actors", towards="target_actors", what_en="summary_en", what_ko="summary_ko",
        record="event:" + pl.col("id"),
    )  # fmt: skip
    return named.sort("day", "record", "bloc")


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_NO_BLOCS = Text(
    "The package names fewer than two blocs; there is no balance between them.", "패키지에 진영이 둘 이상 정의되어 있지 않아 균형을 계산하지 않았습니다."
)
_NOT_TRADE = Text(
    "A tie is what is done together in defence; trade, votes and sympathy are not part of it.",
    "유대 강도는 국방 분야에서 함께한 활동만 반영하며 무역, 유엔 표결, 호감도는 포함하지 않습니다.",
)
