"""The mentions of GDELT 2.0 (16 columns): where and when an event was told, one row a document.

Mentions tell how widely and how fast an event was reported; `confidence` is the publisher's own percentage for the coding of that sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from comity.sources.reading import Batch, empty_quarantine
from comity.sources.sifting import Check, sift
from comity.sources.text_rows import Block, blocks, quarantined, whole_file
from comity.vocab.text import Text

ADDRESS = "http://data.gdeltproject.org/gdeltv2/masterfilelist.txt"
CITATION = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location and Tone, 1979-2012. ISA Annual Convention. The GDELT Project, "
    "https://www.gdeltproject.org/"
)
TERMS = Text(
    "Unlimited and unrestricted use, with citation and a link to gdeltproject.org.", "gdeltproject.org 인용과 링크를 조건으로 제한 없이 쓸 수 있습니다."
)
EDITIONS = {"20170101073000.mentions.CSV.zip": "dd926c7b8422b39505f499876edd3678eacf2adf1dd5a39d156b1fca30567c4a"}
COLUMNS = (
    "GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier", "SentenceID", "Actor1CharOffset",
    "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence", "MentionDocLen", "MentionDocTone", "MentionDocTranslationInfo", "Extras",
)  # fmt: skip
USED = {n: name for n, name in enumerate(COLUMNS) if name in ("GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName",
        "SentenceID", "InRawText", "Confidence", "MentionDocLen", "MentionDocTone")}  # fmt: skip
MENTION_SCHEMA: dict[str, pl.DataType] = {
    "event_id": pl.String(),
    "event_added_at": pl.Datetime("us"),  # the quarter of an hour in which the event was first seen, UTC
    "told_at": pl.Datetime("us"),  # the quarter of an hour of this mention
    "kind": pl.Int8(),  # 1 web, 2 citation only, 3 CORE, 4 DTIC, 5 JSTOR, 6 other text
    "outlet": pl.String(),
    "sentence": pl.Int32(),
    "in_raw_text": pl.Boolean(),
    "confidence": pl.Int8(),  # percent
    "length": pl.Int32(),  # letters of the document
    "tone": pl.Float32(),
    "line": pl.Int32(),
}


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The mentions of one published file, plain or zipped; `Batch.events` has MENTION_SCHEMA. Raises `DamagedFile` for a broken zip."""
    lines = 0
    for block in blocks(path, batch_lines=batch_lines):
        lines += block.lines
        yield _batch(path, block)
    if lines == 0:
        yield Batch(pl.DataFrame(schema=MENTION_SCHEMA), whole_file(path, "empty-file"), 0)


def _batch(path: Path, block: Block) -> Batch:
    fields, spoilt = block.fields(), block.spoilt()
    spoilt = np.where((spoilt == "") & (fields != len(COLUMNS)), "column-count", spoilt)
    out, at = np.flatnonzero(spoilt != ""), np.flatnonzero(spoilt == "")
    kept_out = quarantined(path, block, out, spoilt[out].tolist(), [None] * len(out)) if len(out) else empty_quarantine()
    if not len(at):
        return Batch(pl.DataFrame(schema=MENTION_SCHEMA), kept_out, block.lines)
    schema = {USED.get(n, f"_{n}"): pl.String() for n in range(len(COLUMNS))}
    data = block.only(spoilt == "")
    cells = pl.read_csv(data, has_header=False, separator="\t", quote_char=None, schema=schema, columns=list(USED), encoding="utf8-lossy")
    rows = cells.with_columns(_typed()).with_columns(pl.Series("line", at + block.first, dtype=pl.Int32))
    good, faults = sift(rows, _checks(), path=path, block=block, at=at)
    return Batch(rows.filter(good).select(*MENTION_SCHEMA), pl.concat([kept_out, faults]).sort("line"), block.lines)


@cache
def _typed() -> list[pl.Expr]:
    def instant(name: str) -> pl.Expr:
        return pl.when(pl.col(name).str.contains(r"^\d{14}$")).then(pl.col(name).str.to_datetime("%Y%m%d%H%M%S", strict=False))

    return [
        pl.col("GLOBALEVENTID").alias("event_id"),
        instant("EventTimeDate").alias("event_added_at"),
        instant("MentionTimeDate").alias("told_at"),
        pl.col("MentionType").cast(pl.Int8, strict=False).alias("kind"),
        pl.col("MentionSourceName").alias("outlet"),
        pl.col("SentenceID").cast(pl.Int32, strict=False).alias("sentence"),
        pl.col("InRawText").replace_strict({"0": False, "1": True}, default=None, return_dtype=pl.Boolean).alias("in_raw_text"),
        pl.col("Confidence").cast(pl.Int8, strict=False).alias("confidence"),
        pl.col("MentionDocLen").cast(pl.Int32, strict=False).alias("length"),
        pl.col("MentionDocTone").cast(pl.Float32, strict=False).alias("tone"),
    ]


@cache
def _checks() -> list[Check]:
    numbers = {"SentenceID": "sentence", "InRawText": "in_raw_text", "Confidence": "confidence", "MentionDocLen": "length", "MentionDocTone": "tone"}
    return [
        Check("GLOBALEVENTID", "id", ~pl.col("event_id").str.contains(r"^\d+$")),
        Check("EventTimeDate", "date", ~pl.col("event_added_at").dt.year().is_between(2015, 2099)),
        Check("MentionTimeDate", "date", ~pl.col("told_at").dt.year().is_between(2015, 2099)),
        Check("MentionTimeDate", "after-added", pl.col("event_added_at") > pl.col("told_at")),
        Check("MentionType", "range", ~pl.col("kind").is_between(1, 6)),
        *(Check(name, "number", pl.col(typed).is_null() & pl.col(name).is_not_null()) for name, typed in numbers.items()),
        Check("Confidence", "range", pl.col("confidence").is_not_null() & ~pl.col("confidence").is_between(0, 100)),
        Check("MentionDocTone", "range", pl.col("tone").is_not_null() & ~pl.col("tone").is_between(-100, 100)),
    ]
