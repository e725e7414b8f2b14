"""Technology: shares and concentration in closed form, what counts once, and the shipped register's buyers and sellers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.measures.technology import TechnologySettings, herfindahl, technology
from comity.register.register import Register
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
TODAY = date(2026, 11, 22)


def transfer(name: str, supplier: str = "USA", recipient: str = "KOR", **cells: str) -> dict[str, Any]:
    base = {"id": name, "supplier": supplier, "recipient": recipient, "item_en": name, "transfer_type": "import", "status": "signed", "signed": "2015-01-01"}
    return base | cells


def concentration(snapshot: Snapshot, direction: str, year: int | None = 2010, **asked: Any) -> dict[str, Any]:
    table = technology(snapshot, as_of=TODAY, **asked).tables["concentration"]
    return table.row(by_predicate=(pl.col("direction") == direction) & pl.col("from_year").eq_missing(pl.lit(year)), named=True)


def test_shares_and_concentration_by_value(tiny: Tiny) -> None:
    values = {"a": ("USA", "600"), "b": ("USA", "200"), "c": ("DEU", "100"), "d": ("FRA", "100"), "e": ("ISR", "0")}
    rows = [transfer(name, supplier, value_usd_m=value) for name, (supplier, value) in values.items()]
    snapshot = tiny({"transfer": rows})
    row = concentration(snapshot, "import")
    assert (row["basis"], row["top_partner"], row["top_share"], row["value_usd_m"]) == ("value", "USA", 0.8, 1000.0)
    assert row["hhi"] == pytest.approx(0.8**2 + 0.1**2 + 0.1**2)
    assert row["effective_partners"] == pytest.approx(1 / 0.66)
    assert 1 / 4 <= row["hhi_low"] <= row["hhi"] <= row["hhi_high"] <= 1
    usa = technology(snapshot, as_of=TODAY).rows.row(0, named=True)
    assert (usa["partner"], usa["contracts"], usa["share_of_value"], usa["share_of_contracts"]) == ("USA", 2, 0.8, 0.4)
    assert usa["records"] == ["transfer:a", "transfer:b"]


def test_under_thirty_per_cent_valued_contracts_are_counted(tiny: Tiny) -> None:
    rows = [transfer("a", value_usd_m="900"), *(transfer(f"b{n}", "DEU") for n in range(4))]
    answer = technology(tiny({"transfer": rows}), as_of=TODAY)
    row = answer.tables["concentration"].row(0, named=True)
    assert (row["basis"], row["hhi"], row["value_usd_m"], row["valued_share"]) == ("contracts", pytest.approx(0.8**2 + 0.2**2), None, 0.2)
    assert answer.rows["share_of_value"].to_list() == [None, None]
    assert "not enough values" in answer.notes[0].en
    assert "금액 대신 계약 수" in answer.notes[0].ko


def test_few_contracts_give_no_index(tiny: Tiny) -> None:
    row = concentration(tiny({"transfer": [transfer("a", value_usd_m="1"), transfer("b")]}), "import")
    assert (row["hhi"], row["effective_partners"], row["contracts"]) == (None, None, 2)


def test_a_framework_counts_through_its_executive_contracts(tiny: Tiny) -> None:
    framework = transfer("f", "KOR", "POL", transfer_type="export", contract_stage="framework", value_usd_m="5000", signed="2012-01-01")
    executives = [
        transfer(f"x{year}", "KOR", "POL", transfer_type="export", contract_stage="executive", contract_of="f", value_usd_m="1000", signed=f"{year}-06-01")
        for year in (2012, 2014)
    ]
    snapshot = tiny({"transfer": [framework, *executives]})
    late = technology(snapshot, as_of=TODAY).rows
    assert late.select("contracts", "value_usd_m", "records").rows() == [(2, 2000.0, ["transfer:x2012", "transfer:x2014"])]
    early = technology(snapshot, as_of=date(2012, 3, 1)).rows
    assert early.select("contracts", "value_usd_m", "records").rows() == [(1, 5000.0, ["transfer:f"])]


def test_directions(tiny: Tiny) -> None:
    rows = [
        transfer("bought"),
        transfer("licensed", transfer_type="licence"),
        transfer("sold", "KOR", "IDN", transfer_type="export"),
        transfer("given", "KOR", "PHL", transfer_type="donation"),
        transfer("together", "KOR", "IDN", transfer_type="codevelopment"),
        transfer("others", "USA", "JPN"),
        transfer("given-up", status="cancelled"),
        transfer("approved", contract_stage="approved"),
        transfer("undated", signed=""),
    ]
    for row in rows:
        row["signed"] = row["signed"] or None
    answer = technology(tiny({"transfer": rows}), as_of=TODAY)
    found = dict(answer.tables["contracts"].select("id", "direction").iter_rows())
    assert found == {"bought": "import", "licensed": "import", "sold": "export", "given": "export", "together": "joint"}
    assert answer.notes[-1].en == "1 transfers without a known date of contract are left out."


def test_diversification_is_the_change_against_the_period_before(tiny: Tiny) -> None:
    before = [transfer(f"a{n}", "USA", signed="1995-01-01") for n in range(6)]
    after = [transfer(f"b{n}", supplier, signed="2005-01-01") for n, supplier in enumerate(["USA", "DEU"] * 3)]
    snapshot = tiny({"transfer": before + after})
    assert concentration(snapshot, "import", 1990)["change"] is None
    assert concentration(snapshot, "import", 2000)["change"] == pytest.approx(0.5 - 1.0)
    assert concentration(snapshot, "import", None)["hhi"] == pytest.approx(0.75**2 + 0.25**2)


@given(amounts=st.lists(st.floats(0.01, 1e4), min_size=1, max_size=12), factor=st.floats(0.1, 100))
def test_the_index_lies_between_one_over_n_and_one_and_knows_no_unit(amounts: list[float], factor: float) -> None:
    index = herfindahl(amounts)
    assert 1 / len(amounts) - 1e-12 <= index <= 1 + 1e-12
    assert herfindahl([amount * factor for amount in amounts]) == pytest.approx(index)


def test_the_same_seed_gives_the_same_interval_and_another_a_close_one(kor: Snapshot) -> None:
    first, again = (concentration(kor, "export", 2020) for _ in range(2))
    other = concentration(kor, "export", 2020, settings=TechnologySettings(seed=7))
    assert first == again
    assert other["hhi_high"] == pytest.approx(first["hhi_high"], abs=0.02)


def test_poland_became_the_first_buyer_in_the_2020s(kor: Snapshot) -> None:
    assert concentration(kor, "export", 2020)["top_partner"] == "POL"
    assert concentration(kor, "export", 2010)["top_partner"] == "IDN"
    rows = technology(kor, as_of=TODAY).rows
    poland = rows.row(by_predicate=(pl.col("partner") == "POL") & (pl.col("from_year") == 2020), named=True)
    own = kor.counted("transfer").filter(pl.col("id").is_in([ref.removeprefix("transfer:") for ref in poland["records"]]))
    assert poland["value_usd_m"] == own["value_usd_m"].sum()
    assert set(own["recipient"]) == {"POL"}


def test_seoul_buys_most_from_the_united_states(kor: Snapshot) -> None:
    assert concentration(kor, "import", None)["top_partner"] == "USA"


def test_a_register_cut_at_a_day_gives_the_same_as_that_day(kor_register: Register, kor: Snapshot) -> None:
    tables = dict(kor_register.tables)
    tables["transfer"] = tables["transfer"].filter(pl.col("signed").is_null() | (pl.col("signed") <= "2019-12-31"))
    part = technology(Register(kor_register.path, kor_register.settings, tables).snapshot(), as_of=date(2019, 12, 31))
    whole = technology(kor, as_of=date(2019, 12, 31))
    assert whole.rows.equals(part.rows)
    assert whole.tables["concentration"].equals(part.tables["concentration"])
