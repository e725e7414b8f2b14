"""Is an archive a document or a workbook of the Office Open XML family, and does it hold what acts by itself?

The archive is listed and its lists of parts are read; nothing is unpacked to disk. Archives that would unpack to far more than they are,
that hold encrypted parts, or whose parts declare entities are no documents here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

UNPACKED = 400_000_000
PARTS = 5_000
LIST = 5_000_000  # of one list of parts
MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
TYPES = "[Content_Types].xml"
ACTING_PARTS = {
    "macros": re.compile(r"(^|/)vba(project|data)[^/]*\.(bin|xml)$", re.IGNORECASE),
    "old macros": re.compile(r"^xl/(macrosheets|dialogsheets)/", re.IGNORECASE),
    "ActiveX": re.compile(r"/activex/", re.IGNORECASE),
    "embedded objects": re.compile(r"/embeddings/|oleobject[^/]*\.bin$", re.IGNORECASE),
    "custom commands": re.compile(r"^custom(ui|uiui)", re.IGNORECASE),
}
ACTING_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX|macrosheet", re.IGNORECASE)
RELATION = re.compile(rb"<[\w:]*Relationship\b[^>]*>", re.DOTALL)
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
HARMLESS = re.compile(rb"/hyperlink[\"']", re.IGNORECASE)
DDE = re.compile(rb"<[\w:]*ddeLink\b|<[\w:]*instrText\b[^>]*>\s*DDE|[\w:]*instr\s*=\s*[\"']\s*DDE", re.IGNORECASE)


def office_kind(content: bytes) -> tuple[str | None, list[str]]:
    """`docx`, `xlsx` or nothing, and the names of what acts in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            kind = _main_kind(parts)
            return kind, sorted(_acting(archive, parts)) if kind else []
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return None, []


def _main_kind(parts: list[zipfile.ZipInfo]) -> str | None:
    names = [part.filename for part in parts]
    sound = (
        len(parts) <= PARTS
        and sum(part.file_size for part in parts) <= UNPACKED
        and len(set(names)) == len(names)
        and TYPES in names
        and not any(part.flag_bits & 1 for part in parts)
        and not any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
    )
    kinds = [kind for name, kind in MAIN.items() if name in names]
    return kinds[0] if sound and len(kinds) == 1 else None


def _acting(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> set[str]:
    found = {told for told, pattern in ACTING_PARTS.items() for part in parts if pattern.search(part.filename)}
    for part in parts:
        if part.filename == TYPES or part.filename.endswith((".rels", ".xml")):
            found |= _acting_in(part.filename, _read(archive, part))
    return found


def _acting_in(name: str, text: bytes) -> set[str]:
    """What a part declares; parts in other encodings than UTF-8 are read without their empty bytes."""
    bare = text.replace(b"\x00", b"")
    found = {"entities"} if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare else set()
    if name == TYPES and ACTING_TYPES.search(bare):
        found.add("macros")
    if name.endswith(".rels"):
        reaching = [one for one in RELATION.findall(bare) if EXTERNAL.search(one) and not HARMLESS.search(one)]
        found |= {"outside parts"} if reaching else set()
    if name.startswith(("xl/externalLinks/", "word/")) and DDE.search(bare):
        found.add("DDE")
    return found


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, up to a limit: the lists that are looked into are small, and of a large sheet its beginning declares entities."""
    with archive.open(part) as stream:
        return stream.read(LIST)
