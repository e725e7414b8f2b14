"""What GDELT publishes and where: the master list and the last update of 2.0, file sizes and MD5 sums of 1.0, and the addresses of single files.

Each line names one published file. The stamp in its name is the quarter of an hour (2.0), day, month or year (1.0 up to March 2013) that it
holds. Lines that cannot be read are kept apart with the reason, like rows of events.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import polars as pl

from comity.sources.listing import Listing
from comity.sources.reading import QUARANTINE_SCHEMA
from comity.vocab.text import Text

BASE = "http://data.gdeltproject.org/gdeltv2/"
BASE_V1 = "http://data.gdeltproject.org/events/"
ADDRESSES = {
    "masterfilelist": f"{BASE}masterfilelist.txt",
    "masterfilelist_translation": f"{BASE}masterfilelist-translation.txt",
    "lastupdate": f"{BASE}lastupdate.txt",
    "v1_sizes": f"{BASE_V1}filesizes",
    "v1_md5": f"{BASE_V1}md5sums",
}
ADDRESS = ADDRESSES["masterfilelist"]
CITATION = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location and Tone, 1979-2012. ISA Annual Convention. The GDELT Project, "
    "https://www.gdeltproject.org/"
)
TERMS = Text(
    "Unlimited and unrestricted use, with citation and a link to gdeltproject.org.", "gdeltproject.org 인용과 링크를 조건으로 제한 없이 쓸 수 있습니다."
)
EDITIONS = {
    "lastupdate.txt": "bd3a5615c8020240dd6987ddae66216f77304d71baeaa27cd77b2f26a01aaa6f",
    "v1_event_file_list.txt": "51777142bbeb8c6016798b79b139b305ced8a745924ae6085d32502054bef53c",
    "v1_event_md5sums.txt": "d049b0bf0d40bc032645b43f9210cc0f156246ed1375e61e962999567e103e06",
    "v2_masterfilelist_english.txt": "4be7a80dc622ca43184585e8569be1f3f97016cf4ef08639e322247fbf94beb7",
}
FILE_SCHEMA: dict[str, pl.DataType] = {
    "url": pl.String(),
    "name": pl.String(),
    "table": pl.String(),  # export, mentions, gkg; archive for the yearly and monthly files of 1.0
    "stamp": pl.String(),  # digits of the name: YYYY, YYYYMM, YYYYMMDD or YYYYMMDDHHMMSS; null where the name has none
    "at": pl.Datetime("us"),  # the stamp's quarter of an hour or day, UTC; null for months, years and names without a stamp
    "size": pl.Int64(),  # bytes; null where the list gives only sums
    "md5": pl.String(),  # null where the list gives only sizes
    "line": pl.Int32(),
}
MD5 = re.compile(r"^[0-9a-f]{32}$")
NAME = re.compile(r"^(\d{4}|\d{6}|\d{8}|\d{14})(?:\.(translation\.)?(export|mentions|gkg|gkgcounts)\.(?:CSV|csv))?\.zip$")


def read(path: Path) -> Listing:
    """The files that a list names: `size md5 url` (2.0), `size name` or `md5 name` (1.0), in the order of the list."""
    text = path.read_bytes().decode("utf-8", "backslashreplace").removeprefix("\ufeff")
    rows: list[dict[str, object]] = []
    kept_out: list[dict[str, object]] = []
    for line, words in enumerate(text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else [], start=1):
        row = _row(words.split())
        if row is None:
            kept_out.append({"file": path.name, "line": line, "field": None, "reason": "address" if words.strip() else "blank-line", "text": words})
        else:
            rows.append(row | {"line": line})
    return Listing(pl.DataFrame(rows, schema=FILE_SCHEMA), pl.DataFrame(kept_out, schema=QUARANTINE_SCHEMA), len(rows) + len(kept_out))


def address(at: datetime, table: str = "export") -> str:
    """Where the file of a quarter of an hour lies (2.0): `table` is export, mentions or gkg.

    >>> address(datetime(2018, 3, 28, 5), "mentions")
    'http://data.gdeltproject.org/gdeltv2/20180328050000.mentions.CSV.zip'
    """
    ending = "csv" if table == "gkg" else "CSV"
    return f"{BASE}{at:%Y%m%d%H%M%S}.{table}.{ending}.zip"


def _row(words: list[str]) -> dict[str, object] | None:
    """One line's file, or nothing where the line says something else."""
    match words:
        case [size, md5, url] if size.isdecimal() and MD5.match(md5) and url.startswith(("http://", "https://")):
            return _named(url.rsplit("/", 1)[1], url) | {"size": int(size), "md5": md5}
        case [size, name] if size.isdecimal() and len(size) < 32 and name.endswith(".zip"):
            return _named(name, BASE_V1 + name) | {"size": int(size), "md5": None}
        case [md5, name] if MD5.match(md5) and name.endswith(".zip"):
            return _named(name, BASE_V1 + name) | {"size": None, "md5": md5}
    return None


def _named(name: str, url: str) -> dict[str, object]:
    found = NAME.match(name)
    stamp, table = (found[1], found[3] or "archive") if found else (None, "archive")
    return {"url": url, "name": name, "table": table, "stamp": stamp, "at": _instant(stamp)}


def _instant(stamp: str | None) -> datetime | None:
    pattern = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}.get(len(stamp or ""))
    try:
        return datetime.strptime(stamp or "", pattern) if pattern else None
    except ValueError:
        return None
