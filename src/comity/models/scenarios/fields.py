"""Fields of a YAML mapping read one by one, each fault kept with its line: a word, a whole number, a flag, a day, a list.

A field that cannot be read gives None and one fault; whoever reads goes on, so that all faults of a file are told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from comity.models.scenarios import words as say
from comity.models.scenarios.scenario import Day, _is_date
from comity.vocab.errors import Fault
from comity.vocab.text import Text

DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
WHOLE = re.compile(r"[-+]?\d{1,9}")
FLAGS = {"true": True, "yes": True, "false": False, "no": False}
WORDS_LIMIT = 300


@dataclass
class Form:
    """The file being read and the faults found in it."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int | None, place: str | None, code: str, what: Text, mend: Text) -> None:
        """Keep one fault."""
        self.faults.append(Fault(self.file, line, place, code, what, mend))

    def mapping(self, node: yaml.Node | None, place: str | None, known: tuple[str, ...]) -> Fields:
        """The fields of a mapping; anything else is a fault and has no fields."""
        line = None if node is None else node.start_mark.line + 1
        found = Fields(self, place, line, known)
        if not isinstance(node, yaml.MappingNode):
            self.fault(line, place, "no-mapping", say.NO_MAPPING, say.FIELDS.format(fields=", ".join(known)))
            found.sound = False
            return found
        for key, value in node.value:
            name, at = str(key.value) if isinstance(key, yaml.ScalarNode) else "?", key.start_mark.line + 1
            inner = f"{place}.{name}" if place else name
            if name not in known:
                near = get_close_matches(name, known, 1)
                mend = say.MEANT.format(name=near[0]) if near else say.FIELDS.format(fields=", ".join(known))
                self.fault(at, inner, "unknown-field", say.UNKNOWN_FIELD, mend)
                found.sound = False
            elif name in found.nodes:
                self.fault(at, inner, "field-twice", say.TWICE, say.KEEP_ONE)
            else:
                found.nodes[name] = value
        return found


@dataclass
class Fields:
    """The known fields of one mapping. `sound` is false where some were unknown, so that no further fault is made of what is missing."""

    form: Form
    at: str | None
    line: int | None
    known: tuple[str, ...]
    nodes: dict[str, yaml.Node] = field(default_factory=dict)
    sound: bool = True

    @property
    def place(self) -> dict[str, Any]:
        """Line and field, for a change."""
        return {"line": self.line, "field": self.at or "changes"}

    def has(self, name: str) -> bool:
        """Whether the field is written."""
        return name in self.nodes

    def is_word(self, name: str) -> bool:
        """Whether the field holds a plain word."""
        return isinstance(self.nodes.get(name), yaml.ScalarNode)

    def inner(self, name: str, known: tuple[str, ...]) -> Fields:
        """The fields of a mapping below."""
        return self.form.mapping(self.nodes.get(name), self._inner(name), known)

    def empty(self, name: str) -> Fields:
        """No fields, at the place of one that holds a plain word."""
        return Fields(self.form, self._inner(name), self.nodes[name].start_mark.line + 1, (), sound=False)

    def missing(self, name: str, mend: Text) -> None:
        """A field that is needed is not there."""
        self.form.fault(self.line, self._inner(name), "missing", say.MISSING, mend)

    def wrong_count(self, one: str, other: str) -> None:
        """Both of two fields, or neither, where one is needed."""
        what = say.BOTH if self.has(one) else say.NEITHER
        self.form.fault(self.line, self.at, "one-of-two", what.format(one=one, other=other), say.GIVE_ONE.format(one=one, other=other))

    def words(self, name: str) -> str | None:
        """A field of words."""
        text = self._text(name)
        if text is None:
            return None
        if not text.strip() or len(text) > WORDS_LIMIT:
            self._wrong(name, "no-words", say.NO_WORDS, say.WRITE_WORDS)
            return None
        return text.strip()

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A field of a whole number between two bounds."""
        text = self._text(name)
        if text is None:
            return None
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            self._wrong(name, "no-number", say.NO_NUMBER.format(value=repr(text)), say.BETWEEN.format(low=low, high=high))
            return None
        return int(text)

    def flag(self, name: str, *, required: bool = False) -> bool | None:
        """A field of true or false."""
        text = self._text(name, required=required, mend=say.TRUE_OR_FALSE)
        if text is None:
            return None
        if text.lower() not in FLAGS:
            self._wrong(name, "no-flag", say.NO_FLAG.format(value=repr(text)), say.TRUE_OR_FALSE)
            return None
        return FLAGS[text.lower()]

    def one_of(self, name: str, values: tuple[str, ...]) -> str | None:
        """A field of one word out of a list."""
        mend = say.ONE_OF.format(values=", ".join(values))
        text = self._text(name, required=True, mend=mend)
        if text is None or text in values:
            return text
        self._wrong(name, "unknown-value", say.UNKNOWN_VALUE.format(value=repr(text)), mend)
        return None

    def day(self, name: str, *, required: bool = False) -> Day | None:
        """A field of a day: a date, or a day of the year."""
        text = self._text(name, required=required, mend=say.WRITE_DAY)
        return None if text is None else self._day(text, self.nodes[name], self._inner(name))

    def listed_days(self, name: str) -> tuple[Day, ...]:
        """A field of a list of days."""
        nodes = self.sequence(name, 366)
        found = []
        for at, node in enumerate(nodes or ()):
            place = f"{self._inner(name)}[{at + 1}]"
            if not isinstance(node, yaml.ScalarNode):
                self.form.fault(node.start_mark.line + 1, place, "no-day", say.NO_DAY.format(value="…"), say.WRITE_DAY)
            elif day := self._day(node.value, node, place):
                found.append(day)
        return tuple(found)

    def sequence(self, name: str, most: int) -> list[yaml.Node] | None:
        """The nodes of a list; None where there is none."""
        node = self.nodes.get(name)
        if node is None:
            return None
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(name, "no-list", say.NO_LIST, say.WRITE_LIST)
            return None
        if len(node.value) > most:
            self._wrong(name, "too-many", say.TOO_MANY.format(n=len(node.value)), say.AT_MOST.format(n=most))
            return None
        nodes: list[yaml.Node] = node.value
        return nodes

    def _day(self, text: str, node: yaml.Node, place: str) -> Day | None:
        found = DATE.fullmatch(text.strip())
        year, month, day = (int(part) if part else None for part in found.groups()) if found else (None, 0, 0)
        if not _is_date(2000 if year is None else year, month or 0, day or 0):
            self.form.fault(node.start_mark.line + 1, place, "no-day", say.NO_DAY.format(value=repr(text[:40])), say.WRITE_DAY)
            return None
        return Day.on(date(year, month or 0, day or 0)) if year else Day(month or 0, day or 0)

    def _text(self, name: str, *, required: bool = False, mend: Text = say.WRITE_WORDS) -> str | None:
        node = self.nodes.get(name)
        if node is None:
            if required and self.sound:
                self.missing(name, mend)
            return None
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(name, "no-value", say.NO_VALUE, mend)
            return None
        return str(node.value)

    def _wrong(self, name: str, code: str, what: Text, mend: Text) -> None:
        self.form.fault(self.nodes[name].start_mark.line + 1, self._inner(name), code, what, mend)

    def _inner(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name
