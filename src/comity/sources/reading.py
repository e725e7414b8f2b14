"""What every reader of an outside file gives: tidy rows, the rows that it could not trust with the reason, and a summary.

A reader never drops a row in silence: every line of a file ends as an event or in quarantine, and the two add up to the lines read.
Readers yield one `Batch` after another, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

EVENT_SCHEMA: dict[str, pl.DataType] = {
    "event_id": pl.String(),  # the publisher's own id; where there is none, made from the content of the row
    "day": pl.Date(),  # when it is said to have happened; never null in an event row
    "added_at": pl.Datetime("us"),  # when the publisher added it, UTC; null where the form does not say
    "actor1": pl.String(),  # ISO 3166-1 alpha-3 of the state on the acting side; null where the code names no state
    "actor2": pl.String(),  # the same for the side acted upon
    "actor1_code": pl.String(),  # the actor as published: CAMEO code, name or both
    "actor2_code": pl.String(),
    "role1": pl.String(),  # the first role code as published (GOV, MIL, REB …); null where none
    "role2": pl.String(),
    "code": pl.String(),  # event code as published, text with its leading zeros (CAMEO) or the PLOVER type
    "root": pl.String(),  # PLOVER root (AGREE … ASSAULT); null where the code has none
    "quad": pl.Int8(),  # 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    "goldstein": pl.Float32(),  # Goldstein (1992) scale −10 … 10, as published (ICEWS: intensity); null where none
    "tone": pl.Float32(),  # average tone of the documents; null where none
    "mentions": pl.Int32(),  # mentions in documents; null where the form does not say
    "outlets": pl.Int32(),  # distinct information sources (GDELT NumSources)
    "articles": pl.Int32(),
    "place": pl.String(),  # ISO3 of the country where it happened; null where unknown
    "lat": pl.Float32(),  # degrees; null where unknown, and for (0, 0)
    "lon": pl.Float32(),
    "line": pl.Int32(),  # line in the file, from 1
}
QUARANTINE_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),  # name of the file as given, without folders
    "line": pl.Int32(),  # from 1; null where the whole file is meant
    "field": pl.String(),  # the column at fault, as published; null where the row as a whole is
    "reason": pl.String(),  # one of the reader's reason codes, told in both languages by its table
    "text": pl.String(),  # the line as read, so that nothing is lost
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file: `events` (EVENT_SCHEMA) and `quarantine` (QUARANTINE_SCHEMA); `lines` of the file that they came from.

    `events` and the rows of `quarantine` with a line add up to `lines`; a header counts as no line. `repaired` counts, by code of
    `reasons.REPAIRS`, what was mended in rows that were kept.
    """

    events: pl.DataFrame
    quarantine: pl.DataFrame
    lines: int
    repaired: Mapping[str, int] = field(default_factory=dict)


class Reader(Protocol):
    """A reader of one form of event file."""

    def __call__(self, path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
        """The file in batches of about `batch_lines`; zipped or plain; damaged rows in quarantine; `DamagedFile` where it cannot be read to its end."""
        ...


def empty_events() -> pl.DataFrame:
    """No events."""
    return pl.DataFrame(schema=EVENT_SCHEMA)


def empty_quarantine() -> pl.DataFrame:
    """Nothing in quarantine."""
    return pl.DataFrame(schema=QUARANTINE_SCHEMA)
