"""What was done each year, by mechanism and partner, and for which of it may a trend be read?

Counts the acts of the home country: instruments signed, exercises and meetings held, visits, deployments begun, transfers signed. `all` is
what the register holds; `covered` is the part that belongs to series believed complete on those days, the only part from which a rise or
fall may be read. A year without coverage is unknown (null), never 0; so is a year of which the register holds nothing. A count says
nothing of weight: a working meeting and a summit are one each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from comity.measures.coverage import TRUSTED, covered_spans, covered_years, left_out, with_coverage
from comity.measures.result import Result, result
from comity.measures.tie_settings import MECHANISMS
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

INFORMATION = ("information_security", "information_arrangement")
ACT_COLUMNS = ["mechanism", "ref", "day", "year", "partners", "scope", "standing"]
MECHANISM_LABELS = {
    "agreements": Text("agreements signed", "협정 체결"),
    "exercises": Text("exercises conducted", "연습 실시"),
    "dialogues": Text("dialogues held", "회담·회의 개최"),
    "deployments": Text("deployments begun", "파병 개시"),
    "technology": Text("transfers signed", "방산 이전 계약"),
    "information": Text("information agreements signed", "군사정보 관련 문서 체결"),
    "visits": Text("visits", "방문"),
}


@dataclass(frozen=True)
class ActivitySettings:
    """Parameters of activity."""

    trusted: tuple[str, ...] = TRUSTED  # 'partial' knows of missing editions, 'selective' chose: neither carries a trend
    exercise_held: tuple[str, ...] = ("conducted", "scaled_down")  # a cut exercise was held
    visit_formats: tuple[str, ...] = ("visit", "tour")  # meetings that were nothing but a visit, as in tie strength
    not_signed: tuple[str, ...] = ("cancelled", "approved")  # transfers that are no contract, or none any more


def activity(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: ActivitySettings | None = None) -> Result:
    """Acts of `home` a year up to `as_of`, by mechanism; the year of `as_of` is partial.

    Rows: `year`, `mechanism`, `all`, `covered`, `scopes` (covered series or kinds of that year), `elapsed` (share of the year that has
    passed), `records`, `covered_records`. Tables: `years` (the same over all mechanisms), `partners` (by year and partner; an act with
    several partners counts once for each), `left_out` (what is not covered, by mechanism and reason).
    """
    chosen, country = settings or ActivitySettings(), home or snapshot.home
    done = acts(snapshot, country, as_of, chosen)
    told = done.filter(pl.col("day").is_not_null())
    years = covered_years(covered_spans(snapshot, trusted=chosen.trusted), as_of)
    first = min((day.year for day in told["day"]), default=as_of.year)
    span = pl.DataFrame({"year": range(first, as_of.year + 1)}, schema={"year": pl.Int64})
    grid = span.join(pl.DataFrame({"mechanism": MECHANISMS}), how="cross")
    exploded = told.explode("partners").rename({"partners": "partner"}).filter(pl.col("partner").is_not_null())
    tables = {
        "years": _counted(span, told, years, as_of),
        "partners": _counted(None, exploded, years, as_of, "partner"),
        "left_out": left_out(done, "mechanism"),
    }
    rows = _counted(grid, told, years, as_of, "mechanism")
    return result("activity", snapshot, rows, as_of=as_of, home=country, settings=chosen, tables=tables, notes=_notes(rows, told))


def acts(snapshot: Snapshot, home: str, as_of: date, settings: ActivitySettings) -> pl.DataFrame:
    """Every act of `home` by `as_of`, one row each: `mechanism`, `ref`, `day`, `year`, `partners`, `scope`, `standing` (see `coverage`).

    An instrument of unknown signature stands with an empty day when another of its dates shows that it was there by `as_of`.
    """
    parts = [*_agreements(snapshot, home, as_of, settings), _exercises(snapshot, home, settings), *_meetings(snapshot, home, settings)]
    parts += [_deployments(snapshot, home, settings), _transfers(snapshot, home, settings)]
    rows = pl.concat([part.with_columns(year=pl.col("day").dt.year().cast(pl.Int64)).select(ACT_COLUMNS) for part in parts])
    return rows.filter((pl.col("day") <= as_of).fill_null(True)).sort("mechanism", "day", "ref", nulls_last=True)


def _told(snapshot: Snapshot, frame: pl.DataFrame, kind: str, mechanism: str, settings: ActivitySettings) -> pl.DataFrame:
    told = with_coverage(snapshot, frame, kind, mechanism=mechanism, trusted=settings.trusted)
    return told.with_columns(mechanism=pl.lit(mechanism), ref=f"{kind}:" + pl.col("id"))


def _others(among: str, home: str) -> pl.Expr:
    return pl.col(among).list.set_difference(pl.lit([home])).list.sort()


def _agreements(snapshot: Snapshot, home: str, as_of: date, settings: ActivitySettings) -> list[pl.DataFrame]:
    known = pl.coalesce(midpoint("signed"), midpoint("in_force"), midpoint("attested")) <= as_of
    frame = snapshot.counted("agreement").filter(pl.col("parties").list.contains(home) & known.fill_null(False))
    frame = frame.with_columns(partners=_others("parties", home))
    informs = pl.col("agreement_type").is_in(INFORMATION)
    pairs = (("agreements", frame.filter(~informs)), ("information", frame.filter(informs)))
    return [_told(snapshot, part, "agreement", mechanism, settings) for mechanism, part in pairs]


def _exercises(snapshot: Snapshot, home: str, settings: ActivitySettings) -> pl.DataFrame:
    frame = snapshot.counted("exercise").filter(pl.col("status").is_in(settings.exercise_held) & pl.col("participants").list.contains(home))
    return _dated(_told(snapshot, frame.with_columns(partners=_others("participants", home)), "exercise", "exercises", settings))


def _meetings(snapshot: Snapshot, home: str, settings: ActivitySettings) -> list[pl.DataFrame]:
    held = pl.col("status").is_null() | (pl.col("status") == "held")
    frame = snapshot.counted("dialogue").filter(held & pl.col("parties").list.contains(home)).with_columns(partners=_others("parties", home))
    bare = pl.col("format").is_in(settings.visit_formats).fill_null(False)
    visits = snapshot.counted("visit").filter((pl.col("visitor") == home) | (pl.col("host") == home))
    visits = visits.with_columns(partners=pl.concat_list("visitor", "host").list.set_difference(pl.lit([home])))
    told = (
        _told(snapshot, frame.filter(~bare), "dialogue", "dialogues", settings),
        _told(snapshot, frame.filter(bare), "dialogue", "visits", settings),
        _told(snapshot, visits, "visit", "visits", settings),
    )
    return [_dated(part) for part in told]


def _deployments(snapshot: Snapshot, home: str, settings: ActivitySettings) -> pl.DataFrame:
    """The register's deployments are those of its own country; partners are the framework or command, and the states of the area."""
    frame = snapshot.counted("deployment").filter(pl.lit(home == snapshot.home))
    serves = pl.when(pl.col("framework") == "UN").then(pl.lit("UN")).otherwise(pl.col("command"))
    partners = pl.concat_list(pl.col("countries"), serves).list.drop_nulls().list.set_difference(pl.lit([home])).list.sort()
    return _dated(_told(snapshot, frame.with_columns(partners=partners), "deployment", "deployments", settings))


