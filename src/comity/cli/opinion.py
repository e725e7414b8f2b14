"""The command on opinion: support pooled over houses, or the polls themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, question
from comity.cli.words import both

Raw = Annotated[bool, typer.Option("--raw", help=both("The polls themselves, each with its sampling interval.", "통합하지 않은 조사별 수치와 표본 구간."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @question(app, "opinion")
    def opinion(ask: Ask, raw: Raw = False) -> None:
        """Support pooled over polling houses, with 95 % bands; the polls themselves with --raw.‖여러 조사 기관을 통합한 응답 비율과 95 % 띠. --raw는 조사별 수치."""
        if raw:
            _raw(ask)
        else:
            _pooled(ask)


def _pooled(ask: Ask) -> None:
    from comity.models.opinion_pool import opinion_pool

    columns = [
        t.coded("topic", "poll_topic", "Topic", "주제"),
        t.told("answer", "Answer", "응답"),
        t.days("day", "Last poll", "마지막 조사"),
        t.numbers("support", "Pooled, %", "통합 비율(%)", 1),
        t.numbers("low95", "2.5 %", "2.5 %", 1),
        t.numbers("high95", "97.5 %", "97.5 %", 1),
        t.numbers("now", "On the day", "기준일", 1),
        t.numbers("polls", "Polls", "조사"),
        t.numbers("houses", "Houses", "기관"),
        t.told("caution", "To mind", "유의"),
    ]
    ask.answer(opinion_pool(ask.snapshot, ask.home, as_of=ask.as_of), columns)


def _raw(ask: Ask) -> None:
    from comity.measures.opinion import opinion

    columns = [
        t.coded("topic", "poll_topic", "Topic", "주제"),
        t.told("answer", "Answer", "응답"),
        t.words("house", "House", "조사 기관"),
        t.days("day", "Day", "시점"),
        t.numbers("share", "Share, %", "비율(%)", 1),
        t.numbers("low", "low", "하한", 1),
        t.numbers("high", "high", "상한", 1),
        t.numbers("n", "Sample", "표본"),
    ]
    ask.answer(opinion(ask.snapshot, ask.home, as_of=ask.as_of), columns)
