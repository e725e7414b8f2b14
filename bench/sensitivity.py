"""How does the ranking of ties move when one judgement behind it is changed and all others stay?

Each mechanism's weight by half either way (the weights are then scaled to their sum), each half-life and each saturation constant by 1.5
either way, the share of large gatherings (gamma), and how far doubtful records count. The ranking is that of the default scores, every
record weighted by its probability, without draws: what moves is the judgement alone. Prints the table of docs/explanation/sensitivity.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import tie_history
from comity.register.register import load
from comity.register.snapshot import Snapshot
from comity.vocab.text import Lang, Text

SHOWN = 15
STANDING = ("agreements", "information")  # mechanisms whose half-life is never used
NAMES = {
    "agreements": Text("agreements", "협정"),
    "exercises": Text("exercises", "연합연습"),
    "dialogues": Text("dialogues", "대화"),
    "deployments": Text("deployments", "파병"),
    "technology": Text("technology", "방산·기술"),
    "information": Text("information", "정보공유"),
    "visits": Text("visits", "방문"),
}
CONFIDENCE = {
    Text("every record counts fully", "모든 기록을 온전히 집계"): {"high": 1.0, "medium": 1.0, "low": 1.0},
    Text("doubtful records count little", "불확실한 기록은 적게 집계"): {"high": 0.97, "medium": 0.5, "low": 0.1},
    Text("high confidence only", "신뢰도 높음만 집계"): {"high": 1.0, "medium": 0.0, "low": 0.0},
}


@dataclass(frozen=True)
class Variant:
    """One judgement changed."""

    name: Text
    settings: TieSettings


def variants() -> Iterator[Variant]:
    """Every judgement changed, one at a time."""
    base = TieSettings()
    for name in base.mechanism_weights:
        for factor in (0.5, 1.5):
            changed = base.mechanism_weights | {name: base.mechanism_weights[name] * factor}
            weights = {one: value / sum(changed.values()) for one, value in changed.items()}
            yield Variant(
                Text("weight of {what} {by}", "{what} 가중치 {by}").format(what=NAMES[name], by=_percent(factor)), replace(base, mechanism_weights=weights)
            )
    for name in (one for one in base.half_life_years if one not in STANDING):
        for factor in (1 / 1.5, 1.5):
            lives = base.half_life_years | {name: base.half_life_years[name] * factor}
            yield Variant(
                Text("half-life of {what} {by}", "{what} 반감기 {by}").format(what=NAMES[name], by=_times(factor)), replace(base, half_life_years=lives)
            )
    for name in base.saturation:
        for factor in (1 / 1.5, 1.5):
            scale = base.saturation | {name: base.saturation[name] * factor}
            yield Variant(
                Text("saturation of {what} {by}", "{what} 포화상수 {by}").format(what=NAMES[name], by=_times(factor)), replace(base, saturation=scale)
            )
    for gamma, told in ((0.0, Text("a large gathering binds each pair fully", "다자 활동도 양자와 같게")), (1.0, Text("shared among all", "참가국 수로 나눔"))):
        yield Variant(Text("gamma {gamma}: {told}", "감마 {gamma}: {told}").format(gamma=gamma, told=told), replace(base, gamma=gamma))
    for told, chance in CONFIDENCE.items():
        yield Variant(Text("confidence: {told}", "신뢰도: {told}").format(told=told), replace(base, confidence=chance))


def ranking(snapshot: Snapshot, as_of: date, settings: TieSettings | None = None) -> dict[str, int]:
    """Rank of every partner that is no adversary, by the default score on the day."""
    apart = snapshot.settings.get("adversaries", [])
    scores = tie_history(snapshot, days=[as_of], settings=settings).filter(~pl.col("partner").is_in(apart))
    ordered = scores.sort("score", "partner", descending=[True, False])["partner"]
    return {partner: at for at, partner in enumerate(ordered, 1)}


def moves(snapshot: Snapshot, as_of: date, among: Iterable[Variant] | None = None) -> pl.DataFrame:
    """For each variant, all of them by default (`en`, `ko`): places gained (+) or lost (−) by each of the first fifteen partners, `largest` of them, and `first_five`, how many of the first five stay."""
    base = ranking(snapshot, as_of)
    first = [partner for partner, rank in base.items() if rank <= SHOWN]
    rows = []
    for variant in among or variants():
        now = ranking(snapshot, as_of, variant.settings)
        moved = {partner: base[partner] - now.get(partner, len(now) + 1) for partner in first}
        stay = sum(base[partner] <= 5 and now.get(partner, 99) <= 5 for partner in first)
        rows.append({"en": variant.name.en, "ko": variant.name.ko, **moved, "largest": max(abs(by) for by in moved.values()), "first_five": stay})
    return pl.DataFrame(rows)


def table(frame: pl.DataFrame, lang: Lang) -> str:
    """The moves as a Markdown table; a partner that keeps its place has an empty cell."""
    partners = [name for name in frame.columns if name not in ("en", "ko", "largest", "first_five")]
    head = ["changed", *partners, "largest move", "first five that stay"] if lang == "en" else ["바꾼 판단", *partners, "최대 이동", "상위 5 유지"]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    for row in frame.iter_rows(named=True):
        cells = [f"{row[name]:+d}".replace("-", "−") if row[name] else "" for name in partners]
        lines.append("| " + " | ".join([row[lang], *cells, str(row["largest"]), str(row["first_five"])]) + " |")
    return "\n".join(lines)


def _percent(factor: float) -> str:
    return "+50 %" if factor > 1 else "−50 %"


def _times(factor: float) -> str:
    return "× 1.5" if factor > 1 else "÷ 1.5"


def main(lang: Lang) -> None:
    """Print the ranking at the defaults and the table of moves for the shipped register on its last day."""
    snapshot = load("kor").snapshot()
    as_of = snapshot.settings["until"]
    print(snapshot, as_of, ", ".join(f"{rank} {partner}" for partner, rank in ranking(snapshot, as_of).items() if rank <= SHOWN), sep="\n")
    print(table(moves(snapshot, as_of), lang))


if __name__ == "__main__":
    main("ko" if "ko" in sys.argv else "en")
