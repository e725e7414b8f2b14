"""A made-up GDELT 2.0 export of any length, so that speed can be measured and the store tested without the publisher's files.

The rows have the form of the published ones (61 columns, their lengths, codes that belong together, places and blanks in like shares) and
mean nothing. The same seed gives the same bytes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

POOL = 4_096
ROWS_A_PART = 50_000
FIRST_ID = 700_000_000
FIRST_DAY = date(2015, 3, 1)
STATES = ("USA US 38 -97", "KOR KS 37 127.5", "PRK KN 40 127", "CHN CH 35 105", "JPN JA 36 138", "RUS RS 60 100", "GBR UK 54 -2", "ISR IS 31.5 34.75",
          "IND IN 20 77", "SYR SY 35 38", "FRA FR 46 2", "VNM VM 16 106")  # fmt: skip
ROLES = ("", "", "", "GOV", "GOV", "MIL", "COP", "EDU", "MED", "REB")
CODES = ("010 0.0", "020 3.0", "036 4.0", "040 1.0", "042 1.9", "043 2.8", "051 3.4", "057 8.0", "071 7.4", "0841 7.0", "111 -2.0", "112 -2.0", "1121 -2.0",
         "130 -4.4", "141 -6.5", "154 -7.2", "163 -8.0", "173 -5.0", "190 -10.0", "193 -10.0", "195 -10.0")  # fmt: skip
ADDRESS = "https://www.example.org/world/2018/a-long-headline-of-a-story-about-the-meeting-of-the-ministers-and-what-came-of-it-"


def write_export(path: Path, rows: int, seed: int) -> Path:
    """Write `rows` lines of a made-up GDELT 2.0 export to `path` (some 0.48 GB a million) and return it."""
    rng = np.random.default_rng(seed)
    tails = [_tail(rng) for _ in range(POOL)]
    days = [FIRST_DAY + timedelta(days=n) for n in range(2_000)]
    heads = [f"{day:%Y%m%d}\t{day:%Y%m}\t{day:%Y}\t{day.year + day.timetuple().tm_yday / 365:.4f}" for day in days]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for start in range(0, rows, ROWS_A_PART):
            count = min(ROWS_A_PART, rows - start)
            chosen = rng.integers(0, POOL, count).tolist()
            late = rng.choice([0, 0, 0, 0, 0, 0, 0, 1, 7, 30], count).tolist()
            quarter = rng.integers(0, 96, count).tolist()
            file.write("".join(_line(start + n, rows, heads, days, tails[chosen[n]], late[n], quarter[n]) for n in range(count)))
    return path


def _line(n: int, rows: int, heads: list[str], days: list[date], tail: str, late: int, quarter: int) -> str:
    """One line: a day that moves on with the file, told `late` days later."""
    added = 40 + n * (len(days) - 41) // max(rows, 1)
    stamp = f"{days[added]:%Y%m%d}{quarter // 4:02d}{quarter % 4 * 15:02d}00"
    return f"{FIRST_ID + n}\t{heads[added - late]}\t{tail}\t{stamp}\t{ADDRESS}{n}\n"


def _tail(rng: np.random.Generator) -> str:
    """Columns 6 to 59 of one row."""
    one, two, where = (STATES[int(rng.integers(len(STATES)))].split() for _ in range(3))
    code, goldstein = CODES[int(rng.integers(len(CODES)))].split()
    root = int(code[:2])
    quad = 1 if root < 6 else 2 if root < 10 else 3 if root < 15 else 4
    mentions = int(rng.geometric(0.2))
    event = [str(int(rng.random() < 0.6)), code, code[:3], code[:2], str(quad), goldstein, str(mentions), str(1 + mentions // 8), str(mentions)]
    places = [*_place(one, rng), *_place(two, rng), *_place(where, rng)]
    return "\t".join([*_actor(one, rng), *_actor(two, rng), *event, f"{rng.normal(-2, 4):.13f}", *places])


def _actor(state: list[str], rng: np.random.Generator) -> list[str]:
    """Ten columns of one side; in two of five rows no state is named."""
    role = ROLES[int(rng.integers(len(ROLES)))]
    named = state[0] if rng.random() < 0.6 else ""
    return [named + role, f"NAME OF {named or role}" if named or role else "", named, "", "", "", "", role, "", ""]


def _place(state: list[str], rng: np.random.Generator) -> list[str]:
    """Eight columns of one place; one of twelve is unknown."""
    if rng.random() < 1 / 12:
        return ["0", "", "", "", "", "", "", ""]
    lat, lon = float(state[2]) + rng.uniform(-1, 1), float(state[3]) + rng.uniform(-1, 1)
    return [
        "4",
        f"Some Town, Some Province, {state[0].title()}",
        state[1],
        state[1] + "01",
        "12345",
        f"{lat:.4f}",
        f"{lon:.4f}",
        str(int(rng.integers(1_000_000))),
    ]
