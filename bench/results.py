"""What was measured, as a table for people and as JSON for the next run to compare with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Measured:
    """One line: what ran, how long, how much memory, the target if there is one; `peer` marks what a person would use instead."""

    what: str
    wall: float | None = None
    cpu: float | None = None
    peak_mb: float | None = None
    target: str = ""
    met: bool | None = None
    peer: bool = False


@dataclass(frozen=True)
class Section:
    """One workload with its lines and what must be said about them."""

    name: str
    title: str
    lines: list[Measured]
    notes: list[str] = field(default_factory=list)


def under(what: str, wall: float, limit: float, *, cpu: float | None = None, peak_mb: float | None = None) -> Measured:
    """A line with a limit on its wall seconds."""
    return Measured(what, wall, cpu, peak_mb, f"under {limit:g} s", wall < limit)


def write(machine: dict[str, Any], sections: list[Section], folder: Path = FOLDER) -> dict[str, Any]:
    """Write `results.json` and `results.md` and give all sections; those that did not run this time stay as they were, with the machine of their own run."""
    target = folder / "results.json"
    before = json.loads(target.read_text(encoding="utf-8"))["sections"] if target.is_file() else {}
    fresh = {section.name: asdict(section) | {"machine": machine} for section in sections}
    whole = {"sections": dict(sorted((before | fresh).items()))}
    target.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(markdown(whole["sections"]), encoding="utf-8")
    return whole["sections"]


def markdown(sections: dict[str, Any]) -> str:
    """The sections as a page of tables."""
    parts = ["# Benchmarks\n\nMade by `python -m bench` (`make bench`). Lines in italics are what a person would use instead.\n"]
    for section in sections.values():
        parts.append(f"## {section['title']}\n")
        parts.append("| what | wall s | CPU s | peak MB | target | met |\n| --- | ---: | ---: | ---: | --- | --- |")
        parts += [_line(line) for line in section["lines"]]
        parts.append("")
        parts += [f"- {note}" for note in section["notes"]]
        parts.append(f"- {_ran_on(section['machine'])}\n")
    return "\n".join(parts)


def _line(line: dict[str, Any]) -> str:
    what = f"*{line['what']}*" if line["peer"] else line["what"]
    met = {True: "yes", False: "**no**", None: ""}[line["met"]]
    return f"| {what} | {_seconds(line['wall'])} | {_seconds(line['cpu'])} | {'' if line['peak_mb'] is None else round(line['peak_mb'])} | {line['target']} | {met} |"


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if abs(value) < 0.01 else f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"


def _ran_on(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    where = f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, {machine['system']}"
    return f"{machine['day']}, {where}, load {machine['load']} at the start; Python {machine['python']}, comity {machine['comity']}, {packages}."
