"""The network of ties: roles against closed forms, communities, all pairs, and the shipped register."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.measures.communities import communities, modularity
from comity.measures.contributions import contributions
from comity.measures.network import ROLES, NetworkSettings, constraint, network, roles
from comity.measures.pairs import pair_contributions
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import tie_strength
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
QUICK = NetworkSettings(tie=TieSettings(draws=40), floor=0.1)
STAR = np.zeros((5, 5))
STAR[0, 1:] = STAR[1:, 0] = 2.0
TRIANGLE = np.ones((3, 3)) - np.eye(3)


def exercise(name: str, start: str, participants: str, **more: str) -> dict[str, Any]:
    plain = {"series": "s", "title_en": name, "status": "conducted", "exercise_types": "FTX", "domains": "land", "personnel": "1000"}
    return {"id": name, "start": start, "participants": participants, **plain, **more}


def role(weights: np.ndarray[Any, np.dtype[np.float64]], name: str) -> list[float]:
    return [float(value) for value in roles(weights, 1.0)[ROLES.index(name)]]


def test_burts_constraint_has_its_closed_forms() -> None:
    assert constraint(TRIANGLE).tolist() == pytest.approx([1.125] * 3)  # 2 · (1/2 + 1/2 · 1/2)²
    assert constraint(STAR).tolist() == pytest.approx([1 / 4, 1, 1, 1, 1])
    path = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=float)
    assert constraint(path).tolist() == pytest.approx([1, 0.5, 1])
    weighted = np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]], dtype=float)
    by_hand = [(1 / 3 + 2 / 3 * 3 / 5) ** 2 + (2 / 3 + 1 / 3 * 3 / 4) ** 2, (1 / 4 + 3 / 4 * 2 / 5) ** 2 + (3 / 4 + 1 / 4 * 2 / 3) ** 2]
    assert constraint(weighted)[:2].tolist() == pytest.approx(by_hand)
    assert math.isnan(constraint(np.zeros((2, 2)))[0])


@settings(max_examples=30, deadline=None)
@given(data=st.data(), n=st.integers(2, 6), factor=st.floats(0.1, 50))
def test_constraint_equals_the_sum_written_out_and_ignores_the_scale(data: st.DataObject, n: int, factor: float) -> None:
    numbers = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 7.0]), min_size=n * n, max_size=n * n))
    upper = np.triu(np.array(numbers).reshape(n, n), 1)
    weights = upper + upper.T
    share = [[weights[i, j] / weights[i].sum() if weights[i].sum() else 0.0 for j in range(n)] for i in range(n)]
    for i in range(n):
        if weights[i].sum():
            parts = [(share[i][j] + sum(share[i][q] * share[q][j] for q in range(n) if q not in (i, j))) ** 2 for j in range(n) if weights[i, j]]
            assert constraint(weights)[i] == pytest.approx(sum(parts))
            assert constraint(factor * weights)[i] == pytest.approx(sum(parts))


def test_other_roles_have_their_closed_forms() -> None:
    assert role(STAR, "degree") == pytest.approx([8, 2, 2, 2, 2])
    assert role(STAR, "betweenness") == pytest.approx([1, 0, 0, 0, 0])
    assert role(STAR, "eigenvector") == pytest.approx([math.sqrt(1 / 2)] + [math.sqrt(1 / 8)] * 4, abs=1e-4)
    assert role(STAR, "core") == [1, 1, 1, 1, 1]
    full = np.ones((4, 4)) - np.eye(4)
    assert role(full, "core") == [3, 3, 3, 3]
    assert role(full, "betweenness") == [0, 0, 0, 0]
    assert role(0.5 * full, "neighbours") == [0, 0, 0, 0]  # below the floor of 1
    assert role(0.5 * full, "degree") == pytest.approx([1.5] * 4)


def test_two_cliques_are_two_communities() -> None:
    block = np.ones((4, 4)) - np.eye(4)
    two = np.zeros((9, 9))
    two[:4, :4] = two[4:8, 4:8] = block
    assert communities(two).tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 0]
    assert modularity(two, communities(two)) == pytest.approx(0.5)
    two[3, 4] = two[4, 3] = 1.0
    assert communities(two).tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 0]
    assert communities(np.zeros((3, 3))).tolist() == [0, 0, 0]


def test_the_karate_club_is_divided_near_the_optimum() -> None:
    import rustworkx as rx

    weights = rx.adjacency_matrix(rx.generators.karate_club_graph(), weight_fn=lambda _: 1.0)
    found = modularity(weights, communities(weights))
    assert 0.40 < found <= 0.4198 + 1e-4  # 0.4198 is the proven optimum (Brandes et al. 2008, IEEE TKDE)
    assert modularity(weights, np.zeros(34, dtype=np.int64)) == pytest.approx(0)


@pytest.mark.parametrize("actor", ["KOR", "USA", "JPN", "NATO"])
def test_pairs_are_the_contributions_of_either_side(kor: Snapshot, actor: str) -> None:
    pairs = pair_contributions(kor, TieSettings()).filter((pl.col("a") == actor) | (pl.col("b") == actor))
    mine = contributions(kor, actor, TieSettings())
    if actor != kor.home:
        pairs, mine = (frame.filter(pl.col("mechanism") != "deployments") for frame in (pairs, mine))
    other = pl.when(pl.col("a") == actor).then("b").otherwise("a")
    columns = ["partner", "mechanism", "ref", "since", "until", "weight"]
    assert pairs.with_columns(partner=other).select(columns).sort(columns).equals(mine.select(columns).unique().sort(columns))


def test_the_home_ties_are_those_of_tie_strength(kor: Snapshot) -> None:
    nodes = network(kor, as_of=DAY, settings=QUICK).rows
    ties = tie_strength(kor, as_of=DAY, settings=QUICK.tie).rows
    both = nodes.select("partner", "tie").join(ties.select("partner", "score"), on="partner")
    assert both.height == ties.height
    assert both["tie"].to_list() == pytest.approx(both["score"].to_list())


def test_triads_tell_whether_the_home_country_is_in_every_shared_record(tiny: Tiny) -> None:
    rows = [
        exercise("a", "2020-01-01", "KOR;USA;JPN"),
        exercise("b", "2020-01-01", "USA;JPN"),
        exercise("c", "2020-01-01", "KOR;AUS;USA"),
        exercise("d", "2020-01-01", "KOR;GBR"),
    ]
    answer = network(tiny({"exercise": rows}), as_of=DAY, settings=QUICK)
    triads = {(row["a"], row["b"]): row["by_home"] for row in answer.tables["triads"].iter_rows(named=True)}
    assert triads == {("JPN", "USA"): False, ("AUS", "USA"): True}
    assert answer.tables["edges"].filter((pl.col("a") == "JPN") & (pl.col("b") == "USA"))["with_home"].to_list() == [1]
    britain = answer.rows.filter(pl.col("partner") == "GBR").row(0, named=True)
    assert britain["constraint"] == pytest.approx(1)
    assert britain["community"] is None  # no tie on record but with the home country: unknown, not alone
    assert answer.rows["tie"].null_count() == 1
    assert "unknown, not zero" in answer.notes[0].en


def test_an_empty_register_answers_with_no_rows(tiny: Tiny) -> None:
    answer = network(tiny({}), as_of=DAY, settings=QUICK)
    assert answer.rows.is_empty()
    assert answer.notes
    with pytest.raises(UnknownActor):
        network(tiny({}), "ZZZ", as_of=DAY)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), day=st.dates(date(2017, 1, 1), DAY))
def test_a_register_cut_at_a_day_gives_the_same_in_any_order(tiny: Tiny, data: st.DataObject, day: date) -> None:
    who = st.sets(st.sampled_from(["KOR", "USA", "JPN", "AUS", "GBR"]), min_size=2).map(lambda codes: ";".join(sorted(codes)))
    made = data.draw(st.lists(st.tuples(st.dates(date(2016, 1, 1), DAY).map(str), who), min_size=1, max_size=6))
    rows = [exercise(f"e{at}", start, codes) for at, (start, codes) in enumerate(made)]
    rows.append(exercise("first", "2016-01-01", "KOR;USA"))
    whole = network(tiny({"exercise": data.draw(st.permutations(rows))}), as_of=day, settings=QUICK)
    cut = network(tiny({"exercise": [row for row in rows if row["start"] <= str(day)]}), as_of=day, settings=QUICK)
    assert whole.rows.equals(cut.rows)
    assert whole.tables["edges"].equals(cut.tables["edges"])


def test_the_shipped_register_reads_sensibly(kor: Snapshot) -> None:
    answer = network(kor, as_of=date(2026, 11, 22), settings=NetworkSettings(tie=TieSettings(draws=40)))
    rows, edges = answer.rows, answer.tables["edges"]
    assert rows["partner"][0] == "KOR"  # by construction, as the note says
    assert rows.filter("apart")["partner"].to_list() == ["PRK"]
    for name in ("degree", "betweenness", "eigenvector", "constraint"):
        known = rows.filter(pl.col(name).is_not_null())
        assert ((known[f"{name}_low"] <= known[name]) & (known[name] <= known[f"{name}_high"])).all()
    assert (edges["a"] < edges["b"]).all()
    assert (edges["weight"] >= 1.0).all()
    assert {"JPN", "USA"} <= set(rows.filter(pl.col("community") == rows.filter(pl.col("partner") == "USA")["community"][0])["partner"])
    assert all(kor.has_record(ref) for refs in edges["records"] for ref in refs)
