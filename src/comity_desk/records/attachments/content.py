"""What kind of file is this really, and does it hold anything that acts by itself?

A file is known by its content, never by its name or by what the browser says: first bytes, then structure. What could run or reach out is
refused: macros, scripts, embedded objects, links that load, formulas in plain tables, encrypted files that nobody can look into. The check
says that a file is of a known kind and holds none of these; it does not say that the program which opens it has no faults.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.lib.errors import Refused
from comity_desk.records.attachments.archives import office_kind
from comity_desk.records.attachments.pdf import acting_parts

PIXELS = 200_000_000


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may lie beside a record."""

    name: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        FileKind("pdf", "application/pdf", (".pdf",)),
        FileKind("png", "image/png", (".png",)),
        FileKind("jpeg", "image/jpeg", (".jpg", ".jpeg")),
        FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
        FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
        FileKind("csv", "text/csv", (".csv",)),
        FileKind("txt", "text/plain", (".txt",)),
    )
}


def kind_of_file(name: str, content: bytes) -> FileKind:
    """The kind of a file, from its content; `Refused` with the reason where it is of none, holds what acts, or is called otherwise."""
    if not content:
        raise refused("empty", _EMPTY, _CHOOSE)
    found = KINDS[_looked_into(name, content)]
    if not name.lower().endswith(found.endings):
        raise refused("other-name", _OTHER_NAME.format(kind=found.name.upper()), _RENAME.format(ending=found.endings[0]))
    return found


def refused(code: str, what: Text, mend: Text) -> Refused:
    """A refusal of a file, told beside the field."""
    return Refused(_NOT_TAKEN, [Fault("attachment", None, "file", code, what, mend)])


def _looked_into(name: str, content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return _checked("pdf", acting_parts, content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture("png", content)
    if content.startswith(b"\xff\xd8\xff"):
        return _picture("jpeg", content)
    if content.startswith(b"PK\x03\x04"):
        kind, acting = office_kind(content)
        if kind is None:
            raise refused("unknown-kind", _UNKNOWN, _KNOWN)
        return _checked(kind, lambda _: acting, content)
    return _text(name, content)


def _checked(kind: str, acting: Callable[[bytes], list[str]], content: bytes) -> str:
    found = acting(content)
    if found:
        raise refused("active-content", _ACTING.format(parts=", ".join(found)), _WITHOUT)
    return kind


def _picture(kind: str, content: bytes) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > PIXELS:
                    raise refused("too-many-points", _TOO_MANY, _SMALLER)
                picture.verify()
    except Image.DecompressionBombError as error:
        raise refused("too-many-points", _TOO_MANY, _SMALLER) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise refused("damaged", _DAMAGED, _AGAIN) from error
    return kind


def _text(name: str, content: bytes) -> str:
    text = decoded(content)
    if text is None or any(one < " " and one not in "\t\n\r\f" for one in text):
        raise refused("unknown-kind", _UNKNOWN, _KNOWN)
    if not name.lower().endswith(".csv"):
        return "txt"
    return _checked("csv", lambda _: formulas(text), content)


def decoded(content: bytes) -> str | None:
    """Text in UTF-8 (or, with its mark, UTF-16), or in the code page of Korean Windows; nothing where it is none of these."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def formulas(text: str) -> list[str]:
    """What a spreadsheet would take for formulas among the cells of a plain table; signs before numbers are none."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return []
    cells = (cell.strip() for row in rows for cell in row)
    return ["=…"] if any(cell[:1] in ("=", "@") or (cell[:1] in ("+", "-") and not _number(cell)) for cell in cells if len(cell) > 1) else []


def _number(cell: str) -> bool:
    bare = cell[1:].replace(",", "").replace(".", "", 1).rstrip("%")
    return bare.isdecimal() or cell[1:2] in (" ", "-", "–")


_NOT_TAKEN = Text("The file was not taken.", "파일을 받지 않았습니다.")
_EMPTY = Text("The file is empty.", "빈 파일입니다.")
_CHOOSE = Text("Choose another file.", "다른 파일을 고르십시오.")
_UNKNOWN = Text("The file is none of the kinds that are taken, whatever its name says.", "이름과 관계없이 받을 수 있는 형식의 파일이 아닙니다.")
_KNOWN = Text("Bring a PDF, PNG, JPEG, DOCX, XLSX, CSV or TXT file.", "PDF, PNG, JPEG, DOCX, XLSX, CSV, TXT 파일을 올리십시오.")
_OTHER_NAME = Text("By its content it is a {kind} file; its name says otherwise.", "내용은 {kind} 파일인데 이름이 다릅니다.")
_RENAME = Text("Let its name end in {ending}.", "파일 이름을 {ending}(으)로 끝나게 고치십시오.")
_ACTING = Text("The file holds what can act by itself: {parts}.", "파일에 스스로 동작할 수 있는 내용이 들어 있습니다: {parts}.")
_WITHOUT = Text("Save it without that, for instance as a plain PDF.", "해당 내용을 빼고 저장하십시오(예: 일반 PDF).")
_TOO_MANY = Text("The picture has too many points.", "그림의 화소 수가 너무 많습니다.")
_SMALLER = Text("Save it smaller.", "크기를 줄여 저장하십시오.")
_DAMAGED = Text("The file cannot be read to its end.", "파일을 끝까지 읽을 수 없습니다.")
_AGAIN = Text("Save it again from the program that made it.", "원래 프로그램에서 다시 저장하십시오.")
