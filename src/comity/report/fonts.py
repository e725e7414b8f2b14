"""The page's typeface: one family with Hangul and Latin of equal weight, cut down to the letters that a page uses.

NanumGothic (SIL Open Font License) comes with the package koreanize-matplotlib, whose files are found without importing it.
"""

from __future__ import annotations

import base64
import hashlib
import io
from importlib.metadata import files as files_of
from pathlib import Path

from comity.register.cache import cached

FAMILY = "NanumGothic"
WEIGHTS = {"normal": "NanumGothic.ttf", "bold": "NanumGothicBold.ttf"}
ALWAYS = "".join(map(chr, range(32, 127))) + "–—…·×±−≥≤→←↔°%‰’‘“”•◆◇○●△▲▼▽✕"


def font_folder() -> Path:
    """Folder of the typeface's files, for programs that read fonts themselves."""
    return font_file("normal").parent


def font_file(weight: str) -> Path:
    """File of one weight."""
    found = [entry for entry in files_of("koreanize-matplotlib") or [] if entry.name == WEIGHTS[weight]]
    return Path(str(found[0].locate()))


def font_css(text: str) -> str:
    """`@font-face` rules with both weights embedded, holding only the letters of `text`."""
    letters = "".join(sorted(set(text) | set(ALWAYS)))
    return "\n".join(_face(weight, letters) for weight in WEIGHTS)


def _face(weight: str, letters: str) -> str:
    name = hashlib.sha256(f"{weight}:{letters}".encode()).hexdigest()[:24]
    data = cached(f"font-{name}.woff2", lambda: font_subset(font_file(weight), letters))
    encoded = base64.b64encode(data).decode()
    return f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-display:swap;src:url(data:font/woff2;base64,{encoded}) format('woff2')}}"


def font_subset(path: Path, letters: str) -> bytes:
    """A font file as WOFF2 with the letters given and no others."""
    import logging

    from fontTools import subset

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # it warns of the tables that it rightly drops
    options = subset.Options(flavor="woff2", layout_features=["kern", "liga", "tnum"], hinting=False, desubroutinize=True, notdef_outline=True)
    font = subset.load_font(str(path), options)
    cut = subset.Subsetter(options)
    cut.populate(text=letters)
    cut.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()
