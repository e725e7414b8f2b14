"""What the sections of one page share: the snapshot, the day, and each measure's result, computed once.

Sections read results from here and compute nothing that a measure computes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.measures.result import Result, result
from comity.measures.tie_settings import TieSettings
from comity.register.snapshot import Snapshot
from comity.report.kept import kept

if TYPE_CHECKING:
    from comity.models.provocations.forecast_settings import ForecastSettings
    from comity.models.scenarios.scenario import Scenario

YEARS_OF_SPARK = 20
BALANCE_DRAWS = 400  # twenty-one days are drawn: the ends of the interval hold to about a fiftieth
NETWORK_DRAWS = 60  # roles are recomputed in every draw: enough for the page, whose table shows medians only


@dataclass(frozen=True)
class Context:
    """One snapshot, one home country, one day; with `only_kept`, a result that is still to be made raises `NotYetKept` instead."""

    snapshot: Snapshot
    home: str
    as_of: date

    only_kept: bool = False

    def _kept(self, name: str, make: Callable[[Context], Result], settings: Any = None) -> Result:
        """The result kept under a name, or made by `make` from a context that writes down what is read of the snapshot."""
        told = (BALANCE_DRAWS, NETWORK_DRAWS, YEARS_OF_SPARK) if settings is None else settings

        def made(snapshot: Snapshot) -> Result:
            return make(replace(self, snapshot=snapshot))

        return kept(self.snapshot, name, self.home, self.as_of, told, made, only=self.only_kept)

    @cached_property
    def ties(self) -> Result:
        """Strength of every tie."""
        from comity.measures.tie_strength import tie_strength

        return self._kept("ties", lambda c: tie_strength(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def ranked(self) -> pl.DataFrame:
        """Ties of partners that are ranked, strongest first."""
        return self.ties.rows.filter(~pl.col("apart")).sort("rank")

    @cached_property
    def history(self) -> pl.DataFrame:
        """Ties at the end of each of the last twenty years and on the day."""
        from comity.measures.tie_strength import tie_history

        days = [*(date(year, 12, 31) for year in range(self.as_of.year - YEARS_OF_SPARK, self.as_of.year)), self.as_of]
        return self._kept("history", lambda c: result("history", c.snapshot, tie_history(c.snapshot, c.home, days=days), as_of=c.as_of)).rows

    @cached_property
    def eras(self) -> Result:
        """Eras of covered activity."""
        from comity.measures.eras import eras

        return self._kept("eras", lambda c: eras(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def activity(self) -> Result:
        """Acts a year by mechanism."""
        from comity.measures.activity import activity

        return self._kept("activity", lambda c: activity(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def balance(self) -> Result:
        """Ties towards the named blocs over time."""
        from comity.measures.balance import balance
        from comity.measures.balance_settings import BalanceSettings

        return self._kept("balance", lambda c: balance(c.snapshot, c.home, as_of=c.as_of, settings=BalanceSettings(tie=TieSettings(draws=BALANCE_DRAWS))))

    @cached_property
    def network(self) -> Result:
        """The network of ties and roles."""
        from comity.measures.network import NetworkSettings, network

        return self._kept("network", lambda c: network(c.snapshot, c.home, as_of=c.as_of, settings=NetworkSettings(tie=TieSettings(draws=NETWORK_DRAWS))))

    @cached_property
    def agreements(self) -> Result:
        """Agreements and how they stand."""
        from comity.measures.agreements import agreements

        return self._kept("agreements", lambda c: agreements(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def every_agreement(self) -> Result:
        """Agreements that stand and those that no longer do."""
        from comity.measures.agreements import agreements

        return self._kept("every_agreement", lambda c: agreements(c.snapshot, c.home, as_of=c.as_of, in_force=False))

    @cached_property
    def watch(self) -> Result:
        """What needs a decision in the next year."""
        from comity.measures.watch import watch

        return self._kept("watch", lambda c: watch(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def tempo(self) -> Result:
        """Exercises planned and realised."""
        from comity.measures.tempo import tempo

        return self._kept("tempo", lambda c: tempo(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def technology(self) -> Result:
        """Technology partnerships."""
        from comity.measures.technology import technology

        return self._kept("technology", lambda c: technology(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def deployments(self) -> Result:
        """Forces abroad over time."""
        from comity.measures.deployments import deployments

        return self._kept("deployments", lambda c: deployments(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def pressure(self) -> Result:
        """Provocations by class over time."""
        from comity.measures.pressure import pressure

        return self._kept("pressure", lambda c: pressure(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def track_record(self) -> Result:
        """Scores of forecasts made again for every month since 2005, whatever they show."""
        from comity.models.provocations.forecast_settings import ForecastSettings

        return kept_track_record(self.snapshot, self.home, self.as_of, ForecastSettings(), only=self.only_kept)

    @cached_property
    def forecast(self) -> Result:
        """Probability of provocations in the next month and quarter, with its track record."""
        from comity.models.forecast import forecast

        return self._kept("forecast", lambda c: forecast(c.snapshot, c.home, as_of=c.as_of, record=lambda: c.track_record))

    @cached_property
    def stability(self) -> Result:
        """Threat, escalation, forecast, record, opinion and balance on one board."""
        from comity.models.stability import Parts, stability

        parts = Parts(lambda: self.forecast, lambda: self.track_record, lambda: self.pressure, lambda: self.balance, lambda: self.opinion_pool)
        return stability(self.snapshot, self.home, as_of=self.as_of, parts=parts)

    @cached_property
    def effects(self) -> Result:
        """Effects of exercises and talks, every specification, and reactions of third parties."""
        from comity.models.effects import effects

        return self._kept("effects", lambda c: effects(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def what_if(self) -> dict[str, Result]:
        """The shipped package's scenarios by name, run from the day; those that do not fit its calendar are left out."""
        from comity.models.scenarios.scenario import shipped_scenarios
        from comity.models.scenarios.settings import WhatIfSettings

        asked = shipped_scenarios(str(self.snapshot.settings.get("name", "")))
        answers = {name: self._kept("what_if", partial(_answer, scenario), (WhatIfSettings(), scenario.digest)) for name, scenario in asked.items()}
        return {name: found for name, found in answers.items() if found.settings.get("fits", True)}

    @cached_property
    def opinion(self) -> Result:
        """Opinion polls as raw points."""
        from comity.measures.opinion import opinion

        return self._kept("opinion", lambda c: opinion(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def opinion_pool(self) -> Result:
        """Opinion polls pooled over houses."""
        from comity.models.opinion_pool import opinion_pool

        return self._kept("opinion_pool", lambda c: opinion_pool(c.snapshot, c.home, as_of=c.as_of))

    @cached_property
    def changes(self) -> Result:
        """What changed since the same day a year before."""
        from comity.measures.compare import compare

        return self._kept("changes", lambda c: compare(c.snapshot, c.home, first=_year_before(c.as_of), second=c.as_of))

    @cached_property
    def without_source(self) -> Result:
        """Ties with unsourced records counted too, to show what they would change."""
        from comity.measures.tie_strength import tie_strength

        return self._kept("without_source", lambda c: tie_strength(c.snapshot.including_unsourced(), c.home, as_of=c.as_of, settings=TieSettings(draws=200)))

    def compared(self, first: date, second: date) -> Result:
        """What changed between two days."""
        from comity.measures.compare import compare

        return self._kept("compare", lambda c: compare(c.snapshot, c.home, first=first, second=second), (first, second))

    def agreements_with(self, partner: str) -> Result:
        """Agreements that stand with one partner."""
        from comity.measures.agreements import agreements

        return self._kept("agreements_with", lambda c: agreements(c.snapshot, c.home, as_of=c.as_of, partner=partner), partner)


def _answer(scenario: Scenario, context: Context) -> Result:
    """The answer to a scenario; that it does not fit the calendar of the day is an answer too."""
    from comity.models.what_if import what_if
    from comity.vocab.errors import ScenarioFaults

    try:
        return what_if(context.snapshot, scenario, context.home, as_of=context.as_of)
    except ScenarioFaults:
        return result("what_if", context.snapshot, pl.DataFrame(), as_of=context.as_of, home=context.home, settings={"fits": False})


def kept_track_record(snapshot: Snapshot, home: str, as_of: date, settings: ForecastSettings, *, only: bool = False) -> Result:
    """The track record, computed once for these tables, day and settings; the longest work of a page, so it shows how far it is."""
    from comity.models.provocations.rolling import on_stderr
    from comity.models.track_record import track_record

    def make(watched: Snapshot) -> Result:
        return track_record(watched, home, as_of=as_of, settings=settings, progress=on_stderr("track record · 예측 성적"))

    return kept(snapshot, "track_record", home, as_of, settings, make, only=only)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
