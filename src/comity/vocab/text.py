"""Words that exist in English and Korean at once.

A sentence shown to a person is a `Text`; it cannot be made in one language only, so a missing translation is a type error and
not a surprise on a page. It is rendered as late as possible, by whoever knows the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["en", "ko"]
LANGUAGES: tuple[Lang, ...] = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages, with named places to fill.

    >>> Text("{n} records", "기록 {n}건").format(n=3).ko
    '기록 3건'
    """

    en: str
    ko: str

    def in_(self, lang: Lang) -> str:
        """The words in `lang`."""
        return self.ko if lang == "ko" else self.en

    def format(self, **values: object) -> Text:
        """Fill the named places; a `Text` among the values is filled in the matching language."""
        return Text(self.en.format(**_rendered(values, "en")), self.ko.format(**_rendered(values, "ko")))

    def __str__(self) -> str:
        return self.en


def _rendered(values: dict[str, object], lang: Lang) -> dict[str, object]:
    return {name: value.in_(lang) if isinstance(value, Text) else value for name, value in values.items()}


def same(words: str) -> Text:
    """A `Text` that reads the same in both languages: names, codes, numbers."""
    return Text(words, words)
