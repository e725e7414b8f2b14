"""Which papers may this reader see, and what may go into one? Papers are seen by those who may see their marking, and by nobody else.

A board or dossier is made from everything that its author may see. It becomes a paper only under a marking whose readers may see all of that:
else the paper's numbers would tell them of what they may not read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet

from comity.register.readers import Reader, covers
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.boards import results
from comity_desk.boards.models import BOARD, DOSSIER, FILE, TEXT, BoardFile, BoardPage, BoardResult, Consultation, Paper, Version
from comity_desk.ledger.register import current
from comity_desk.ledger.spill import Scope, also_destroys
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused

LIMIT = 10_000_000
SIGNATURES = {  # by the end of the name: what such a file begins with, and what it is served as
    ".pdf": (b"%PDF-", "application/pdf"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".hwpx": (b"PK\x03\x04", "application/hwp+zip"),
    ".hwp": (b"\xd0\xcf\x11\xe0", "application/x-hwp"),
}
HTML, PLAIN = "text/html; charset=utf-8", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a version of a paper is made of."""

    kind: str
    media_type: str
    content: bytes
    name: str = ""
    as_of: date | None = None
    snapshot: str = ""
    result: BoardResult | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


def visible_markings(reader: Reader) -> list[str]:
    """The markings under which this class of readers may read."""
    return reader.visible(current().register.tables["marking"])


def papers_of(reader: Reader) -> QuerySet[Paper]:
    """The papers that this class of readers may see."""
    return Paper.objects.filter(marking__in=visible_markings(reader))


def paper_of(reader: Reader, key: str) -> Paper:
    """The paper of that key, or `NotFound`, in the same words whether it is hidden or was never there."""
    found = papers_of(reader).filter(key=key).first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


def consultation_of(reader: Reader, key: str) -> Consultation:
    """The consultation of that key on a paper that this class may see."""
    found = Consultation.objects.select_related("paper", "version").filter(key=key, paper__in=papers_of(reader)).first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


def check_marking(snapshot: Snapshot, reader: Reader, marking: str, draft: Draft) -> None:
    """Refuse a marking that the author may not see, or whose readers may not see all that the document was made from."""
    if marking not in visible_markings(reader):
        raise Refused(_NO_MARKING)
    if draft.kind not in (BOARD, DOSSIER):
        return
    markings = current().register.tables["marking"]
    if not all(covers(markings, used, marking) for used in markings_used(snapshot)):
        raise Refused(_TOO_WIDE)


def markings_used(snapshot: Snapshot) -> list[str]:
    """The markings that anything in a snapshot carries."""

    def made() -> list[str]:
        found = [table["marking"].drop_nulls().unique() for name, table in snapshot._tables.items() if "marking" in table.columns]
        return sorted(pl.concat(found).unique().to_list()) if found else []

    return snapshot.remembered(("markings used",), made)


def from_board(snapshot: Snapshot, key: str, lang: str) -> Draft:
    """A board as it was shown to the author."""
    result = results.of(key, snapshot)
    if result is None:
        raise NotFound(NOTHING_HERE)
    page = BoardPage.objects.get(result=result, lang=lang)
    kind = DOSSIER if result.board == "partner" else BOARD
    return Draft(kind, HTML, page.html.encode(), page.title, result.as_of, result.snapshot, result)


def from_text(text: str) -> Draft:
    """Words written for the purpose."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Refused(_EMPTY)
    return Draft(TEXT, PLAIN, words.encode())


def from_file(name: str, content: bytes) -> Draft:
    """A file that somebody made elsewhere; its first bytes must be those of its name."""
    ending = f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""
    begin, media_type = SIGNATURES.get(ending, (None, ""))
    if begin is None or not content.startswith(begin):
        raise Refused(_NO_SUCH_FILE.format(endings=", ".join(SIGNATURES)))
    if len(content) > LIMIT:
        raise Refused(_TOO_LARGE)
    plain = re.sub(r"[^\w.\- ]", "_", name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])[-150:]
    return Draft(FILE, media_type, content, plain)


def with_own_addresses(html: str, result: BoardResult, paper: str, number: int) -> str:
    """The page with its numbers and figures leading to this version's own copies."""
    here = f"/papers/{paper}/versions/{number}"
    html = re.sub(rf'/boards/{result.board}/behind/(\d+)/\?of={result.key}"', rf'{here}/behind/\1/"', html)
    return re.sub(rf'/boards/{result.board}/([A-Za-z0-9_-]+\.(?:png|svg|csv))\?of={result.key}"', rf'{here}/\1"', html)


@also_destroys
def destroy_versions(scope: Scope) -> int:
    """Destroy versions that hold what was spilled: those whose words hold it, and those made from a record named. Packed files are not searched."""
    destroyed, words = 0, scope.words.strip().encode()
    for version in Version.objects.exclude(content=None).select_related("result"):
        made_from = version.result is not None and any(map(version.result.names, scope.refs))
        if made_from or (words and words in bytes(version.content or b"")):
            destroy(version)
            destroyed += 1
    return destroyed


def destroy(version: Version) -> None:
    """Empty a version; its digest stays, so that it can still be told which one a ministry had."""
    version.content = None
    version.save(update_fields=["content"])
    if version.result is not None:
        BoardPage.objects.filter(result=version.result).delete()
        BoardFile.objects.filter(result=version.result).delete()
        BoardResult.objects.filter(pk=version.result.pk).update(records={}, behind=[], data={})


_NO_MARKING = Text("Choose a marking under which you may read.", "본인이 열람할 수 있는 등급을 고르십시오.")
_TOO_WIDE = Text(
    "The document was made from everything that you may see. Choose a marking whose readers may see all of that.",
    "문서는 본인이 열람할 수 있는 모든 기록으로 만든 것입니다. 그 전부를 볼 수 있는 열람자의 등급을 고르십시오.",
)
_EMPTY = Text("Write the text, or choose a file or a board.", "문안을 쓰거나 파일 또는 현황판을 고르십시오.")
_NO_SUCH_FILE = Text(
    "Only files of these kinds can be kept, and they must be what their name says: {endings}.",
    "다음 형식의 파일만 보관하며, 내용이 확장자와 맞아야 합니다: {endings}.",
)
_TOO_LARGE = Text("The file is larger than ten megabytes.", "파일이 10MB를 넘습니다.")
