"""Run the benchmarks, all or those named, and write `bench/results.md` and `bench/results.json`.

    python -m bench                    # everything; about five minutes on two cores
    python -m bench starting ties      # these only; the others keep their last results
    python -m bench scale --small      # without the largest register

`python -m bench.covariates` prints what exercises and talks would add to the forecasts, `python -m bench.time_resolution` what hangs on days instead of moments, and
`python -m bench.sensitivity` prints how the ranking of ties moves with the judgements behind it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import briefs, checking, event_store, forecasts, hawkes, opinion, scale, starting, ties, what_if
from bench.machine import machine
from bench.results import Section, markdown, write

WORKLOADS: dict[str, Callable[[], Section]] = {
    "starting": starting.measure,
    "ties": ties.measure,
    "checking": checking.measure,
    "briefs": briefs.measure,
    "scale": scale.measure,
    "event_store": event_store.measure,
    "forecasts": forecasts.measure,
    "hawkes": hawkes.measure,
    "opinion": opinion.measure,
    "what_if": what_if.measure,
}


def main(arguments: list[str]) -> None:
    """Measure what is asked for and write what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Benchmarks of Comity beside what a person would use instead.")
    parser.add_argument("workload", nargs="*", help=f"any of {', '.join(WORKLOADS)}; all when none is named")
    parser.add_argument("--small", action="store_true", help="registers of 2,000 and 20,000 records only")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.workload) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}")
    ran_on = machine()
    sections: list[Section] = []
    for name in asked.workload or WORKLOADS:
        print(f"{name} …", file=sys.stderr)
        sections.append(scale.measure(scale.SIZES[:2]) if name == "scale" and asked.small else WORKLOADS[name]())
    print(markdown(write(ran_on, sections)))


if __name__ == "__main__":
    main(sys.argv[1:])
