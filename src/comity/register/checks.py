"""Everything that can be wrong with what a package says, found at once.

`faults_of` runs every check over every table and returns one list: cells that are not of their type, links and actors that do not exist,
logic that cannot be (ended before it began, a party before its founding, two statuses at once), claims that contradict their cell.
A fault names file, row and field, says what is wrong and how to mend it. Errors keep a package from loading, warnings do not.
"""

from __future__ import annotations

from comity.register.checks_claims import claim_faults
from comity.register.checks_logic import logic_faults
from comity.register.checks_readers import between_readers
from comity.register.checks_values import value_faults
from comity.register.package import Package
from comity.register.seal import seal_faults
from comity.register.tables import CheckedTables
from comity.vocab.errors import Fault


def faults_of(package: Package) -> list[Fault]:
    """All faults in the content of a package, in the order of files and rows."""
    tables = CheckedTables(package.tables)
    logic = between_readers(logic_faults(tables, package.settings), package.tables, package.settings)
    faults = [*value_faults(tables), *logic, *claim_faults(tables), *seal_faults(package)]
    return sorted(faults, key=Fault.sort_key)
