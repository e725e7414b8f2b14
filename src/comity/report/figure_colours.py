"""Colours of a figure on light and on dark paper: ink and lines follow the page, every other colour keeps its hue and stays legible (WCAG AA).

Data colours reach 3:1 on either paper and letters 4.5:1, by lightness alone (OKLab; Ottosson 2020). Greys and steps of a continuous scale are not
data by themselves: on dark paper they keep the contrast that they have on white, so that the strongest step stays the strongest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from comity.report.palette import ACCENT, FAINT, INK, SOFT

WHITE, NIGHT = "#ffffff", "#14181d"  # the two papers
PAGE = {INK: "ink", SOFT: "soft", FAINT: "line", WHITE: "paper", ACCENT: "accent"}  # names of the page's own custom properties
PAGE_AT_NIGHT = {"ink": "#e8ebef", "soft": "#a9b2bc", "line": "#3a424b", "paper": NIGHT, "accent": "#8fb4ff"}
LETTERS, MARKS = 4.5, 3.0
GREY, TINT = 0.03, 0.08  # chroma under which a colour is a grey, or the tint of an interval behind its mark
FAINT_ON_WHITE = 2.0  # contrast under which a grey is a line or a ground, no mark
SEE_THROUGH = 0.5  # what is fainter is a tint behind something else
NAMED = {"white": WHITE, "black": "#000000"}
HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
RGB = re.compile(r"rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\s*\)")

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour on light paper and on dark, and the page's own name for it if it has one."""

    light: str
    night: str
    name: str | None = None

    def css(self, *, dark: bool = False) -> str:
        """As the value of a presentation attribute that follows the page's theme; `dark` says which to show where no theme is told."""
        if self.name:
            return f"var(--{self.name}, {self.night if dark else self.light})"
        if self.light == self.night:
            return self.light
        return f"color-mix(in srgb, {self.light}, {self.night} var(--figure-dark, {'100%' if dark else '0%'}))"

    def plain(self, *, dark: bool = False) -> str:
        """As one plain colour."""
        return self.night if dark else self.light


@cache
def pair(colour: str, *, letters: bool = False, opacity: float = 1.0) -> Pair | None:
    """The two colours of a drawn one; None for what is no colour (`none`, a gradient, `transparent`)."""
    given = _hex(colour)
    if given is None:
        return None
    if given in PAGE:
        name = PAGE[given]
        return Pair(given, PAGE_AT_NIGHT[name], name)
    least = LETTERS if letters else MARKS
    if (_chroma(given) < GREY or RGB.match(colour)) and not letters:
        return _ground(given, keep=RGB.match(colour) is not None)
    seen = opacity if opacity >= SEE_THROUGH else 1.0
    light = legible(given, WHITE, least, seen)
    if is_tint(given) and not letters:  # on dark paper it stays behind the mark that stands before it
        return Pair(light, _contrasting(given, NIGHT, least) if _chroma(given) < TINT else given)
    return Pair(light, legible(given if letters or _chroma(given) >= GREY else light, NIGHT, least, seen))


def is_tint(colour: str) -> bool:
    """Whether a colour is so pale on white that it needs an outline to be seen: made darker, it would be taken for the full colour."""
    given = _hex(colour)
    return given is not None and given not in PAGE and RGB.match(colour) is None and _chroma(given) >= GREY and contrast(given, WHITE) < FAINT_ON_WHITE


def outlined(colour: str) -> tuple[Pair, Pair]:
    """A tint as it is with an outline that can be seen."""
    given, strong = _hex(colour) or colour, pair(colour) or Pair(colour, colour)
    return Pair(given, strong.night), strong


def _ground(given: str, *, keep: bool) -> Pair:
    """A grey or a step of a scale: as it is on white (a mark made legible), and of equal contrast on dark paper."""
    light = given if keep or contrast(given, WHITE) < FAINT_ON_WHITE else legible(given, WHITE, MARKS)
    return Pair(light, _contrasting(light, NIGHT, contrast(light, WHITE)))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    light, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def legible(colour: str, paper: str, least: float, opacity: float = 1.0) -> str:
    """The colour itself, or the nearest lightness of the same hue that reaches the contrast on that paper."""
    if contrast(_over(colour, paper, opacity), paper) >= least:
        return colour
    return _contrasting(colour, paper, least, opacity)


def _contrasting(colour: str, paper: str, wanted: float, opacity: float = 1.0) -> str:
    """The colour with the lightness at which its contrast on the paper is the one wanted."""
    lightness, a, b = _oklab(_rgb(colour))
    away = _oklab(_rgb(paper))[0]
    near, far = (away, 0.0) if away > 0.5 else (away, 1.0)
    for _ in range(24):
        lightness = (near + far) / 2
        if contrast(_over(_written(lightness, a, b), paper, opacity), paper) >= wanted:
            far = lightness
        else:
            near = lightness
    return _written(far, a, b)


def _over(colour: str, paper: str, opacity: float) -> str:
    """How a colour looks through which the paper is seen."""
    mixed = (opacity * top + (1 - opacity) * under for top, under in zip(_rgb(colour), _rgb(paper), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)


def _hex(colour: str) -> str | None:
    colour = NAMED.get(colour, colour)
    if HEX.fullmatch(colour):
        digits = colour[1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    found = RGB.fullmatch(colour)
    return "#" + "".join(f"{int(part):02x}" for part in found.groups()) if found else None


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _chroma(colour: str) -> float:
    _, a, b = _oklab(_rgb(colour))
    return float((a * a + b * b) ** 0.5)


def _oklab(rgb: Rgb) -> tuple[float, float, float]:
    red, green, blue = map(_linear, rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _written(lightness: float, a: float, b: float) -> str:
    """A colour in hexadecimal; what the screen cannot show loses chroma, not lightness."""
    for step in range(21):
        rgb = _from_oklab(lightness, a * (1 - step / 20), b * (1 - step / 20))
        if all(-0.002 <= part <= 1.002 for part in rgb):
            break
    return "#" + "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02x}" for part in rgb)


def _from_oklab(lightness: float, a: float, b: float) -> Rgb:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _encoded(red), _encoded(green), _encoded(blue)


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