def _transfers(snapshot: Snapshot, home: str, settings: ActivitySettings) -> pl.DataFrame:
    """A framework contract that executive contracts carry out is told by them."""
    frame = snapshot.counted("transfer").filter((pl.col("supplier") == home) | (pl.col("recipient") == home))
    frame = frame.filter(~pl.col("status").is_in(settings.not_signed) & (pl.col("contract_stage") != "approved").fill_null(True))
    frame = frame.filter(~pl.col("id").is_in(frame["contract_of"].drop_nulls().implode()))
    partners = pl.concat_list("supplier", "recipient").list.set_difference(pl.lit([home]))
    return _dated(_told(snapshot, frame.with_columns(partners=partners), "transfer", "technology", settings))


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("day").is_not_null())


def _counted(grid: pl.DataFrame | None, told: pl.DataFrame, years: pl.DataFrame, as_of: date, *by: str) -> pl.DataFrame:
    """Counts by year and the columns named, on the grid where one is given: null where nothing is known."""
    keys = ["year", *by]
    known = told.select(*by, "scope").unique().join(years, on="scope").group_by(keys).agg(scopes=pl.col("scope").n_unique().cast(pl.Int64))
    counts = told.group_by(keys).agg(
        records=pl.col("ref").unique().sort(),
        covered_records=pl.col("ref").filter(pl.col("standing") == "covered").unique().sort(),
        all=pl.col("ref").n_unique().cast(pl.Int64),
    )
    whole = counts.select(keys).vstack(known.select(keys)).unique() if grid is None else grid
    joined = whole.join(counts, on=keys, how="left").join(known, on=keys, how="left").with_columns(pl.col("records", "covered_records").fill_null([]))
    covered = pl.when(pl.col("scopes").is_not_null()).then(pl.col("covered_records").list.len().cast(pl.Int64))
    every = pl.when(pl.col("scopes").is_not_null()).then(pl.col("all").fill_null(0)).otherwise(pl.col("all"))
    passed = as_of.timetuple().tm_yday / date(as_of.year, 12, 31).timetuple().tm_yday
    elapsed = pl.when(pl.col("year") == as_of.year).then(passed).otherwise(1.0)
    return (
        joined.with_columns(all=every, covered=covered, elapsed=elapsed)
        .select(*keys, "all", "covered", "scopes", "elapsed", "records", "covered_records")
        .sort(keys)
    )


def _notes(rows: pl.DataFrame, told: pl.DataFrame) -> tuple[Text, ...]:
    if told.is_empty():
        return (_NOTHING,)
    bare = [name for name in MECHANISMS if rows.filter(pl.col("mechanism") == name)["covered"].is_null().all()]
    share = 100.0 * float(sum(rows["covered"].drop_nulls())) / told.height
    names = [MECHANISM_LABELS[name] for name in bare]
    listed = Text(", ".join(name.en for name in names), ", ".join(name.ko for name in names))
    head = (_SHARE.format(share=f"{share:.0f}", n=told.height),)
    return (*head, _BARE.format(mechanisms=listed)) if bare else head


_NOTHING = Text("No dated act is recorded by this day.", "이 날까지 날짜가 있는 활동 기록이 없습니다.")
_SHARE = Text(
    "{share} % of {n} dated acts belong to series believed complete; a trend may be read from these alone.",
    "날짜가 있는 활동 {n}건 가운데 {share}%만 빠짐없이 수록되었다고 보는 계열에 속하며, 추세는 이 부분에서만 읽을 수 있습니다.",
)
_BARE = Text(
    "Nothing is known to be complete for: {mechanisms}. Their counts are what was found, not what was done.",
    "빠짐없이 수록되었다고 보는 범위가 없는 수단: {mechanisms}. 건수는 찾은 만큼이며 실제 활동의 수가 아닙니다.",
)
