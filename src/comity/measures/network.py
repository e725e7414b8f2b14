"""Who is tied to whom in the register, and which roles do actors play in that web?

Nodes are the actors that share records; an edge's weight is their tie (0-100), computed as tie strength is, for every pair of participants.
Roles: weighted degree, betweenness, eigenvector centrality, Burt's constraint, k-core and community. It does not show the world's
network: a register kept from one country sees others' ties only where it took part, so a missing tie between third parties is
unknown and not zero, and the home country stands in the middle by construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import numpy as np
import polars as pl

from comity.measures.communities import communities
from comity.measures.draws import Floats
from comity.measures.pairs import pair_contributions, participants
from comity.measures.result import Result, result
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import drawn_scores, standing
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

ROLES = ("degree", "neighbours", "betweenness", "eigenvector", "constraint", "core")
BANDED = ("degree", "betweenness", "eigenvector", "constraint")


@dataclass(frozen=True)
class NetworkSettings:
    """Parameters of the network (method 4)."""

    tie: TieSettings = field(default_factory=lambda: TieSettings(draws=200))  # roles are computed in every draw: 200 hold the 5-95 % ends to about a tenth
    floor: float = 1.0  # ties below one point of a hundred, mostly one old exercise of many nations, are no edge for paths, cores and lists
    interval: tuple[float, float] = (0.05, 0.95)


@dataclass(frozen=True)
class _Web:
    """Nodes in order of their codes, the pairs as indices into them, and each pair's tie in every draw."""

    nodes: list[str]
    one: np.ndarray[Any, np.dtype[np.int64]]
    other: np.ndarray[Any, np.dtype[np.int64]]
    ties: Floats

    def matrix(self, ties: Floats) -> Floats:
        """The symmetric matrix of these ties."""
        weights = np.zeros((len(self.nodes), len(self.nodes)))
        weights[self.one, self.other] = weights[self.other, self.one] = ties
        return weights


def network(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: NetworkSettings | None = None) -> Result:
    """Ties of all pairs in the register on `as_of` and the roles of its actors.

    Rows, one an actor: `partner`, `apart` (an adversary of the package), `tie` (with `home`, 0-100; null for `home` itself), `degree` (sum of its ties, points), `neighbours`
    (ties of at least the floor), `betweenness` (share of the shortest paths between two others that pass it, 0-1), `eigenvector` (0-1),
    `constraint` (Burt; null without ties), `core` (largest k), `community` (1 is the largest; without `home`, null where it has no other
    ties), `records`; `<role>_low` and `<role>_high` (5-95 % of the draws) beside degree, betweenness, eigenvector and constraint.
    Tables: `edges` (`a`, `b`, `weight`, `low`, `high`, `with_home`: records in which the home country took part too, `records`), `triads`
    (pairs of the home country's partners that are tied themselves: `a`, `b`, `weight`, `by_home`: every shared record has it among
    the participants, `records`). Edges and triads are ties of at least the floor.
    """
    chosen, country = settings or NetworkSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    parts = standing(pair_contributions(snapshot, chosen.tie), as_of)
    if parts.is_empty():
        return result("network", snapshot, pl.DataFrame(schema={"partner": pl.String}), as_of=as_of, home=country, settings=chosen, notes=(_UNKNOWN,))
    web = _web(parts, chosen)
    edges = _edges(parts, web, participants(snapshot), country, chosen)
    rows = _nodes(snapshot, parts, web, country, chosen)
    triads = _triads(edges, country)
    said = _TRIADS.format(
        home=Text(*snapshot.actor_names[country][:2]), n=_partners(edges, country).len(), closed=triads.height, by_home=triads["by_home"].sum()
    )
    return result(
        "network", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=(_UNKNOWN, _MIDDLE, said), tables={"edges": edges, "triads": triads}
    )


def constraint(weights: Floats) -> Floats:
    """Burt's constraint of each node of a symmetric matrix of weights; not a number for nodes without ties.

    c_i = Σ_j (p_ij + Σ_q p_iq p_qj)² over i's neighbours j, with p_ij = w_ij / Σ_k w_ik and q ≠ i, j (Burt 1992, Structural Holes, ch. 2).
    Low values mean that i's partners are not tied to each other: i stands between them.
    """
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    invested = np.where(weights > 0, share + share @ share, 0.0)
    return np.where(total[:, 0] > 0, (invested**2).sum(axis=1), np.nan)


def eigenvector(weights: Floats) -> Floats:
    """Eigenvector centrality of each node (Bonacich 1972): the positive eigenvector of the largest eigenvalue, of length 1; 0 without ties."""
    if not weights.any():
        return np.zeros(len(weights))
    leading = np.abs(np.linalg.eigh(weights)[1][:, -1])
    return np.asarray(np.where(weights.sum(axis=1) > 0, leading, 0.0))


def roles(weights: Floats, floor: float) -> Floats:
    """The six roles of every node, roles x nodes in the order of `ROLES`.

    Degree, eigenvector and constraint weigh every tie. Betweenness (Brandes 2001) and k-core count ties of at least `floor` as edges and
    are not weighted.
    """
    import rustworkx as rx

    at = np.arange(len(weights))
    backbone = rx.PyGraph()
    backbone.add_nodes_from(at.tolist())
    i, j = np.nonzero(np.triu((weights >= floor) & (weights > 0), 1))
    backbone.add_edges_from(list(zip(i.tolist(), j.tolist(), weights[i, j].tolist(), strict=True)))
    between, core = rx.betweenness_centrality(backbone), cast("dict[int, int]", rx.core_number(backbone))
    return np.array(
        [
            weights.sum(axis=1),
            [backbone.degree(node) for node in at.tolist()],
            [between[node] for node in at.tolist()],
            eigenvector(weights),
            constraint(weights),
            [core[node] for node in at.tolist()],
        ]
    )


