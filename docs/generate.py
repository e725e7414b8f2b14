"""Writes the reference pages, English and Korean, from the code, the vocabulary and the shipped register.

`python docs/generate.py` writes them into docs/reference and docs/ko/reference; they are committed, and the suite fails when they are stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

from pages import api, measures, reference, register  # noqa: E402

import comity  # noqa: E402
from comity.vocab.text import LANGUAGES, Lang  # noqa: E402


def pages() -> dict[str, Callable[[Lang], str]]:
    """Every generated page by its file's name."""
    kor = comity.load("kor").snapshot()
    return {
        "commands.md": reference.commands_page,
        "kinds.md": lambda lang: reference.kinds_page(lang, kor),
        "codes.md": reference.codes_page,
        "measures.md": measures.measures_page,
        "models.md": measures.models_page,
        "settings.md": measures.settings_page,
        "errors.md": reference.errors_page,
        "package.md": register.package_page,
        "python.md": reference.python_page,
        "api.md": api.api_page,
        "coverage.md": lambda lang: register.coverage_page(lang, kor),
        "settlements.md": lambda lang: register.settlements_page(lang, kor),
        "absences.md": lambda lang: register.absences_page(lang, kor),
    }


def write(folder: Path) -> list[Path]:
    """Write every page in both languages below `folder`."""
    written = []
    for name, make in pages().items():
        for lang in LANGUAGES:
            target = (folder if lang == "en" else folder / lang) / "reference" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(make(lang), encoding="utf-8")
            written.append(target)
    return written


if __name__ == "__main__":
    for path in write(DOCS):
        print(path.relative_to(DOCS.parent))
