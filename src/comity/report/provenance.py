"""What a page without links says instead of them: the day and snapshot that it was made from, and where its records can be read."""

from __future__ import annotations

from comity.report.document import Document
from comity.report.words import HASH_SHOWN
from comity.vocab.dates import written
from comity.vocab.text import Text


def stamp(document: Document) -> Text:
    """Day and short hash, for a running head."""
    day = document.as_of.isoformat()
    return _STAMP.format(day=Text(written(day, "en"), written(day, "ko")), digest=document.snapshot.hash[:HASH_SHOWN])


def where_records_are(document: Document) -> tuple[Text, Text]:
    """A heading and a paragraph: how many numbers rest on how many records, and which forms show them."""
    linked = sum(1 for number in document.numbers() if number.records)
    return TITLE, _WORDS.format(n=f"{linked:,}", records=f"{len(document.records()):,}", digest=document.snapshot.hash)


TITLE = Text("Where the records are", "근거 기록을 보는 곳")
_STAMP = Text("As of {day} · snapshot {digest}", "{day} 기준 · 스냅숏 {digest}")
_WORDS = Text(
    "{n} numbers in this document rest on {records} records. In the HTML every one of them is a link to its records, with their fields, competing claims and sources; "
    "the JSON and the spreadsheet give the ids of the records beside each number. All forms name this snapshot: {digest}.",
    "이 문서의 수치 {n}개는 기록 {records}건에 근거한다. HTML에서는 수치마다 근거 기록으로 이어지며 항목, 경쟁하는 주장, 출처를 볼 수 있다. "
    "JSON과 스프레드시트에는 수치 옆에 기록의 식별자가 적혀 있다. 모든 형식이 같은 스냅숏을 밝힌다: {digest}.",
)