def _web(parts: pl.DataFrame, settings: NetworkSettings) -> _Web:
    pairs = parts.select("a", "b").unique(maintain_order=True)
    nodes = pl.concat([pairs["a"], pairs["b"]]).unique().sort().to_list()
    at = {node: place for place, node in enumerate(nodes)}
    one, other = (np.array([at[node] for node in pairs[side]], dtype=np.int64) for side in ("a", "b"))
    return _Web(nodes, one, other, drawn_scores(parts, settings.tie))


def _nodes(snapshot: Snapshot, parts: pl.DataFrame, web: _Web, home: str, settings: NetworkSettings) -> pl.DataFrame:
    usual = web.matrix(np.median(web.ties, axis=1))
    drawn = np.array([roles(web.matrix(ties), settings.floor) for ties in web.ties.T])
    columns: dict[str, Any] = {"partner": web.nodes, "apart": [node in snapshot.settings.get("adversaries", []) for node in web.nodes]}
    columns["tie"] = usual[web.nodes.index(home)] if home in web.nodes else np.zeros(len(web.nodes))
    at_median = roles(usual, settings.floor)
    for place, role in enumerate(ROLES):
        if role in BANDED:
            columns |= _band(role, drawn[:, place, :], settings)
        else:
            columns[role] = at_median[place]
    others = usual.copy()
    if home in web.nodes:
        others[web.nodes.index(home)] = others[:, web.nodes.index(home)] = 0.0
    columns["community"] = communities(others)
    frame = pl.DataFrame(columns).with_columns(pl.col("neighbours", "core").cast(pl.Int64), pl.col("community").replace(0, None))
    frame = frame.with_columns(pl.col("^constraint.*$").fill_nan(None), tie=pl.when((pl.col("partner") != home) & (pl.col("tie") > 0)).then("tie"))
    return frame.join(_records_of(parts), on="partner", how="left").sort("degree", "partner", descending=[True, False])


def _band(role: str, drawn: Floats, settings: NetworkSettings) -> dict[str, Floats]:
    """Median and interval of a role over the draws in which the node has it; not a number where it has it in none."""
    known = np.isfinite(drawn).any(axis=0)
    low, middle, high = (np.full(drawn.shape[1], np.nan) for _ in range(3))
    low[known], middle[known], high[known] = np.nanquantile(drawn[:, known], [settings.interval[0], 0.5, settings.interval[1]], axis=0)
    return {role: middle, f"{role}_low": low, f"{role}_high": high}


def _records_of(parts: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat([parts.select(partner="a", ref="ref"), parts.select(partner="b", ref="ref")]).unique().sort("partner", "ref")
    return sides.group_by("partner", maintain_order=True).agg(records=pl.col("ref"))


def _edges(parts: pl.DataFrame, web: _Web, taking_part: pl.DataFrame, home: str, settings: NetworkSettings) -> pl.DataFrame:
    low, high = np.quantile(web.ties, settings.interval, axis=1)
    drawn = pl.DataFrame({"weight": np.median(web.ties, axis=1), "low": low, "high": high})
    pairs = pl.concat([parts.select("a", "b").unique(maintain_order=True), drawn], how="horizontal")
    with_home = taking_part.select("ref", _there=pl.col("actors").list.contains(home))
    there = pl.col("_there").fill_null((pl.col("a") == home) | (pl.col("b") == home))
    refs = parts.select("a", "b", "ref").unique().join(with_home, on="ref", how="left").sort("a", "b", "ref")
    told = refs.group_by("a", "b", maintain_order=True).agg(with_home=there.sum().cast(pl.Int64), records=pl.col("ref"))
    listed = pairs.filter(pl.col("weight") >= settings.floor).join(told, on=["a", "b"])
    return listed.sort("weight", "a", "b", descending=[True, False, False])


def _partners(edges: pl.DataFrame, home: str) -> pl.Series:
    with_home = edges.filter((pl.col("a") == home) | (pl.col("b") == home))
    return with_home.select(partner=pl.when(pl.col("a") == home).then("b").otherwise("a"))["partner"]


def _triads(edges: pl.DataFrame, home: str) -> pl.DataFrame:
    partners = _partners(edges, home).implode()
    among = edges.filter(pl.col("a").is_in(partners) & pl.col("b").is_in(partners))
    return among.select("a", "b", "weight", by_home=pl.col("with_home") == pl.col("records").list.len(), records="records")


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_UNKNOWN = Text(
    "The register looks from one country: a missing tie between two others is unknown, not zero.",
    "이 등록부는 한 나라의 관점에서 작성되었으므로, 다른 두 나라 사이에 유대가 없다는 것은 0이 아니라 알 수 없음을 뜻합니다.",
)
_MIDDLE = Text(
    "The home country stands in the middle by construction; communities are found among its partners without it.",
    "자국이 중심에 놓이는 것은 자료 구성의 결과이며, 공동체는 자국을 빼고 상대국 사이에서만 찾았습니다.",
)
_TRIADS = Text(
    "{home} has {n} partners above the floor; {closed} pairs of them are tied themselves, {by_home} of these only by records in which it took part.",
    "기준 이상의 유대를 맺은 {home}의 상대는 {n}곳이며, 그 가운데 서로 유대가 있는 쌍은 {closed}개, 그중 {by_home}개는 자국이 함께한 기록으로만 이어져 있습니다.",
)
