"""A data package on disk: reading its files into tables of text, with every structural fault found at once.

A package is a folder: `package.yaml` (name, home country, titles, licence, what it extends), one CSV per record kind, `claims.csv`,
`sources.csv`, `coverage.csv`, `markings.csv`, and `datapackage.json`, generated. Tables hold text exactly as written, so that writing
them again gives the same bytes; meaning (dates, numbers, lists) is made in `frames`. Nothing here judges what the cells say: see `checks`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.vocab.errors import Fault, NoPackage
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text, same

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTINGS_FILE = "package.yaml"
LINE = "_line"
FILE = "_file"
CELL_LIMIT = 100_000
FILE_LIMIT = 400_000_000
LARGE = 1_000_000  # characters from which a file is worth reading at once: below, setting up the reader costs more than it saves


@dataclass(frozen=True, slots=True)
class Package:
    """The text of one package (and of those that it extends, their rows first)."""

    path: Path
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    faults: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Short name of the package, such as `kor`."""
        return str(self.settings.get("name", self.path.name))


def package_path(where: str | Path, beside: Path | None = None) -> Path:
    """Folder of a package, given its path or the name of a shipped one; else `NoPackage`.

    What a package extends is looked for `beside` that package first, so that a frozen edition rests on its own copy of it.
    """
    path = Path(where)
    if beside is not None and str(where).isidentifier() and (beside.resolve().parent / path / SETTINGS_FILE).is_file():
        return beside.resolve().parent / path
    if (path / SETTINGS_FILE).is_file():
        return path
    shipped = Path(str(files("comity.data"))) / str(where)
    if str(where).isidentifier() and (shipped / SETTINGS_FILE).is_file():
        return shipped
    raise NoPackage(
        Text(
            "There is no data package at {where}: a package is a folder with a {settings}. Shipped packages: {shipped}.",
            "{where}에 데이터 패키지가 없습니다. 패키지는 {settings}이 있는 폴더입니다. 함께 제공되는 패키지: {shipped}.",
        ).format(where=where, settings=SETTINGS_FILE, shipped=", ".join(shipped_packages()))
    )


def shipped_packages() -> list[str]:
    """Names of the packages that come with Comity."""
    folder = Path(str(files("comity.data")))
    return sorted(entry.name for entry in folder.iterdir() if (entry / SETTINGS_FILE).is_file())


def read_package(where: str | Path, above: tuple[Path, ...] = ()) -> Package:
    """Read a package and what it extends. Structural faults are collected in `.faults`, never raised one by one.

    `above` names the packages that led here, so that one that extends itself is a fault and no endless descent.
    """
    path = package_path(where)
    settings, faults = _read_settings(path)
    tables: dict[str, pl.DataFrame] = {}
    for base in settings.get("extends", []):
        try:
            below = package_path(base, beside=path)
            if below.resolve() in (*above, path.resolve()):
                faults.append(_settings_fault("extends", _CIRCLE.format(base=base)))
                continue
            under = read_package(below, (*above, path.resolve()))
        except NoPackage as error:
            faults.append(_settings_fault("extends", error.text))
            continue
        except OSError as error:  # a name too long for a path
            faults.append(_settings_fault("extends", same(str(error.strerror))))
            continue
        faults += under.faults
        tables = {name: pl.concat([tables[name], table]) if name in tables else table for name, table in under.tables.items()} | {
            name: table for name, table in tables.items() if name not in under.tables
        }
    for kind in kinds().values():
        own, found = read_table(path / kind.file, kind)
        faults += found
        tables[kind.name] = pl.concat([tables[kind.name], own]) if kind.name in tables else own
    faults += _strange_files(path)
    return Package(path, settings, tables, faults)


def folders_of(path: Path) -> dict[str, Path]:
    """Folders of a sound package and of all that it extends, directly or not, by their names; its own comes first."""
    settings, _ = _read_settings(path)
    found = {str(settings.get("name", path.name)): path}
    for base in settings.get("extends", []):
        found |= folders_of(package_path(base, beside=path))
    return found


def read_table(path: Path, kind: Kind) -> tuple[pl.DataFrame, list[Fault]]:
    """One kind's file as text, in vocabulary order, with the file and line of each row; an absent file is an empty table."""
    if not path.is_file():
        return empty_table(kind), []
    try:
        if path.stat().st_size > FILE_LIMIT:
            return empty_table(kind), [Fault(path.name, None, None, "too-large", _TOO_LARGE, _SPLIT)]
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return empty_table(kind), [Fault(path.name, line, None, "not-utf8", _NOT_UTF8, _SAVE_UTF8)]
    except OSError as error:
        return empty_table(kind), [Fault(path.name, None, None, "unreadable", same(str(error.strerror)), _SAVE_UTF8)]
    return parse_table(text, kind, path.name)


