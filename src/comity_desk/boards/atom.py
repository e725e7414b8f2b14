"""The feed of changes (Atom, RFC 4287): what was entered, changed, disputed and withdrawn, as this reader sees it.

Ids name the record, the day and what happened, so that they never change; times are the days on which the register learned of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Lang, Text
from comity_desk.boards.recent import WORDS, Change
from comity_desk.lib.addresses import record_address, records_address

ATOM = "http://www.w3.org/2005/Atom"
MOST = 200
TAG = "tag:comity,2026"
Absolute = Callable[[str], str]


def feed_of(snapshot: Snapshot, found: list[Change], lang: Lang, *, title: Text, own: str, absolute: Absolute) -> bytes:
    """The feed of these changes, the latest first; `own` is the feed's own address without its token."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": lang})
    _add(feed, "id", f"{TAG}:changes:{snapshot.home.lower()}")
    _add(feed, "title", title.in_(lang))
    _add(feed, "updated", _instant(found[0].day if found else date(1970, 1, 1)))
    _add(feed, "link", rel="self", href=absolute(own), type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=absolute("/"), type="text/html")
    _add(_add(feed, "author"), "name", "Comity")
    for change in found[:MOST]:
        _entry(feed, snapshot, change, lang, absolute)
    told: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return told


def id_of(change: Change) -> str:
    """A name that an entry keeps for ever."""
    named = change.ref or f"{change.kind}:{hashlib.sha256(repr((change.fields, change.reason)).encode()).hexdigest()[:8]}"
    return f"{TAG}:{named}:{change.day.isoformat()}:{change.what}"


def _entry(feed: ElementTree.Element, snapshot: Snapshot, change: Change, lang: Lang, absolute: Absolute) -> None:
    entry = _add(feed, "entry")
    address = record_address(change.ref) if change.ref else records_address(change.kind)
    _add(entry, "id", id_of(change))
    _add(entry, "title", headline_of(snapshot, change).in_(lang))
    _add(entry, "updated", _instant(change.day))
    _add(entry, "link", rel="alternate", href=absolute(address), type="text/html")
    _add(entry, "category", term=change.what, label=WORDS[change.what].in_(lang))
    _add(entry, "category", term=change.kind, label=kinds()[change.kind].label.in_(lang))
    told = told_of(change)
    _add(entry, "summary", told.in_(lang), type="text")


def headline_of(snapshot: Snapshot, change: Change) -> Text:
    """A change as one line: what happened to which record."""
    kind = kinds()[change.kind]
    if not change.ref:
        kinds_told = Text(kind.plural_label.en.lower(), kind.plural_label.ko)
        return Text("{n} {kind}: {what}", "{kind} {n}건: {what}").format(n=f"{change.many:,}", kind=kinds_told, what=WORDS[change.what])
    record = snapshot.record(change.ref)
    return Text("{kind}: {title} ({what})", "{kind}: {title}({what})").format(
        kind=kind.label, title=Text(record.title("en"), record.title("ko")), what=WORDS[change.what]
    )


def told_of(change: Change) -> Text:
    """What more there is to say: the fields and the reason."""
    kind = kinds()[change.kind]
    labels = [kind.field(name).label for name in change.fields if kind.has(name)]
    words = Text(", ".join(one.en for one in labels), ", ".join(one.ko for one in labels))
    if change.reason is None:
        return words if labels else WORDS[change.what]
    return Text("{fields}. {reason}", "{fields}. {reason}").format(fields=words, reason=change.reason) if labels else change.reason


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = "".join(letter for letter in text if letter >= " " or letter in "\n\t") if text is not None else None
    return made


def _instant(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat().replace("+00:00", "Z")
