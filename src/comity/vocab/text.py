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


PARTICLES = {"와": "과", "가": "이", "는": "은", "를": "을", "로": "으로"}
ENDS_WITH_CONSONANT = "013678LMNRlmnr"


def particle(word: str, after_vowel: str) -> str:
    """A word with the Korean particle that fits its last sound: `particle("일본", "와")` is `일본과`.

    >>> particle("페루", "와"), particle("미국", "가"), particle("65", "가"), particle("러시아(RUS)", "는")
    ('페루와', '미국이', '65가', '러시아(RUS)는')
    """
    last = next((letter for letter in reversed(word.split("(")[0].strip() or word) if letter.isalnum()), "")
    jamo = (ord(last) - 0xAC00) % 28 if "가" <= last <= "힣" else int(last in ENDS_WITH_CONSONANT)
    closed = jamo > 0 and not (after_vowel == "로" and jamo == 8)
    return word + (PARTICLES[after_vowel] if closed else after_vowel)
