"""Blocks of lines and work in order: numbering, cutting, errors in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.sources import text_rows
from comity.sources.in_order import in_order
from comity.sources.text_rows import Block, blocks, first_bytes

Write = Callable[..., Path]


@given(
    lines=st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=60), ended=st.booleans(), crlf=st.booleans()
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_give_back_the_lines_of_a_file(lines: list[bytes], ended: bool, crlf: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_rows, "BYTES_A_LINE", 1)
    monkeypatch.setattr(text_rows, "LEAST_BLOCK", 16)
    path = tmp_path / "x"
    data = (b"\r\n" if crlf else b"\n").join(lines)
    path.write_bytes(data + (b"\n" if ended and data else b""))
    read = list(blocks(path, batch_lines=1))
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert b"".join(block.data for block in read).removesuffix(b"\n") == content.removesuffix(b"\n")
    assert [block.first for block in read] == [1 + sum(block.lines for block in read[:n]) for n in range(len(read))]
    assert [block.begins for block in read] == [n == 0 for n in range(len(read))]


def test_fields_and_single_lines_of_a_block() -> None:
    block = Block(b"a\tb\n\nc\t\xff\td\n", 5)
    assert block.lines == 3
    assert block.fields().tolist() == [2, 1, 3]
    assert block.spoilt().tolist() == ["", "blank-line", ""]
    assert block.text(2) == "c\t\\xff\td"
    assert block.only(np.array([True, False, True])) == b"a\tb\nc\t\xff\td\n"


def test_first_bytes_of_nothing(written: Write) -> None:
    assert first_bytes(written(b"", "x"), 10) == b""
    assert first_bytes(written(b"", "x.zip"), 10) == b""
    assert first_bytes(written(b"\xef\xbb\xbfab", "y"), 10) == b"ab"


def test_results_come_in_order_and_few_parts_are_taken_ahead() -> None:
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    results = in_order(parts(), lambda number: number * number, threads=3)
    assert next(results) == 0
    assert len(taken) <= 3
    assert list(results) == [number * number for number in range(1, 20)]


def test_errors_come_after_the_results_before_them() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = in_order(range(6), work)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
