"""Measures that take too long for a page: computed in the worker for a class of readers, kept by the snapshot's hash, read by the pages.

A page asks `wanted(...)` for what it needs; equal wants of equal readers share one job. What is computed lies in the cache of results
(`comity.report.kept`), whose names hold the snapshot's hash, so that no page can read what its reader may not see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from functools import cached_property

from django.db import IntegrityError, transaction

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.vocab.text import Text
from comity_desk.jobs.actions import queue_own
from comity_desk.jobs.models import FAILED, Job
from comity_desk.jobs.readers import written_class
from comity_desk.jobs.work import Output, Running, job

LABEL = Text("Measures for the boards", "현황판 지표 계산")


def wanted(snapshot: Snapshot, names: Collection[str], *, home: str | None = None, as_of: date) -> Job:
    """The job that computes these properties of `comity.report.context.Context` for the snapshot's readers; queued if there is none.

    A job of the same want that failed is given back for ten minutes' worth of asking, so that a page can say so and does not start it anew
    each time that it is opened.
    """
    told = {"names": sorted(known(names)), "home": home or snapshot.home, "as_of": as_of.isoformat()}
    reader = written_class(snapshot.reader)
    same = hashlib.sha256(repr((reader, told, snapshot.hash)).encode()).hexdigest()
    found = _found(same)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return queue_own("measure", told, reader=reader, same=same)
    except IntegrityError:  # another request was faster
        return Job.objects.active().get(same=same)


def _found(same: str) -> Job | None:
    from datetime import timedelta

    from comity_desk.lib import clock

    latest = Job.objects.filter(same=same).first()
    if latest is None or latest.active:
        return latest
    return latest if latest.state == FAILED and latest.ended_at and clock.now() - latest.ended_at < timedelta(minutes=10) else None


def known(names: Collection[str]) -> Collection[str]:
    """The names, if each is a property of a context; else `ValueError`: it is a fault of the program."""
    strange = [name for name in names if not isinstance(getattr(Context, name, None), cached_property)]
    if strange:
        raise ValueError(f"no results of a context: {strange}")
    return names


@job("measure", label=LABEL, permission="board.read")
def measure(running: Running) -> Output | None:
    """Compute the properties one after the other; what is kept needs no file."""
    told = running.parameters
    context = Context(running.snapshot, told["home"], date.fromisoformat(told["as_of"]))
    compute(running, context, told["names"])
    return None


def compute(running: Running, context: Context, names: Collection[str], *, more: int = 0) -> None:
    """Compute properties of a context, telling after each how far the work is; `more` steps are to follow."""
    for at, name in enumerate(names):
        running.progress(at, len(names) + more, _COMPUTING.format(name=WORDS.get(name, Text(name, name))))
        with running.interruptible():
            getattr(context, name)


_COMPUTING = Text("Computing: {name}", "계산 중: {name}")
WORDS = {
    "ties": Text("strength of ties", "유대 강도"),
    "history": Text("ties over twenty years", "20년간의 유대"),
    "eras": Text("eras", "시기 구분"),
    "activity": Text("activity by mechanism", "수단별 활동"),
    "balance": Text("balance towards the blocs", "진영 간 균형"),
    "network": Text("network and roles", "관계망과 역할"),
    "agreements": Text("agreements", "협정"),
    "every_agreement": Text("agreements past and present", "전체 협정"),
    "watch": Text("what needs a decision", "결정이 필요한 사안"),
    "tempo": Text("tempo of exercises", "연습 빈도"),
    "technology": Text("technology", "방산·기술"),
    "deployments": Text("forces abroad", "해외 파병"),
    "pressure": Text("provocations", "도발"),
    "track_record": Text("track record of the forecast (the longest part)", "예측 성적(가장 오래 걸림)"),
    "forecast": Text("forecast", "예측"),
    "stability": Text("stability board", "안정성"),
    "effects": Text("effects of exercises and talks", "연습·회담의 효과"),
    "what_if": Text("what-if", "가상 시나리오"),
    "opinion": Text("opinion polls", "여론조사"),
    "opinion_pool": Text("polls pooled", "여론조사 종합"),
    "changes": Text("changes in a year", "1년간의 변화"),
    "without_source": Text("ties with unsourced records", "출처 없는 기록을 포함한 유대"),
}
