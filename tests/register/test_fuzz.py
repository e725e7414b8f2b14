"""Packages damaged at random: reading and checking never fail, never write, and never stay silent about what is plainly wrong."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comity.register.checks import faults_of
from comity.register.package import CELL_LIMIT, SETTINGS_FILE, read_package
from comity.vocab.errors import Fault, NoPackage
from comity.vocab.kinds import Kind, kinds

Files = dict[str, bytes]
Damage = Callable[[random.Random, Files], bool]
"""Damages the files; says whether what it did must be noticed."""

KINDS = ("actor", "agreement", "exercise_series", "exercise", "event", "claim", "source", "marking")
BY_FILE = {kinds()[name].file: kinds()[name] for name in KINDS}
JUNK = [
    "'",
    '"',
    "\x00",
    "한글",
    "☠",
    "-1",
    "..",
    "0",
    "9" * 30,
    "1e999",
    "NaN",
    "../../etc",
    "=1+1",
    "\u202e",
    "\ud7ff",
    ";",
    ";;",
    ":",
    "{v0}",
    "{}",
    "%s",
    "KOR;",
    " ",
    "\t",
]


def some_file(rng: random.Random, files: Files) -> str:
    return rng.choice(sorted(name for name in files if name != SETTINGS_FILE))


def cells_of(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def written(rows: list[list[str]], ends: str = "\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ends).writerows(rows)
    return out.getvalue().encode()


def set_cell(rng: random.Random, files: Files, kind: Kind, name: str, value: str) -> None:
    rows = cells_of(files[kind.file])
    rng.choice(rows[1:])[rows[0].index(name)] = value
    files[kind.file] = written(rows)


# --- damage that may or may not matter -----------------------------------------------------------------------------------------------


def flip_bytes(rng: random.Random, files: Files) -> bool:
    name = rng.choice(sorted(files))
    data = bytearray(files[name])
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    files[name] = bytes(data)
    return False


def drop_bytes(rng: random.Random, files: Files) -> bool:
    name = rng.choice(sorted(files))
    start = rng.randrange(len(files[name]))
    files[name] = files[name][:start] + files[name][start + rng.randint(1, 200) :]
    return False


def cut_file(rng: random.Random, files: Files) -> bool:
    name = rng.choice(sorted(files))
    files[name] = files[name][: rng.randrange(len(files[name]))]
    return False


def drop_lines(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    lines = files[name].splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    files[name] = b"".join(lines)
    return False


def swap_cells(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    rows = cells_of(files[name])
    one, two = rng.choice(rows), rng.choice(rows)
    at, to = rng.randrange(len(one)), rng.randrange(len(two))
    one[at], two[to] = two[to], one[at]
    files[name] = written(rows)
    return False


def junk_cells(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    rows = cells_of(files[name])
    for _ in range(rng.randint(1, 5)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(JUNK)
    files[name] = written(rows)
    return False


def other_line_ends(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    files[name] = rng.choice([written(cells_of(files[name]), "\r\n"), files[name].replace(b"\n", b"\r"), b"\xef\xbb\xbf" + files[name]])
    return False


def nulls(rng: random.Random, files: Files) -> bool:
    name = rng.choice(sorted(files))
    at = rng.randrange(len(files[name]))
    files[name] = files[name][:at] + b"\x00" * rng.randint(1, 50) + files[name][at:]
    return False


def missing_file(rng: random.Random, files: Files) -> bool:
    del files[rng.choice(sorted(files))]
    return False


def broken_settings(rng: random.Random, files: Files) -> bool:
    lines = files[SETTINGS_FILE].splitlines(keepends=True)
    lines.insert(
        rng.randrange(len(lines) + 1),
        rng.choice([b"extends: [small]\n", b"extends: ['.']\n", b"home: {a: b}\n", b"a: !!bool x\n", b"- b\n", b"\tx: y\n", b"home: \n"]),
    )
    files[SETTINGS_FILE] = b"".join(lines)
    return False


def broken_seal(rng: random.Random, files: Files) -> bool:
    files["seal.csv"] = rng.choice([b"", b"\x00\xff", b"kind,id,fingerprint\n,,\n", b"kind,id,fingerprint\nnone,x,y\nevent,talks-1991,0\n", b"a\n\n\n"])
    return False


# --- damage that must be noticed -----------------------------------------------------------------------------------------------------


def wrong_encoding(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    files[name] += "끝".encode("cp949") + b"\n"
    return True


def wrong_header(rng: random.Random, files: Files) -> bool:
    kind = BY_FILE[some_file(rng, files)]
    rows = cells_of(files[kind.file])
    at = rng.randrange(len(rows[0]))
    rows[0][at] = rng.choice([rows[0][at] + "_", "", rows[0][at - 1], rows[0][at].upper()])
    files[kind.file] = written(rows)
    return True


def open_quote(rng: random.Random, files: Files) -> bool:
    files[some_file(rng, files)] += b'x,"never closed\n'
    return True


def huge_cell(rng: random.Random, files: Files) -> bool:
    files[some_file(rng, files)] += b"x" * (CELL_LIMIT + rng.randint(1, 1000)) + b"\n"
    return True


def line_twice(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    rows = cells_of(files[name])
    files[name] = written([*rows, rng.choice(rows[1:])])
    return True


def short_row(rng: random.Random, files: Files) -> bool:
    name = some_file(rng, files)
    rows = cells_of(files[name])
    row = rng.choice(rows[1:])
    row.pop() if rng.random() < 0.5 else row.append("more")
    files[name] = written(rows)
    return True


def impossible_cell(rng: random.Random, files: Files) -> bool:
    wrong = {
        "date": ["2020-02-30", "yesterday", "2020-13", "1953/54", "２０２０"], "day": ["2020-01", "now"], "integer": ["many", "1.5", "１２", "1,000"], "flag": ["yes", "1"],
        "code": ["nonsense"], "codes": ["nonsense;other"], "actor": ["ATLANTIS"], "actors": ["KOR;ATLANTIS", "KOR;;USA"], "link": ["nowhere"], "links": ["nowhere;neither"],
        "url": ["example.org"], "duration": ["a year", "P", "PT1H"], "actor_counts": ["KOR", "KOR:x", "ATLANTIS:5"],
    }  # fmt: skip
    kind = BY_FILE[some_file(rng, files)]
    field = rng.choice([field for field in kind.fields if field.type in wrong])
    set_cell(rng, files, kind, field.name, rng.choice(wrong[field.type]))
    return True


def emptied_cell(rng: random.Random, files: Files) -> bool:
    kind = BY_FILE[some_file(rng, files)]
    set_cell(rng, files, kind, rng.choice(["id", *(field.name for field in kind.fields if field.required)]), "")
    return True


def actor_gone(rng: random.Random, files: Files) -> bool:
    rows = cells_of(files["actors.csv"])
    files["actors.csv"] = written([row for row in rows if row[0] != "KOR"])
    return True


def ended_first(rng: random.Random, files: Files) -> bool:
    kind = BY_FILE[rng.choice(["agreements.csv", "exercises.csv"])]
    set_cell(rng, files, kind, str(kind.span and kind.span[1]), "1800")
    return True


DAMAGES: list[Damage] = [
    flip_bytes, drop_bytes, cut_file, drop_lines, swap_cells, junk_cells, other_line_ends, nulls, missing_file, broken_settings, broken_seal,
    wrong_encoding, wrong_header, open_quote, huge_cell, line_twice, short_row, impossible_cell, emptied_cell, actor_gone, ended_first,
]  # fmt: skip


@pytest.fixture
def base(small: Any) -> Files:
    small.rows = {kind: small.rows[kind] for kind in KINDS}
    for rows in small.rows.values():
        for cells in rows.values():
            for name, cell in cells.items():
                cells[name] = "" if cell.startswith("scm-") else cell
    path = small.write()
    assert [*read_package(path).faults, *faults_of(read_package(path))] == []
    return {file.name: file.read_bytes() for file in path.iterdir()}


def faults(path: Path) -> list[Fault]:
    package = read_package(path)
    return [*package.faults, *faults_of(package)]


def survive(base: Files, path: Path, seed: int) -> None:
    rng = random.Random(seed)
    files, told = dict(base), []
    damages = [DAMAGES[seed % len(DAMAGES)], *rng.choices(DAMAGES[:4], k=rng.choice([0, 0, 0, 1]))]
    for damage in damages[::-1]:  # the damage that must be noticed comes last, so that none undoes it
        try:
            told.append(damage(rng, files))
        except (UnicodeDecodeError, csv.Error, IndexError, KeyError, ValueError):
            continue  # an earlier damage left nothing for this one to work on
    for old in path.iterdir():
        old.unlink()
    for name, data in files.items():
        (path / name).write_bytes(data)
    try:
        found = faults(path)
    except NoPackage:
        assert SETTINGS_FILE not in files
        return
    assert {file.name: file.read_bytes() for file in path.iterdir()} == files
    assert all(fault.what.en and fault.what.ko and fault.mend.en and fault.mend.ko and fault.file for fault in found)
    assert found or not any(told), [damage.__name__ for damage in damages]


@pytest.mark.parametrize("damage", range(len(DAMAGES)), ids=lambda at: DAMAGES[at].__name__)
def test_damage_is_survived_and_told(base: Files, tmp_path: Path, damage: int) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    for turn in range(3):
        survive(base, folder, damage + turn * len(DAMAGES))


@pytest.mark.long
def test_a_thousand_damaged_packages_are_survived(base: Files, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    for seed in range(1000, 2000):
        survive(base, folder, seed)
