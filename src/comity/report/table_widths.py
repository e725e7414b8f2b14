"""How wide each column of a table is on paper, so that words stay whole: measured in the page's own typeface.

Starts from the shares that the table's author gave (`Column.width`) and from how much each column has to say, never narrower than its longest
word. Words that no column can hold get places where they may break.
"""

from __future__ import annotations

import re
from functools import cache

from comity.report.document import Cell, Column, Spark, Table, cell_text
from comity.report.fonts import font_file
from comity.vocab.text import Lang

PIECE = re.compile(r"[^\s·/\u200b]+[·/]?")
BRACKET = re.compile(r"(?=[(\[])")
MAY_BREAK = "\u200b"
WIDEST_PIECE, SHORT_CELL, LONG_LABEL, SPARK = 96.0, 76.0, 110.0, 72.0
WIDE_SHARE, FOR_WHOLE_CELLS = 2.0, 0.97
BOLD = 1.07


def column_widths(table: Table, lang: Lang, *, room: float, size: float, inset: float) -> list[float]:
    """Width of each column in the unit of `room`; `size` is the type's, `inset` the white on each side of a cell."""
    least, most, shares = [], [], []
    for at, column in enumerate(table.columns):
        narrow, natural, need = _needs(column, [row[at] for row in table.rows], lang, size)
        least.append(min(narrow, WIDEST_PIECE) + 2 * inset + 0.5)
        most.append(max(natural, narrow) + 2 * inset + 0.5)
        shares.append((column.width * need) ** 0.5)
    least = _whole_where_cheap(least, most, room, short=SHORT_CELL + 2 * inset)
    if sum(most) < room:
        most = _filled_up(table, most, room)
    return _shared_out(room, shares, least, most)


def _needs(column: Column, cells: list[Cell | Spark], lang: Lang, size: float) -> tuple[float, float, float]:
    """Of one column: its longest word, its longest cell, and its share by content, which makes the least sum of squared lines (cube root of squares)."""
    if column.align == "spark":
        return SPARK, SPARK, SPARK
    label, words = column.label.in_(lang), [cell_text(cell, lang) for cell in cells]
    widths = [text_width(one, size) for one in words]
    two_lines = min(0.55 * BOLD * text_width(label, size), SHORT_CELL)
    narrow = max([two_lines, BOLD * longest_piece(label, size), *(longest_piece(one, size) for one in words)])
    natural = max([min(BOLD * text_width(label, size), LONG_LABEL), *widths])
    return narrow, natural, max(sum(width * width for width in widths) ** (1 / 3), 1.0)


def _whole_where_cheap(least: list[float], most: list[float], room: float, *, short: float) -> list[float]:
    """Short cells such as dates stay on one line, the cheapest columns first, as long as the others keep their longest words."""
    widths = list(least)
    for at in sorted(range(len(widths)), key=lambda at: most[at] - least[at]):
        if most[at] <= short and sum(widths) + most[at] - widths[at] <= FOR_WHOLE_CELLS * room:
            widths[at] = most[at]
    return widths


def _filled_up(table: Table, most: list[float], room: float) -> list[float]:
    """When every cell fits on one line: what is left goes to the columns that the author made wide, or to all by their shares where there is none."""
    wide = [column.width >= WIDE_SHARE for column in table.columns]
    shares = [column.width if chosen or not any(wide) else 0.0 for column, chosen in zip(table.columns, wide, strict=True)]
    rest = room - sum(most)
    return [high + rest * share / sum(shares) for high, share in zip(most, shares, strict=True)]


def _shared_out(room: float, shares: list[float], least: list[float], most: list[float]) -> list[float]:
    """Widths between `least` and `most` that fill `room`, as near to the shares as that allows."""
    widths = [min(max(room * share / sum(shares), low), high) for share, low, high in zip(shares, least, most, strict=True)]
    for _ in range(3 * len(widths)):
        rest = room - sum(widths)
        slack = [(high if rest > 0 else low) - width for width, low, high in zip(widths, least, most, strict=True)]
        pull = [abs(gap) if rest < 0 else share if gap > 0.01 else 0.0 for share, gap in zip(shares, slack, strict=True)]
        if abs(rest) < 0.01 or sum(pull) < 0.01:
            break
        moves = [rest * weight / sum(pull) for weight in pull]
        widths = [width + (min(move, gap) if rest > 0 else max(move, gap)) for width, move, gap in zip(widths, moves, slack, strict=True)]
    return [width * room / sum(widths) for width in widths]


def text_width(words: str, size: float) -> float:
    """Width of a line of words at a type size, in the size's unit."""
    advances = _advances()
    return size * sum(advances.get(ord(letter), 1.0) for letter in words)


def longest_piece(words: str, size: float) -> float:
    """Width of the longest stretch that is kept on one line."""
    return max((text_width(piece, size) for piece in PIECE.findall(words)), default=0.0)


def breakable(words: str, size: float, widest: float = WIDEST_PIECE) -> str:
    """Words with places to break inside every stretch wider than `widest`; other words as they are."""
    if len(words) * size < widest or longest_piece(words, size) <= widest:
        return words
    return PIECE.sub(lambda match: _cut(match[0], size, widest), words)


def _cut(piece: str, size: float, widest: float) -> str:
    """A stretch with places to break: before its brackets, and within what is still too wide."""
    if text_width(piece, size) <= widest:
        return piece
    return MAY_BREAK.join(_chopped(part, size, widest) for part in BRACKET.split(piece) if part)


def _chopped(part: str, size: float, widest: float) -> str:
    if text_width(part, size) <= widest:
        return part
    made, run = [], 0.0
    for letter in part:
        run += text_width(letter, size)
        if run > widest - size:
            made.append(MAY_BREAK)
            run = text_width(letter, size)
        made.append(letter)
    return "".join(made)


@cache
def _advances() -> dict[int, float]:
    """Advance of each letter of the regular weight, in em."""
    from fontTools.ttLib import TTFont

    with TTFont(str(font_file("normal")), lazy=True) as font:
        metrics, unit = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: metrics[name][0] / unit for code, name in font.getBestCmap().items()}


def has_letter(letter: str) -> bool:
    """Whether the typeface draws a letter; its second family, known to typst, draws the rest of Latin, Greek and Cyrillic."""
    code = ord(letter)
    return code in _advances() or 0xA0 <= code < 0x530 or 0x1E00 <= code < 0x2000 or letter in "\n\t\u200b"
