"""What each record adds to working together with a partner: the table from which interoperability is computed.

One row is one record's part in one input (a domain of practice, a kind of procedure, shared systems, a combined command, posts and
visits), with its weight, its age in years since it stood last and the probability that it is as recorded. Beside it stands how well each
input is filled in the register by that day. Weights of exercises, transfers and meetings are those of tie strength.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from comity.measures.contributions import contributions
from comity.measures.fill import filled
from comity.measures.interoperability_settings import COMPONENTS, DOMAINS, PROCEDURES, SEVERAL, InteroperabilitySettings
from comity.measures.tie_settings import AGREEMENT_WEIGHTS
from comity.measures.tie_strength import standing
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import FAR, midpoint

COLUMNS = ["component", "input", "ref", "weight", "age", "probability"]
KINDS = {
    **dict.fromkeys(DOMAINS, "exercise"), **dict.fromkeys(COMPONENTS["procedures"], "agreement"), "systems": "transfer",
    "combined_commands": "membership", "liaison": "deployment", "attaches": "attache_post", "visits": "visit", "exchanges": "dialogue",
}  # fmt: skip
CHIEFS = ["chief_of_defence", "service_chief"]


def interoperability_parts(snapshot: Snapshot, home: str, partner: str, as_of: date, settings: InteroperabilitySettings) -> pl.DataFrame:
    """Every record's part in every input, sorted by component, input and record."""
    tie = standing(contributions(snapshot, home, settings.tie).filter(pl.col("partner") == partner), as_of)
    rows = pl.concat(
        [
            _practice(snapshot, tie),
            _procedures(snapshot, tie, settings),
            tie.filter(pl.col("mechanism") == "technology").with_columns(component=pl.lit("equipment"), input=pl.lit("systems")).select(COLUMNS),
            _commands(snapshot, home, partner, as_of, settings),
            _liaison(snapshot, home, partner, as_of, settings),
            _attaches(snapshot, home, partner, as_of, settings),
            _meetings(snapshot, tie),
        ]
    )
    return rows.filter(pl.col("weight") > 0).sort("component", "input", "ref", "age")


def _practice(snapshot: Snapshot, tie: pl.DataFrame) -> pl.DataFrame:
    """An exercise shares its weight evenly among the domains that it trained; 'several' stands for land, sea and air."""
    domains = snapshot.counted("exercise").select(ref="exercise:" + pl.col("id"), input=pl.col("domains")).explode("input")
    several = domains.filter(pl.col("input") == "multi").select("ref").join(pl.DataFrame({"input": list(SEVERAL)}), how="cross")
    each = pl.concat([domains.filter(pl.col("input").is_in(DOMAINS)), several]).unique()
    each = each.with_columns(share=1.0 / pl.len().over("ref"))
    rows = tie.filter(pl.col("mechanism") == "exercises").join(each, on="ref")
    return rows.with_columns(component=pl.lit("practice"), weight=pl.col("weight") * pl.col("share")).select(COLUMNS)


def _procedures(snapshot: Snapshot, tie: pl.DataFrame, settings: InteroperabilitySettings) -> pl.DataFrame:
    """Instruments in force, each worth 1, or what a suspension leaves of it: a procedure that many share serves two of them no less."""
    kinds = snapshot.counted("agreement").select(
        ref="agreement:" + pl.col("id"), kind="agreement_type", others=(pl.col("parties").list.len() - 1).clip(lower_bound=1).cast(pl.Float64)
    )
    rows = tie.join(kinds.filter(pl.col("kind").is_in(list(PROCEDURES))), on="ref")
    full = pl.col("kind").replace_strict(AGREEMENT_WEIGHTS, default=1.0, return_dtype=pl.Float64) / pl.col("others").pow(settings.tie.gamma)
    return rows.with_columns(
        component=pl.lit("procedures"), input=pl.col("kind").replace_strict(PROCEDURES, return_dtype=pl.String), weight=pl.col("weight") / full
    ).select(COLUMNS)


def _commands(snapshot: Snapshot, home: str, partner: str, as_of: date, settings: InteroperabilitySettings) -> pl.DataFrame:
    """Commands in which both have a seat on the day: the lesser seat counts, one half of it by each of the two records."""
    seats = _seats(snapshot).filter(_stands("start", "end", as_of))
    seats = seats.with_columns(seat=pl.col("role").replace_strict(settings.seat, default=0.0, return_dtype=pl.Float64), probability=_probability(settings))
    pair = (
        seats.filter(pl.col("member").is_in([home, partner]))
        .sort("seat", "id", descending=[True, False])
        .unique(["organisation", "member"], keep="first", maintain_order=True)
    )
    both = pair.filter(pl.col("member").n_unique().over("organisation") == 2)
    least = pl.col("seat").min().over("organisation")
    return both.with_columns(
        component=pl.lit("command"), input=pl.lit("combined_commands"), ref="membership:" + pl.col("id"), weight=least / 2.0, age=pl.lit(0.0)
    ).select(COLUMNS)


def _liaison(snapshot: Snapshot, home: str, partner: str, as_of: date, settings: InteroperabilitySettings) -> pl.DataFrame:
    """Officers or units of the home country that serve under the partner or under a command of the partner's on the day."""
    if home != snapshot.home:
        return _none()  # deployments are recorded of the register's own country only
    under = _commands_of(snapshot, partner)
    rows = snapshot.counted("deployment").filter(pl.col("command").is_in(under) & _stands("start", "end", as_of))
    return rows.with_columns(
        component=pl.lit("command"),
        input=pl.lit("liaison"),
        ref="deployment:" + pl.col("id"),
        weight=pl.lit(1.0),
        age=pl.lit(0.0),
        probability=_probability(settings),
    ).select(COLUMNS)


