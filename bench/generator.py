"""A register of N made-up records in the mix of a real one, written as a data package: for measuring, never for reading.

The shares of the kinds, the partial dates, the crowd of partners (a few in most records, most in few), organisations, competing claims
and sources are those of a defence ministry's register, by a seed. Names and facts are invented; the package is called `made-up`, passes
`comity check`, and is sealed like an edition.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from comity.register.checks_logic import SAME
from comity.register.package import empty_table, read_package, write_tables
from comity.register.seal import write_seal
from comity.vocab.kinds import codes, kinds

SHARES = {
    "event": 0.36,
    "dialogue": 0.24,
    "exercise": 0.11,
    "agreement": 0.09,
    "poll_answer": 0.07,
    "strength": 0.05,
    "visit": 0.04,
    "transfer": 0.03,
    "deployment": 0.01,
}
RECORDS_A_SERIES, RECORDS_A_SOURCE, CLAIMS_A_RECORD = 12, 5, 0.13
FIRST_YEAR, LAST_YEAR = 1994, 2026  # states that existed throughout
HOME = "AUS"  # any state; not the shipped one, so that nothing rests on it
Cells = dict[str, Any]


def write_register(folder: Path, records: int, seed: int = 20261122) -> Path:
    """Write a data package of `records` records (series, sources and claims come on top) and give its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _Made(records, np.random.default_rng(seed))
    settings = f"name: made_up\nversion: '1'\nextends: [world]\nhome: {HOME}\ntitle: {{en: Made-up register of {records} records, ko: 가상 등록부}}\nuntil: {LAST_YEAR}-06-30\n"
    (folder / "package.yaml").write_text(settings, encoding="utf-8")
    write_tables(folder, made.tables())
    write_seal(read_package(folder))
    return folder


