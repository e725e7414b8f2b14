"""The desk's typeface as two static files: NanumGothic, regular and bold, with the letters that its pages show.

Those are the Hangul syllables and jamo of KS X 1001, Latin with the accents of European names, Greek, punctuation and symbols. A syllable
beyond them, such as one in a rare name, is shown in a typeface of the reader's own machine.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from comity.register.edition import replace_bytes
from comity.report.fonts import ALWAYS, font_file, font_subset

FILES = {"normal": "desk-regular.woff2", "bold": "desk-bold.woff2"}
HANGUL_ROWS = range(0xB0, 0xC9)
JAMO_ROW = 0xA4
BEYOND = ((0x20, 0x17F), (0x391, 0x3C9), (0x2010, 0x24FF), (0x2500, 0x26FF), (0x3000, 0x301F), (0x3380, 0x33DF), (0xFF01, 0xFF5E))  # first and last


def letters() -> str:
    """Every letter that the files may hold; those that the typeface does not draw stay away."""
    ks = (bytes((row, column)).decode("euc_kr", "ignore") for row in (JAMO_ROW, *HANGUL_ROWS) for column in range(0xA1, 0xFF))
    return "".join(sorted({*ks, *(chr(code) for first, last in BEYOND for code in range(first, last + 1)), *ALWAYS}))


def write_fonts(folder: Path) -> list[Path]:
    """Write the files into a folder, again only where the letters or the typeface changed; gives those that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    note, made_of = folder / ".made-of", _digest()
    if note.is_file() and note.read_text() == made_of and all((folder / name).is_file() for name in FILES.values()):
        return []
    for weight, name in FILES.items():
        replace_bytes(folder / name, font_subset(font_file(weight), letters()))
    replace_bytes(note, made_of.encode())
    return [folder / name for name in FILES.values()]


def _digest() -> str:
    return hashlib.sha256(f"{version('koreanize-matplotlib')} {version('fonttools')} {letters()}".encode()).hexdigest()
