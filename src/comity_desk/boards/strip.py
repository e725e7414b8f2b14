"""A strip of years: how many acts each year holds, by mechanism, as a drawing that fits any width and leads to the years.

In a page it has no letters, which would shrink with it on a telephone: the page writes the years under it. As a file it stands alone, with a
scale, a legend and a title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from comity.report.palette import CONFLICT, MECHANISM
from comity.vocab.text import Text

WIDTH, HEIGHT = 900.0, 120.0
COLOURS = MECHANISM | {"events": CONFLICT, "commitments": "#5c3d99"}
LABELS = {
    "agreements": Text("Agreements", "협정"),
    "information": Text("Information", "정보"),
    "exercises": Text("Exercises", "연습"),
    "dialogues": Text("Dialogues", "회담"),
    "visits": Text("Visits", "방문"),
    "deployments": Text("Deployments", "파병"),
    "technology": Text("Technology", "방산·기술"),
    "events": Text("Events", "사건"),
    "commitments": Text("Promises", "약속"),
}
Counts = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One year's bar: where it stands, its parts from the bottom up, and its words."""

    year: int
    x: float
    width: float
    parts: tuple[tuple[str, float, float], ...]  # mechanism, top, height
    words: str


def bars(counts: Counts, first: int, last: int, say: Callable[[Text], str]) -> list[Bar]:
    """Bars of every year from `first` to `last`."""
    step = WIDTH / max(last - first + 1, 1)
    most = max((sum(own.values()) for own in counts.values()), default=0) or 1
    made = []
    for at, year in enumerate(range(first, last + 1)):
        own, top, parts = counts.get(year, {}), HEIGHT, []
        for name in COLOURS:
            if own.get(name):
                height = (HEIGHT - 2) * own[name] / most
                top -= height
                parts.append((name, round(top, 2), round(height, 2)))
        told = ", ".join(f"{say(LABELS[name])} {n:,}" for name, n in own.items() if n)
        made.append(Bar(year, round(at * step, 2), round(max(step * 0.82, 0.8), 2), tuple(parts), f"{year}: {told or '0'}"))
    return made


def strip_html(made: list[Bar], label: str, address: Callable[[int], str]) -> Markup:
    """The strip inside a page; each year with something in it is a link."""
    inside = Markup("").join(_linked(bar, address(bar.year)) for bar in made if bar.parts)
    return Markup('<svg class="strip" role="group" aria-label="{}" viewBox="0 0 {:.0f} {:.0f}" preserveAspectRatio="none">{}</svg>').format(
        label, WIDTH, HEIGHT, inside
    )


def _linked(bar: Bar, address: str) -> Markup:
    return Markup('<a href="{0}" aria-label="{1}"><title>{1}</title><rect x="{2}" y="0" width="{3}" height="{4:.0f}" fill="transparent"/>{5}</a>').format(
        address, bar.words, bar.x, bar.width, HEIGHT, _parts(bar)
    )


def _parts(bar: Bar) -> Markup:
    rects = (
        Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(bar.x, top, bar.width, height, COLOURS[name]) for name, top, height in bar.parts
    )
    return Markup("").join(rects)


def strip_file(made: list[Bar], title: str, say: Callable[[Text], str], used: list[str]) -> str:
    """The strip as a file that stands alone."""
    ticks = [bar for bar in made if bar.year % (10 if len(made) > 30 else 5 if len(made) > 12 else 1) == 0]
    axis = "".join(f'<text x="{bar.x + bar.width / 2:.1f}" y="{HEIGHT + 46:.0f}" text-anchor="middle">{bar.year}</text>' for bar in ticks)
    legend = "".join(
        f'<rect x="{10 + at * 98}" y="{HEIGHT + 60:.0f}" width="10" height="10" fill="{COLOURS[name]}"/><text x="{24 + at * 98}" y="{HEIGHT + 69:.0f}">{escape(say(LABELS[name]))}</text>'
        for at, name in enumerate(used)
    )
    body = "".join(f"<g><title>{escape(bar.words)}</title>{_parts(bar)}</g>" for bar in made if bar.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 20:.0f}" height="{HEIGHT + 84:.0f}" viewBox="-10 0 {WIDTH + 20:.0f} {HEIGHT + 84:.0f}" '
        f'font-family="NanumGothic, sans-serif" font-size="12" fill="#1a1d21"><rect x="-10" y="0" width="{WIDTH + 20:.0f}" height="{HEIGHT + 84:.0f}" fill="#ffffff"/>'
        f'<text x="0" y="18" font-size="14" font-weight="700">{escape(title)}</text><g transform="translate(0 30)">{body}</g>{axis}{legend}</svg>'
    )