def parse_table(text: str, kind: Kind, file: str) -> tuple[pl.DataFrame, list[Fault]]:
    """Text of one kind's CSV as a table, with its structural faults; rows of the wrong length are reported and left out of the table."""
    body = text.removeprefix("\ufeff")
    plain = _plain_table(body)
    if plain is not None:
        return _placed(plain, kind, file), _header_faults(plain.columns, kind, file)
    faults: list[Fault] = []
    rows, lines = _rows(body, file, faults)
    if not rows:
        faults.append(Fault(file, 1, None, "no-header", _NO_HEADER, _HEADER.format(columns=",".join(kind.columns[:6]) + ",…")))
        return empty_table(kind), faults
    header = rows[0]
    faults += _header_faults(header, kind, file)
    kept: list[list[str]] = []
    kept_lines: list[int] = []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if len(row) == len(header):
            kept.append(row)
            kept_lines.append(line)
        elif row:
            faults.append(Fault(file, line, None, "row-length", _ROW_LENGTH.format(found=len(row), wanted=len(header)), _ROW_MEND))
    columns = dict(zip(header, zip(*kept, strict=True), strict=False)) if kept else {}
    nothing = ("",) * len(kept)
    data = [pl.Series(name, [cell or None for cell in columns.get(name, nothing)], dtype=pl.String) for name in kind.columns]
    places = [pl.Series(LINE, kept_lines, dtype=pl.Int32), pl.Series(FILE, [file] * len(kept), dtype=pl.String)]
    return pl.DataFrame([*data, *places]), faults


def _plain_table(text: str) -> pl.DataFrame | None:
    """The table of a large text that stands as `table_text` writes one, a line a row; None for any other, which the careful reading judges.

    Read at once and written again: where the same text comes out, nothing in it can have been misread.
    """
    if len(text) < LARGE or "\r" in text or "\0" in text or "\n\n" in text:
        return None
    try:
        table = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    if table.is_empty() or table.height + 1 != text.count("\n") or table.write_csv(quote_style="necessary", line_terminator="\n") != text:
        return None
    return None if table.select(pl.any_horizontal((pl.all().str.len_chars() > CELL_LIMIT).any())).item() else table


def _placed(table: pl.DataFrame, kind: Kind, file: str) -> pl.DataFrame:
    """A table read at once in vocabulary order, empty cells unknown, with the file and line of each row."""
    cells = [pl.col(name).replace("", None) if name in table.columns else pl.lit(None, dtype=pl.String).alias(name) for name in kind.columns]
    return table.select(*cells, pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias(LINE), pl.lit(file).alias(FILE))


def empty_table(kind: Kind) -> pl.DataFrame:
    """A table of that kind without rows."""
    return _empty(kind).clone()


@cache
def _empty(kind: Kind) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(kind.columns, pl.String) | {LINE: pl.Int32, FILE: pl.String})


def table_text(table: pl.DataFrame, kind: Kind) -> str:
    """The canonical CSV of a table: vocabulary order, every column, rows by id, `\\n` line ends, quotes only where needed."""
    if table.is_empty():
        return ",".join(kind.columns) + "\n"
    return table.select(kind.columns).sort("id").write_csv(quote_style="necessary", line_terminator="\n")


def write_tables(path: Path, tables: dict[str, pl.DataFrame], names: Iterable[str] | None = None) -> list[Path]:
    """Write kinds' files canonically; kinds without rows get no file. Each file is replaced in one step."""
    written = []
    for name in names or tables:
        kind, target = kinds()[name], path / kinds()[name].file
        if tables[name].is_empty():
            target.unlink(missing_ok=True)
            continue
        replace_file(target, table_text(tables[name], kind))
        written.append(target)
    return written


