"""`comity stability`: threat level, escalation, forecast, recent record, opinion and balance on one board."""

from __future__ import annotations

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, question


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""

    @question(app, "stability")
    def stability(ask: Ask) -> None:
        """The stability board: threat, escalation, forecast, record, opinion, balance, each with its evidence.‖안정성 현황: 위협, 확전 단계, 예측, 최근 기록, 여론, 균형과 근거."""
        from comity.report.context import Context

        columns = [
            t.told("what", "What", "항목"),
            t.told("finding", "Finding", "현황"),
            t.days("known_to", "Known to", "기록 기준"),
            t.counted("records", "Records", "기록"),
            t.told("rule", "How it is made", "산출 방식"),
        ]
        ask.answer(Context(ask.snapshot, ask.home, ask.as_of).stability, columns)
