"""Everything that can go wrong, named by its condition.

    ComityError
    ├── UnknownKind          a word that is no record kind
    ├── UnknownField         a field that the kind does not have
    ├── UnknownCode          a value outside its controlled list
    ├── UnknownActor         a code that no actor carries (on that day)
    ├── UnknownRecord        an id that the reader's snapshot does not hold
    ├── UnknownReader        a class of readers that is not known
    ├── AmbiguousRecord      an id that records of several kinds share
    ├── NotADate             text that is no partial date
    ├── NoPackage            a path or name where there is no data package
    ├── PackageFaults        a package with faults; carries the whole table of them
    │   └── ScenarioFaults   a scenario with faults; the same
    ├── NoScenario           a path or name where there is no scenario
    ├── NotReproduced        a replication whose numbers differ
    ├── NotAPointPattern     times, dimensions or a window that are no point pattern
    ├── OutOfRange           a parameter outside the range of its model
    ├── Runaway              a simulated process that outgrows its limit
    ├── NoStore              a folder that is no event store
    ├── StoreLocked          another load is writing to the event store
    ├── LedgerDamaged        the list of what an event store holds cannot be read
    ├── StoreNotWritable     an event store that can only be read
    ├── DiskFull             no room left for what is being written
    ├── LinesLost            a reader whose rows do not add up to the lines of its file
    ├── FileChanged          a file that changed while it was read
    ├── QueryRefused         a question to the store that is not one reading statement
    ├── QueryFailed          a question that the engine could not answer
    ├── WrongPanel           a panel whose definition contradicts itself
    ├── EngineMissing        an engine that is not installed or not known
    ├── PublisherUnreachable the publisher's list or files cannot be had
    ├── DeskUnreachable      a desk that cannot be reached, or whose answer broke off
    ├── DeskRefused          what a desk refused; carries its problem details
    │   └── NotSignedIn      a token that opens nothing (any more)
    ├── SnapshotDiffers      a downloaded snapshot that is not the one that the desk names
    ├── UnsafeAddress        an address of a desk to which no token may be sent
    ├── UnknownForm          a file whose form no reader knows
    ├── DamagedFile          a file of an outside source that cannot be read as a whole
    └── LayoutWarned         the typesetter warned of a typeface or a layout; no page is made

Errors carry what they are about and render late, in English or Korean. They never name a record that the reader may not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from comity.vocab.text import Lang, Text

Severity = Literal["error", "warning"]


class ComityError(Exception):
    """Any condition that Comity reports to a person."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def in_(self, lang: Lang) -> str:
        """The message in `lang`."""
        return self.text.in_(lang)


class UnknownKind(ComityError):
    """A word that is no record kind."""


class UnknownField(ComityError):
    """A field that the kind does not have."""


class UnknownCode(ComityError):
    """A value outside its controlled list."""


class UnknownActor(ComityError):
    """A code that no actor carries, or none on that day."""


class UnknownRecord(ComityError):
    """An id that the reader's snapshot does not hold."""


class UnknownReader(ComityError):
    """A class of readers that is not known."""


class AmbiguousRecord(ComityError):
    """An id that records of several kinds share; say `kind:id`."""


class NotADate(ComityError):
    """Text that is no partial date."""


class NoPackage(ComityError):
    """A path or name where there is no data package."""


class NoScenario(ComityError):
    """A path or name where there is no scenario."""


class NotReproduced(ComityError):
    """A replication whose numbers differ from the bundle's."""


class UnknownForm(ComityError):
    """A file whose form no reader of an outside source knows."""


class DamagedFile(ComityError):
    """A file of an outside source that cannot be read as a whole; `.file` names it, `.reason` is the code of the reason."""

    def __init__(self, text: Text, file: str, reason: str) -> None:
        super().__init__(text)
        self.file = file
        self.reason = reason


class NoStore(ComityError):
    """A folder that is no event store."""


class StoreLocked(ComityError):
    """Another load is writing to the event store."""


class LedgerDamaged(ComityError):
    """The list of what an event store holds cannot be read."""


class StoreNotWritable(ComityError):
    """An event store that can only be read."""


class DiskFull(ComityError):
    """No room left for what is being written."""


class LinesLost(ComityError):
    """A reader whose rows do not add up to the lines of its file."""


class FileChanged(ComityError):
    """A file that changed while it was read."""


class QueryRefused(ComityError):
    """A question to the store that is not one reading statement."""


class QueryFailed(ComityError):
    """A question that the engine could not answer."""


class WrongPanel(ComityError):
    """A panel whose definition contradicts itself."""


class EngineMissing(ComityError):
    """An engine that is not installed or not known."""


class PublisherUnreachable(ComityError):
    """The publisher's list or files cannot be had."""


class DeskUnreachable(ComityError):
    """A desk that cannot be reached, or whose answer broke off."""


class DeskRefused(ComityError):
    """What a desk refused; `.problem` holds its problem details (RFC 9457), `.status` the status of its answer."""

    def __init__(self, text: Text, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(text)
        self.status = status
        self.problem = dict(problem)


class NotSignedIn(DeskRefused):
    """A token that opens nothing: unknown, expired or withdrawn."""


class SnapshotDiffers(ComityError):
    """A downloaded snapshot that is not the one that the desk names."""


class UnsafeAddress(ComityError):
    """An address of a desk to which no token may be sent."""


class NotAPointPattern(ComityError):
    """Times, dimensions or a window that are no point pattern."""


class OutOfRange(ComityError):
    """A parameter outside the range of its model."""


class Runaway(ComityError):
    """A simulated process that outgrows its limit."""


class LayoutWarned(ComityError):
    """The typesetter warned of a typeface or a layout; no page is made."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a package: where it is, what it is and how to mend it."""

    file: str
    row: int | None
    field: str | None
    code: str
    what: Text
    mend: Text
    severity: Severity = "error"
    record: str | None = None

    def sort_key(self) -> tuple[str, str, int, str, str, str]:
        """Errors before warnings, then by place."""
        return (self.severity, self.file, self.row or 0, self.field or "", self.code, self.what.en)


class PackageFaults(ComityError):
    """A package that was not loaded because of its faults; `.faults` is the whole table."""

    def __init__(self, faults: Sequence[Fault], path: str) -> None:
        self.faults = sorted(faults, key=Fault.sort_key)
        first = self.faults[0]
        place = f"{first.file}:{first.row or ''} {first.field or ''}".strip()
        more = Text("{n} faults in {path}; the first, {place}: {what} {mend}", "{path}에 결함 {n}건. 첫 번째({place}): {what} {mend}")
        super().__init__(more.format(n=len(self.faults), path=path, place=place, what=first.what, mend=first.mend))


class ScenarioFaults(PackageFaults):
    """A scenario that was not run because of its faults; `.faults` is the whole table."""
