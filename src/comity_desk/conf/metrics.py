"""Numbers about the service for Prometheus: requests by route, how long they took, jobs by state, how long catching up takes.

None tells how many records, entries or users there are. Each process counts in a file of its own in the desk's folder, and whichever process is
asked adds them up.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0)
REQUESTS = Counter("comity_desk_requests", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("comity_desk_request_seconds", "How long answers took.", ("route",), buckets=BUCKETS)


def request_answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def fresh_folder(home: Path) -> None:
    """An empty folder in which this serving's processes count; called before any of them starts."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[FOLDER] = str(folder)


def told() -> bytes:
    """Every number, in Prometheus's text form."""
    from prometheus_client import REGISTRY, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    if not os.environ.get(FOLDER):
        registry = REGISTRY
    else:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(Now())
    return generate_latest(registry) + generate_latest(now)


class Now:
    """What is read when it is asked for: whether the database answers, jobs by state, how long this process takes to catch up with the record."""

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        from django.db import Error

        import comity

        yield _gauge("comity_desk_info", "Version that is running.", 1, version=comity.__version__)
        try:
            found = [*_jobs(), _catching_up()]
        except Error:
            found = []
        yield _gauge("comity_desk_database_up", "Whether the database answers.", 1.0 if found else 0.0)
        yield from found


def _jobs() -> Iterator[Metric]:
    from django.db.models import Count, Min

    from comity_desk.jobs.models import QUEUED, STATES, Job
    from comity_desk.lib import clock

    by_state: dict[str, int] = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    states = GaugeMetricFamily("comity_desk_jobs", "Background jobs of the last two weeks by state.", labels=("state",))
    for state in STATES:
        states.add_metric([state], by_state.get(state, 0))
    yield states
    oldest = Job.objects.filter(state=QUEUED).aggregate(at=Min("queued_at"))["at"]
    yield _gauge("comity_desk_job_wait_seconds", "How long the oldest waiting job has waited.", (clock.now() - oldest).total_seconds() if oldest else 0.0)


def _catching_up() -> Metric:
    """Of the record itself no number is told, neither its head nor its size."""
    from comity_desk.ledger.register import current

    began = time.perf_counter()
    current()
    return _gauge("comity_desk_catch_up_seconds", "How long the process that answers took to catch up with the record.", time.perf_counter() - began)


def _gauge(name: str, words: str, value: float, **labels: str) -> Metric:
    gauge = GaugeMetricFamily(name, words, labels=tuple(labels))
    gauge.add_metric(list(labels.values()), value)
    return gauge
