"""Markdown that every generated page is made of: the note at its head, tables, code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.vocab.text import Lang, Text

MADE = Text(
    "Made by `docs/generate.py` from the code and the shipped register; `make docs` writes it again.",
    "`docs/generate.py`가 코드와 내장 등록부에서 만든 문서이다. `make docs`로 다시 만든다.",
)


def page(title: Text, lang: Lang, *parts: str, about: Text | None = None) -> str:
    """A whole page: title, what it is, its parts, and that it is made."""
    head = [f"# {title.in_(lang)}", *([about.in_(lang)] if about else [])]
    return "\n\n".join([*head, *(part for part in parts if part), f"*{MADE.in_(lang)}*"]) + "\n"


def section(heading: str, *parts: str, level: int = 2) -> str:
    """A heading and what stands under it."""
    return "\n\n".join([f"{'#' * level} {heading}", *(part for part in parts if part)])


def table(head: Sequence[Text], rows: Iterable[Sequence[str]], lang: Lang) -> str:
    """A table; line breaks and bars inside cells are taken care of."""
    lines = [[one.in_(lang) for one in head], ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def code(words: object) -> str:
    """Words as code; nothing where there are none."""
    return f"`{words}`" if words not in (None, "") else ""


def codes(words: Iterable[object]) -> str:
    """Several words as code, joined by commas."""
    return ", ".join(code(word) for word in words)


def block(text: str, language: str = "python") -> str:
    """A block of code."""
    return f"```{language}\n{text}\n```"


def plain(text: str | None) -> str:
    """Words of the register as they stand, without what Markdown would read as markup."""
    return "".join(f"\\{sign}" if sign in "*_`<>[]#~^=" else sign for sign in text or "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
