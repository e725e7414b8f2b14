"""Benchmarks of Comity beside what a person would use instead: `python -m bench`, results in `bench/results.md` and `bench/results.json`.

Each workload runs in processes of its own, so that nothing is warm that a user would find cold. Wall time is what a user waits; CPU time
is beside it because wall time depends on what else the machine does. Nothing here asserts a speed: `tests/test_bench.py` holds the
workloads' answers, the targets are printed beside what was measured.
"""