def replace_file(target: Path, text: str) -> None:
    """Write a file beside its place and move it there, so that nobody ever reads half of it."""
    beside = target.with_name(f".{target.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(target)


def _read_settings(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    import yaml

    try:
        loaded = yaml.safe_load((path / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (
        yaml.YAMLError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        RecursionError,
        OSError,
    ) as error:  # a tag before a wrong value raises any of these
        return {}, [_settings_fault(None, _NOT_YAML.format(error=" ".join(str(error).split())[:200]))]
    if not isinstance(loaded, dict):
        return {}, [_settings_fault(None, _NOT_A_MAPPING)]
    faults = [_settings_fault(name, _MISSING_SETTING) for name in ("name", "version", "title") if name not in loaded]
    bases = loaded.get("extends", [])
    if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
        faults.append(_settings_fault("extends", _NOT_A_LIST))
        loaded["extends"] = []
    return loaded, faults


def _settings_fault(name: str | None, what: Text) -> Fault:
    return Fault(SETTINGS_FILE, None, name, "settings", what, _MEND_SETTINGS)


def _rows(text: str, file: str, faults: list[Fault]) -> tuple[list[list[str]], list[int]]:
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        return _read_rows(text, file, faults)
    finally:
        csv.field_size_limit(before)


def _read_rows(text: str, file: str, faults: list[Fault]) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return rows, lines
        except csv.Error as error:
            faults.append(Fault(file, line, None, "not-csv", _NOT_CSV.format(error=error), _MEND_CSV))
            return rows, lines
        rows.append(row)
        lines.append(line)


def _header_faults(header: list[str], kind: Kind, file: str) -> list[Fault]:
    faults = [
        Fault(file, 1, name, "unknown-column", _UNKNOWN_COLUMN.format(kind=kind.label), _COLUMNS.format(columns=", ".join(kind.columns)))
        for name in header
        if name not in kind.columns
    ]
    faults += [Fault(file, 1, name, "column-twice", _COLUMN_TWICE, _DROP_ONE) for name in sorted({name for name in header if header.count(name) > 1})]
    wanted = ["id", *(f.name for f in kind.fields if f.required)]
    return faults + [Fault(file, 1, name, "missing-column", _MISSING_COLUMN, _ADD_COLUMN) for name in wanted if name not in header]


def _strange_files(path: Path) -> list[Fault]:
    known = {kind.file for kind in kinds().values()} | {"seal.csv"}
    return [Fault(found.name, None, None, "unknown-file", _UNKNOWN_FILE, _RENAME, "warning") for found in sorted(path.glob("*.csv")) if found.name not in known]


_TOO_LARGE = Text("The file is larger than a register's file may be.", "등록부 파일의 허용 크기를 넘습니다.")
_SPLIT = Text("Split the package.", "패키지를 나누십시오.")
_NOT_UTF8 = Text("The file is not UTF-8 from this line on.", "이 행부터 UTF-8이 아닙니다.")
_SAVE_UTF8 = Text("Save it as CSV UTF-8.", "CSV UTF-8로 저장하십시오.")
_NO_HEADER = Text("The file has no header row.", "머리글 행이 없습니다.")
_HEADER = Text("Begin with the row {columns}", "첫 행을 {columns}로 시작하십시오.")
_ROW_LENGTH = Text("The row has {found} cells, the header {wanted}.", "이 행은 {found}칸이고 머리글은 {wanted}칸입니다.")
_ROW_MEND = Text(
    "Quote cells that hold a comma or a line break; fill the row to the header's length.", "쉼표나 줄바꿈이 든 칸은 따옴표로 묶고 머리글 길이에 맞추십시오."
)
_NOT_CSV = Text("The file is no CSV from here on: {error}.", "여기부터 CSV가 아닙니다: {error}.")
_MEND_CSV = Text("Mend the quotes of this row; the rest of the file was not read.", "이 행의 따옴표를 고치십시오. 이후 행은 읽지 않았습니다.")
_UNKNOWN_COLUMN = Text("{kind} has no such column.", "{kind}에 없는 열입니다.")
_COLUMNS = Text("Its columns are {columns}.", "쓸 수 있는 열: {columns}.")
_COLUMN_TWICE = Text("The column stands twice.", "열이 두 번 있습니다.")
_DROP_ONE = Text("Keep one of them.", "하나만 남기십시오.")
_MISSING_COLUMN = Text("A required column is missing.", "필수 열이 없습니다.")
_ADD_COLUMN = Text("Add the column and fill it.", "열을 추가하고 값을 채우십시오.")
_UNKNOWN_FILE = Text("No record kind keeps its rows in this file; it was not read.", "이 파일에 해당하는 기록 종류가 없어 읽지 않았습니다.")
_RENAME = Text("Name it after a kind (comity kinds lists them) or move it out.", "종류 이름에 맞추거나(comity kinds) 다른 곳으로 옮기십시오.")
_NOT_A_MAPPING = Text("The settings are not of the form name: value.", "설정이 '이름: 값' 형식이 아닙니다.")
_NOT_YAML = Text("The file is no YAML: {error}", "YAML이 아닙니다: {error}")
_NOT_A_LIST = Text("It is no list of package names.", "패키지 이름의 목록이 아닙니다.")
_CIRCLE = Text("The package extends itself by way of {base}.", "{base}을(를) 거쳐 자기 자신을 확장합니다.")
_MISSING_SETTING = Text("The setting is missing.", "설정이 없습니다.")
_MEND_SETTINGS = Text("See the reference page of package.yaml.", "package.yaml 참고 문서를 보십시오.")
