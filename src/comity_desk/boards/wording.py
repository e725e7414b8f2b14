"""Names of actors as pages write them: one, several cut short, and a list to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.text import Text
from comity_desk.boards.partner_index import partner_index
from comity_desk.lib.language import lang

Choice = tuple[str, str]


def name_of(snapshot: Snapshot, code: str) -> Text:
    """An actor's short name."""
    return Text(actor_name(snapshot, code, "en"), actor_name(snapshot, code, "ko"))


def names_of(snapshot: Snapshot, codes: Iterable[str], *, most: int = 6) -> Text:
    """Short names, cut short with their number when they are many."""
    listed = list(codes)
    rest = len(listed) - most
    names = [name_of(snapshot, code) for code in listed[:most]]
    en, ko = ", ".join(one.en for one in names), ", ".join(one.ko for one in names)
    return Text(f"{en} and {rest} more", f"{ko} 외 {rest}") if rest > 0 else Text(en, ko)


def partners_named(snapshot: Snapshot) -> list[Choice]:
    """Partners with dated records, by name in the reader's language: code and name."""
    language = lang()

    def made() -> list[Choice]:
        return sorted(
            ((code, actor_name(snapshot, code, language)) for code in partner_index(snapshot).partners if code in snapshot.actor_names),
            key=lambda pair: (pair[1], pair[0]),
        )

    return snapshot.remembered(("partners named", language), made)
