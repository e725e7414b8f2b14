"""Reading a scenario's YAML: every fault with its line, its field, what is wrong and how to mend it, all at once.

The YAML is taken as a tree of nodes, so that each fault knows its line; nothing in the file can make an object or repeat itself endlessly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from comity.models.scenarios.fields import Fields, Form
from comity.models.scenarios.scenario import HORIZON, AddExercise, AddTalks, Cancel, Change, Day, Move, Remove, Scale, Scenario, Which
from comity.models.scenarios.words import NO_CHANGES, NOT_YAML, ONE_CHANGE, SEE_EXAMPLE, TITLE, UNTITLED, WRITE_CHANGES
from comity.vocab.text import Text

TOP = ("title", "horizon_days", "changes")
LONGEST = 3653
MOST_CHANGES = 200
FARTHEST = 366
WHICH = ("exercise", "series", "from", "to")
REMOVED = ("exercises", "main_exercises", "other_drills", "talks")


def parsed(data: bytes, file: str) -> Scenario:
    """The scenario of a YAML file's bytes; what cannot be read is left out and stands in `faults`."""
    form = Form(file)
    try:
        node = yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        form.fault(mark.line + 1 if mark else None, None, "not-yaml", NOT_YAML.format(error=" ".join(str(error).split())[:200]), SEE_EXAMPLE)
        return Scenario(UNTITLED, file=file, faults=tuple(form.faults))
    top = form.mapping(node, None, TOP)
    title = _title(top)
    horizon = top.whole("horizon_days", 1, LONGEST)
    changes = _changes(form, top)
    return Scenario(title, changes, HORIZON if horizon is None else horizon, file, tuple(form.faults))


def _title(top: Fields) -> Text:
    if not top.has("title"):
        top.missing("title", TITLE)
        return UNTITLED
    words = top.inner("title", ("en", "ko"))
    told = [words.words(lang) for lang in ("en", "ko")]
    for lang, one in zip(("en", "ko"), told, strict=True):
        if one is None and not words.has(lang):
            words.missing(lang, TITLE)
    return Text(told[0] or UNTITLED.en, told[1] or UNTITLED.ko)


def _changes(form: Form, top: Fields) -> tuple[Change, ...]:
    nodes = top.sequence("changes", MOST_CHANGES)
    if nodes is None:
        if not top.has("changes"):
            top.missing("changes", WRITE_CHANGES)
        return ()
    found = []
    for at, node in enumerate(nodes):
        place = f"changes[{at + 1}]"
        named = form.mapping(node, place, tuple(READERS))
        if len(named.nodes) != 1:
            if named.sound:
                form.fault(named.line, place, "one-change", NO_CHANGES if not named.nodes else ONE_CHANGE, WRITE_CHANGES)
            continue
        kind = next(iter(named.nodes))
        change = READERS[kind](named, kind)
        if change is not None:
            found.append(change)
    return tuple(found)


def _which(named: Fields, kind: str, more: tuple[str, ...] = ()) -> tuple[Which | None, Fields]:
    """Which exercises a change means; a plain word is the reference of one."""
    if named.is_word(kind):
        return Which(named.words(kind)), named.empty(kind)
    inner = named.inner(kind, (*WHICH[:2], *(name for name in WHICH[2:] if name not in more), *more))
    exercise, series = inner.words("exercise"), inner.words("series")
    if inner.sound and inner.has("exercise") == inner.has("series"):
        inner.wrong_count("exercise", "series")
        return None, inner
    if exercise is None and series is None:
        return None, inner
    first, last = (inner.day(name) if name not in more else None for name in WHICH[2:])
    return Which(exercise, series, first, last), inner


def _cancel(named: Fields, kind: str) -> Change | None:
    which, inner = _which(named, kind)
    return Cancel(which, **inner.place) if which else None


def _move(named: Fields, kind: str) -> Change | None:
    which, inner = _which(named, kind, ("by_days", "to"))
    by, to = inner.whole("by_days", -FARTHEST, FARTHEST), inner.day("to")
    if inner.sound and inner.has("by_days") == inner.has("to"):
        inner.wrong_count("by_days", "to")
        return None
    return Move(which, by, to, **inner.place) if which and (by is not None or to) else None


def _scale(named: Fields, kind: str) -> Change | None:
    which, inner = _which(named, kind, ("main",))
    main = inner.flag("main", required=True)
    return Scale(which, main, **inner.place) if which and main is not None else None


def _add_exercise(named: Fields, kind: str) -> Change | None:
    inner = named.inner(kind, ("start", "end", "main"))
    start, end, main = inner.day("start", required=True), inner.day("end", required=True), inner.flag("main")
    return AddExercise(start, end, main is not False, **inner.place) if start and end else None


def _talks(named: Fields, kind: str) -> Change | None:
    inner = named.inner(kind, ("date", "days", "summit") if kind == "add_talks" else ("date", "days"))
    summit = inner.flag("summit") if kind == "add_talks" else True
    if inner.sound and inner.has("date") == inner.has("days"):
        inner.wrong_count("date", "days")
        return None
    day = inner.day("date")
    days: tuple[Day, ...] = (day,) if day else inner.listed_days("days")
    return AddTalks(days, bool(summit), **inner.place) if days else None


def _remove(named: Fields, kind: str) -> Change | None:
    inner = named.inner(kind, ("what", "from", "to"))
    what = inner.one_of("what", REMOVED)
    first, last = inner.day("from", required=True), inner.day("to", required=True)
    return Remove(what, first, last, **inner.place) if what and first and last else None  # type: ignore[arg-type]  # one of REMOVED


READERS: dict[str, Callable[[Fields, str], Any]] = {
    "cancel": _cancel, "move": _move, "scale": _scale, "add_exercise": _add_exercise, "add_talks": _talks, "add_summit": _talks, "remove": _remove,
}  # fmt: skip
