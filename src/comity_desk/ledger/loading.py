"""How does a data package come into an empty ledger, and how does the ledger become a package again? Both lose nothing.

Loading writes one claim for every cell and every row of claims; exporting writes what stands, for a reader who may see everything, and
reading that package again gives the same snapshot hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from comity.register.exporting import export_package
from comity.register.readers import EVERYTHING
from comity.register.register import Register, load
from comity.vocab.schema import write_datapackage
from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.append import append
from comity_desk.ledger.difference import first_drafts
from comity_desk.ledger.models import Package
from comity_desk.ledger.register import current
from comity_desk.lib import clock
from comity_desk.lib.errors import Refused


@dataclass(kw_only=True)
class LoadPackage(Action[int]):
    """Write a register into an empty ledger; gives the number of entries."""

    permission: ClassVar[str] = "desk.manage"
    audit_event: ClassVar[str] = "package-loaded"

    register: Register

    @property
    def target(self) -> str:
        """The package's name."""
        return str(self.register.settings.get("name"))

    def check(self) -> None:
        """Refuse where the ledger holds something."""
        if current().number:
            raise Refused(_NOT_EMPTY)

    def perform(self, event: Event) -> int:
        """Write every claim."""
        settings = {name: value for name, value in self.register.settings.items() if name != "extends"}
        Package.objects.create(name=self.target, settings=_plain(settings), loaded_at=clock.now())
        drafts, _ = first_drafts(self.register.tables)
        return append(event, drafts)


def load_package(where: str | Path) -> int:
    """Load a shipped package or a folder into an empty ledger; faults raise `PackageFaults` with all of them."""
    return LoadPackage(actor=None, register=load(where)).run()


def export_ledger(out: Path) -> list[Path]:
    """Write what the ledger holds as a data package that stands alone; for the record's keepers, who see everything."""
    written = export_package(current().register.snapshot(EVERYTHING), out)
    return [*written, write_datapackage(out)]


def _plain(value: object) -> object:
    """Settings as JSON can hold them: days as text."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


_NOT_EMPTY = Text(
    "The ledger holds a register already. A package is loaded once; later changes are proposals, or an import.",
    "원장에 이미 등록부가 있습니다. 패키지는 한 번만 적재하며, 이후 변경은 제안이나 가져오기로 합니다.",
)