def _attaches(snapshot: Snapshot, home: str, partner: str, as_of: date, settings: InteroperabilitySettings) -> pl.DataFrame:
    posts = snapshot.counted("attache_post").filter(_stands("start", "end", as_of))
    resident = ((pl.col("sender") == home) & (pl.col("host") == partner)) | ((pl.col("sender") == partner) & (pl.col("host") == home))
    served = pl.col("also_accredited").list
    beside = ((pl.col("sender") == home) & served.contains(partner)) | ((pl.col("sender") == partner) & served.contains(home))
    return posts.with_columns(
        component=pl.lit("people"), input=pl.lit("attaches"), ref="attache_post:" + pl.col("id"), age=pl.lit(0.0), probability=_probability(settings),
        weight=pl.when(resident).then(1.0).when(beside).then(settings.accredited_from_elsewhere).otherwise(0.0),
    ).select(COLUMNS)  # fmt: skip


def _meetings(snapshot: Snapshot, tie: pl.DataFrame) -> pl.DataFrame:
    """Exchanges of chiefs of defence and of the services; visits are those that are no such exchange."""
    chiefs = snapshot.counted("dialogue").filter(pl.col("level").is_in(CHIEFS)).select(ref="dialogue:" + pl.col("id"))
    exchanged = tie.join(chiefs, on="ref", how="semi").with_columns(input=pl.lit("exchanges"))
    visits = tie.filter(pl.col("mechanism") == "visits").join(chiefs, on="ref", how="anti").with_columns(input=pl.lit("visits"))
    return pl.concat([exchanged, visits]).with_columns(component=pl.lit("people")).select(COLUMNS)


def inputs_filled(snapshot: Snapshot, as_of: date) -> dict[str, dict[str, float]]:
    """Share of the fields behind each input that the register holds by the day (0-1), by component and input; an empty kind is 0."""
    exercises = _begun(snapshot.frame("exercise"), "start", as_of)
    agreements = _begun(snapshot.frame("agreement"), "signed", as_of)
    meetings = _begun(snapshot.frame("dialogue"), "start", as_of)
    visits = filled(_begun(snapshot.frame("visit"), "start", as_of), ["visit_type", "level"])
    seats = _begun(_seats(snapshot, counted=False), "start", as_of)
    return {
        "practice": dict.fromkeys(DOMAINS, filled(exercises, ["participants", "exercise_types", "domains"])),
        "procedures": dict.fromkeys(COMPONENTS["procedures"], filled(agreements, ["parties", "agreement_type"])),
        "equipment": {"systems": filled(_begun(snapshot.frame("transfer"), "signed", as_of), ["transfer_type", "value_usd_m"])},
        "command": {
            "combined_commands": float(seats["counted"].mean() or 0.0) if seats.height else 0.0,  # type: ignore[arg-type]
            "liaison": filled(_begun(snapshot.frame("deployment"), "start", as_of), ["command"]),
        },
        "people": {
            "attaches": filled(_begun(snapshot.frame("attache_post"), "start", as_of), ["sender", "host"]),
            "visits": max(visits, filled(meetings, ["format"])),
            "exchanges": filled(meetings, ["level"]),
        },
    }


def absence_tells(snapshot: Snapshot) -> dict[tuple[str, str], bool]:
    """Whether an input without any record means that there was nothing: not where the register covers the kind in selection only.

    Where the register states its coverage at all, a kind that it says nothing of is taken as a selection too.
    """
    coverage = snapshot.frame("coverage")
    stated = set(coverage.filter(~pl.col("completeness").is_in(["selective", "none"]))["scope"])
    return {(component, name): coverage.is_empty() or f"kind:{KINDS[name]}" in stated for component, names in COMPONENTS.items() for name in names}


def _begun(frame: pl.DataFrame, field: str, as_of: date) -> pl.DataFrame:
    return frame.filter(midpoint(field) <= as_of)


def _seats(snapshot: Snapshot, *, counted: bool = True) -> pl.DataFrame:
    """Memberships in commands; all of them, with whether they count, for the share that is filled."""
    commands = snapshot.frame("actor").filter(pl.col("actor_type") == "command")["id"].implode()
    if counted:
        return snapshot.counted("membership").filter(pl.col("organisation").is_in(commands))
    known = pl.col("counts") & (pl.col("sourced") | snapshot.include_unsourced)
    return snapshot.frame("membership").filter(pl.col("organisation").is_in(commands)).with_columns(counted=known.cast(pl.Float64))


def _commands_of(snapshot: Snapshot, partner: str) -> list[str]:
    """The partner and every command below it."""
    below = dict(snapshot.frame("actor").filter(pl.col("parent").is_not_null()).select("id", "parent").iter_rows())
    found = {partner}
    while more := {child for child, parent in below.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _stands(start: str, end: str, as_of: date) -> pl.Expr:
    return ((midpoint(start) <= as_of) & (as_of <= midpoint(end).fill_null(FAR))).fill_null(False)


def _probability(settings: InteroperabilitySettings) -> pl.Expr:
    return pl.col("confidence").replace_strict(settings.tie.confidence, default=settings.tie.confidence["low"], return_dtype=pl.Float64)


def _none() -> pl.DataFrame:
    texts = {name: pl.String() for name in ("component", "input", "ref")}
    return pl.DataFrame(schema=texts | {name: pl.Float64() for name in ("weight", "age", "probability")})