class _Made:
    """Tables of text by kind, drawn from one generator of chance."""

    def __init__(self, records: int, rng: np.random.Generator) -> None:
        self.rng = rng
        self.counts = {name: max(1, round(records * share)) for name, share in SHARES.items()}
        world = read_package("world").tables["actor"]
        lived = (pl.col("start").is_null() | (pl.col("start").str.slice(0, 4) < str(FIRST_YEAR))) & (pl.col("end") == "..") & (pl.col("id") != HOME)
        states = world.filter(lived & (pl.col("actor_type") == "state"))["id"].sort()
        others = world.filter(lived & (pl.col("actor_type") != "state"))["id"].sort().head(20)
        self.partners = np.array([*states, *others])
        weights = 1.0 / np.arange(1, len(self.partners) + 1)  # Zipf: a few partners are in most records
        self.chance = rng.permutation(weights) / weights.sum()
        self.sources = max(1, records // RECORDS_A_SOURCE)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every kind's rows."""
        made = {"source": self._source(), **self._series()}
        rows: dict[str, Callable[[int], Cells]] = {name: getattr(self, f"_{name}") for name in SHARES}
        for name, count in self.counts.items():
            made[name] = self._table(name, rows[name](count), count)
        made["poll_question"] = self._questions()
        made["claim"] = self._claims(made)
        return {name: made.get(name, empty_table(kinds()[name])) for name in kinds()}

    def _table(self, name: str, cells: Cells, count: int) -> pl.DataFrame:
        """A table of the kind in the vocabulary's order, with what every record carries."""
        common = {
            "id": [f"{name.replace('_', '-')}-{at:07d}" for at in range(count)],
            "source": self._named("source", self.sources, count),
            "confidence": self._pick(["high", "medium", "low"], count, [0.75, 0.2, 0.05]),
            "entered_at": self._pick([f"2026-0{month}-15" for month in range(1, 7)], count),
            "marking": ["public"] * count,
        }
        kind, frame = kinds()[name], pl.DataFrame(common | cells)
        if name in SAME:  # chance gives a few meetings twice
            frame = frame.unique([key for key in SAME[name] if key in frame.columns], keep="first", maintain_order=True)
        return frame.select([pl.col(column) if column in frame.columns else pl.lit(None, dtype=pl.String).alias(column) for column in kind.columns])

    def _pick(self, values: list[Any], count: int, chance: list[float] | None = None) -> list[Any]:
        return [values[at] for at in self.rng.choice(len(values), count, p=chance)]

    def _code(self, name: str, count: int) -> list[Any]:
        return self._pick(list(codes(name)), count)

    def _named(self, name: str, among: int, count: int) -> list[str]:
        return [f"{name.replace('_', '-')}-{at:07d}" for at in self.rng.integers(0, among, count)]

    def _partner(self, count: int) -> Any:
        return self.rng.choice(self.partners, count, p=self.chance)

    def _parties(self, count: int) -> list[str]:
        """Home and one partner in most rows, up to nine more in the others."""
        more = np.where(self.rng.random(count) < 0.75, 0, self.rng.integers(1, 10, count))
        return [";".join([HOME, *dict.fromkeys(self._partner(1 + extra))]) for extra in more]

    def _days(self, count: int) -> list[str]:
        """Days, more of them in later years; one in ten known to the month, one in twenty to the year."""
        years = FIRST_YEAR + np.floor((LAST_YEAR - FIRST_YEAR) * np.sqrt(self.rng.random(count))).astype(int)
        months, days, lengths = self.rng.integers(1, 13, count), self.rng.integers(1, 29, count), self.rng.choice([10, 7, 4], count, p=[0.85, 0.1, 0.05])
        return [f"{year}-{month:02d}-{day:02d}"[:length] for year, month, day, length in zip(years, months, days, lengths, strict=True)]

    def _titles(self, what: str, count: int) -> Cells:
        return {"title_en": [f"{what} of record {at}" for at in range(count)], "title_ko": [f"기록 {at}" for at in range(count)]}

    def _source(self) -> pl.DataFrame:
        ids = [f"source-{at:07d}" for at in range(self.sources)]
        cells = {
            "id": ids,
            "title": [f"Made-up source {at}" for at in range(self.sources)],
            "source_type": ["news"] * self.sources,
            "marking": ["public"] * self.sources,
        }
        cells |= {"url": [f"https://example.org/{one}" for one in ids], "published": self._days(self.sources), "retrieved": ["2026-06-30"] * self.sources}
        return self._table("source", cells, self.sources)

    def _series(self) -> dict[str, pl.DataFrame]:
        made = {}
        for name in ("exercise", "dialogue"):
            count = max(1, self.counts[name] // RECORDS_A_SERIES)
            held = {"first_held": [str(FIRST_YEAR)] * count, "last_held": [".."] * count, "status": ["active"] * count}
            made[f"{name}_series"] = self._table(f"{name}_series", self._titles("Series", count) | held, count)
        return made

    def _questions(self) -> pl.DataFrame:
        count = max(1, self.counts["poll_answer"] // 8)
        return self._table("poll_question", {"topic": self._code("poll_topic", count), "wording_en": [f"Question {at}" for at in range(count)]}, count)

    def _event(self, count: int) -> Cells:
        told = {"summary_en": [f"Event {at} happened." for at in range(count)], "summary_ko": [f"사건 {at}" for at in range(count)]}
        sides = {"source_actors": self._partner(count), "target_actors": [HOME] * count, "start": self._days(count)}
        return told | sides | {name: self._code(name if name != "subtype" else "event_subtype", count) for name in ("event_type", "subtype", "event_class")}

    def _dialogue(self, count: int) -> Cells:
        series = self._named("dialogue_series", max(1, count // RECORDS_A_SERIES), count)
        held = {"series": series, "parties": self._parties(count), "start": self._days(count), "level": self._code("dialogue_level", count)}
        return held | {
            "edition": [str(1000 + at) for at in range(count)],
            "multilateral": ["true"] * count,
            "outcome_en": [f"Outcome {at}" for at in range(count)],
        }

    def _exercise(self, count: int) -> Cells:
        series = self._named("exercise_series", max(1, count // RECORDS_A_SERIES), count)
        size = [None if unknown else str(number) for unknown, number in zip(self.rng.random(count) < 0.6, self.rng.integers(50, 20000, count), strict=True)]
        held = {"series": series, "participants": self._parties(count), "start": self._days(count), "personnel": size}
        status = self._pick(["conducted", "scaled_down", "cancelled", "planned"], count, [0.9, 0.04, 0.04, 0.02])
        return self._titles("Exercise", count) | held | {"exercise_types": self._code("exercise_type", count), "status": status}

    def _agreement(self, count: int) -> Cells:
        signed = self._days(count)
        told = {"agreement_type": self._code("agreement_type", count), "parties": self._parties(count), "signed": signed, "in_force": signed}
        return self._titles("Agreement", count) | told | {"renewal": self._pick(["automatic", "indefinite", None], count)}

    def _poll_answer(self, count: int) -> Cells:
        asked = {"question": self._named("poll_question", max(1, count // 8), count), "fielded_start": self._days(count), "country": [HOME] * count}
        return asked | {
            "pollster": [f"House {at}" for at in range(count)],
            "answer_en": ["yes"] * count,
            "share_pct": [str(one) for one in self.rng.integers(1, 99, count)],
        }

    def _strength(self, count: int) -> Cells:
        missions = self.counts["deployment"]
        days = [f"{FIRST_YEAR + at // missions // 300}-{1 + at // missions // 25 % 12:02d}-{1 + at // missions % 25:02d}" for at in range(count)]
        return {
            "deployment": [f"deployment-{at % missions:07d}" for at in range(count)],
            "date": days,
            "personnel": [str(one) for one in self.rng.integers(1, 300, count)],
        }

    def _visit(self, count: int) -> Cells:
        sides = {"visitor": self._partner(count), "host": [HOME] * count, "start": self._days(count), "visit_type": self._code("visit_type", count)}
        return sides | {"what_en": [f"Visit {at}" for at in range(count)]}

    def _transfer(self, count: int) -> Cells:
        sides = {"supplier": [HOME] * count, "recipient": self._partner(count), "signed": self._days(count), "item_en": [f"Item {at}" for at in range(count)]}
        return sides | {"transfer_type": self._code("transfer_type", count), "status": ["delivered"] * count}

    def _deployment(self, count: int) -> Cells:
        told = {
            "mission_en": [f"Mission {at}" for at in range(count)],
            "unit_en": [f"Unit {at}" for at in range(count)],
            "framework": ["UN"] * count,
            "deployment_type": self._code("deployment_type", count),
        }
        return told | {"countries": self._partner(count), "start": [str(FIRST_YEAR)] * count, "personnel_peak": ["300"] * count}

    def _claims(self, made: dict[str, pl.DataFrame]) -> pl.DataFrame:
        """Competing values of dates of agreements, exercises, meetings and events, each from another source."""
        count = round(sum(self.counts.values()) * CLAIMS_A_RECORD)
        names = self._pick(["event", "dialogue", "exercise", "agreement"], count, [0.4, 0.3, 0.2, 0.1])
        records = [made[name]["id"][int(at * made[name].height)] for name, at in zip(names, self.rng.random(count), strict=True)]
        fields = ["signed" if name == "agreement" else "start" for name in names]
        ids = [f"{name}.{record}.{field}.{at}" for at, (name, record, field) in enumerate(zip(names, records, fields, strict=True))]
        told = {"id": ids, "record_kind": names, "record": records, "field": fields, "value": self._days(count), "status": ["competing"] * count}
        return self._table("claim", told | {"reason_en": ["Another source gives another day."] * count}, count)


if __name__ == "__main__":
    print(write_register(Path(sys.argv[1]), int(sys.argv[2])))
