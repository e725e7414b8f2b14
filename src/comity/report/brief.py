"""The brief: one country's military diplomacy on one day, for a minister's staff.

First one page of what matters, made by rules from the numbers; then evolution, partners, map, network, mechanisms, cases, pressures, what
lapses soon, and an annex on how far to trust it.
"""

from __future__ import annotations

from datetime import date

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Document, Section
from comity.report.words import HASH_SHOWN
from comity.vocab.dates import written
from comity.vocab.text import Text


def brief(snapshot: Snapshot, home: str | None = None, *, as_of: date) -> Document:
    """The brief of `home` on `as_of` as a document, ready for any renderer."""
    context = Context(snapshot, home or snapshot.home, as_of)
    sections = _sections(context)
    title = Text(f"Military diplomacy of {_long(snapshot, context.home, 'en')}", f"{_long(snapshot, context.home, 'ko')} 군사외교")
    day = as_of.isoformat()
    subtitle = Text(
        f"As of {written(day, 'en')} · register snapshot {snapshot.hash[:HASH_SHOWN]} · readers: {snapshot.reader.name}",
        f"{written(day, 'ko')} 기준 · 등록부 스냅숏 {snapshot.hash[:HASH_SHOWN]} · 열람 범위: {'공개' if snapshot.reader.name == 'public' else snapshot.reader.name}",
    )
    return Document("brief", title, subtitle, as_of, context.home, snapshot, tuple(sections), answers=_answers(context))


def _sections(context: Context) -> list[Section]:
    from comity.report.sections.abroad import abroad, where
    from comity.report.sections.annex import annex
    from comity.report.sections.cases import cases
    from comity.report.sections.evolution import evolution
    from comity.report.sections.exercises import exercises
    from comity.report.sections.network import network
    from comity.report.sections.partners import partners
    from comity.report.sections.pressures import pressures
    from comity.report.sections.stability import stability
    from comity.report.sections.standing import agreements, due
    from comity.report.sections.summary import summary
    from comity.report.sections.technology import information, technology

    made = [summary(context), evolution(context), *partners(context), where(context), network(context), exercises(context), agreements(context)]
    made += [
        technology(context),
        information(context),
        abroad(context),
        *cases(context),
        pressures(context),
        *stability(context),
        due(context),
        *annex(context),
    ]
    return made


def _answers(context: Context) -> dict[str, object]:
    """Every result behind the page, for its JSON."""
    results = (context.ties, context.eras, context.activity, context.balance, context.network, context.agreements, context.watch, context.tempo)
    more = (context.technology, context.deployments, context.pressure, context.opinion, context.opinion_pool, context.changes)
    models = (context.stability, context.forecast, context.track_record, context.effects)
    return {result.measure: result.answer() for result in (*results, *more, *models)}


def _long(snapshot: Snapshot, code: str, lang: str) -> str:
    names = snapshot.actor_names.get(code, (code, code, code, code))
    return ("the " + names[2] if names[2].startswith(("Republic", "United", "Kingdom")) else names[2]) if lang == "en" else names[3]
