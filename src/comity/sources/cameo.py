"""The event codes of CAMEO: which exist, their PLOVER root and their quad class, by rules of our own.

CAMEO (Schrodt 2012, codebook 1.1b3) codes what one actor did to another in two to four digits; the first two are the root. PLOVER
(Halterman et al. 2023) has sixteen types for acts and none for mere statements and appeals (roots 01, 02): those stay null. A code is
text: 010 (a statement) and 10 (a demand) are different things, and a code that lost its leading zero is told by `lost_zero`.
"""

from __future__ import annotations

from functools import cache

PLOVER_ROOTS = (
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE",
    "COERCE", "ASSAULT",
)  # fmt: skip
BY_PREFIX = {
    "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID", "08": "CONCEDE", "09": "ACCUSE", "10": "REQUEST", "11": "ACCUSE",
    "12": "REJECT", "13": "THREATEN", "14": "PROTEST", "15": "MOBILIZE", "16": "SANCTION", "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT", "20": "ASSAULT",
    # What is given back or laid down leaves a position; curfews and emergencies lifted are withdrawals too.
    "0813": "RETREAT", "0814": "RETREAT", "084": "RETREAT", "085": "RETREAT", "086": "RETREAT", "087": "RETREAT",
    # Embargoes, blockades and occupation force without a blow; destruction and violent repression are blows.
    "163": "COERCE", "191": "COERCE", "192": "COERCE", "1712": "ASSAULT", "175": "ASSAULT",
}  # fmt: skip
# Digits that may follow a root; "1:1-4" says that x1 has the finer codes x11 to x14.
FINER = {
    "01": "0-9", "02": "0-8 1:1-4 3:1-4 4:1-4 5:1-6", "03": "0-9 1:1-4 3:1-4 4:1-4 5:1-6", "04": "0-6", "05": "0-7", "06": "0-4", "07": "0-5",
    "08": "0-7 1:1-4 3:1-4 4:1-2 6:1-3 7:1-4", "09": "0-4", "10": "0-8 1:1-4 3:1-4 4:1-4 5:1-6", "11": "0-6 2:1-5",
    "12": "0-9 1:1-4 2:1-4 3:1-4 4:1-6", "13": "0-9 1:1-3 2:1-4 8:1-5", "14": "0-5 1:1-4 2:1-4 3:1-4 4:1-4 5:1-4", "15": "0-5", "16": "0-6 2:1-3 6:1-3",
    "17": "0-6 1:1-2 2:1-4", "18": "0-6 2:1-3 3:1-4 8:3-3", "19": "0-6 5:1-2", "20": "0-4 4:1-2",
}  # fmt: skip
NO_EVENT = frozenset({"---", "--", "X"})  # CAMEO's mark of a verb that makes no event, and one that no codebook explains


@cache
def codes() -> frozenset[str]:
    """Every CAMEO code: 20 roots and what hangs below them, as text.

    >>> "0841" in codes(), "010" in codes(), "841" in codes()
    (True, True, False)
    """
    found = set(FINER)
    for root, parts in FINER.items():
        bases, *fine = parts.split()
        found.update(f"{root}{digit}" for digit in _span(bases))
        found.update(f"{root}{part[0]}{digit}" for part in fine for digit in _span(part[2:]))
    return frozenset(found)


def plover_root(code: str) -> str | None:
    """The PLOVER type of a CAMEO code: the rule of its longest known beginning; null for statements, appeals and what is no code.

    >>> plover_root("0841"), plover_root("163"), plover_root("020")
    ('RETREAT', 'COERCE', None)
    """
    if code not in codes():
        return None
    return next((BY_PREFIX[code[:length]] for length in (4, 3, 2) if code[:length] in BY_PREFIX), None)


def quad_class(code: str) -> int | None:
    """The quad class of a CAMEO code as GDELT gives it: 1 to 4; roots 01-05, 06-09, 10-14, 15-20.

    >>> quad_class("051"), quad_class("141"), quad_class("190"), quad_class("99")
    (1, 3, 4, None)
    """
    if code not in codes():
        return None
    root = int(code[:2])
    return 1 + sum(root > last for last in (5, 9, 14))


def lost_zero(code: str) -> bool:
    """Whether a code of at least base level reads like one whose leading zero was lost, as spreadsheets do.

    A bare root (10 … 20) is taken for one, since files of events carry base codes: 10 is what is left of 010.

    >>> lost_zero("42"), lost_zero("841"), lost_zero("10"), lost_zero("042"), lost_zero("112")
    (True, True, True, False, False)
    """
    return code.isdecimal() and f"0{code}" in codes() and (len(code) <= 2 or code not in codes())


def _span(words: str) -> list[int]:
    first, last = words.split("-")
    return list(range(int(first), int(last) + 1))
