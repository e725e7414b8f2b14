"""Which column of a file is which field? Guessed from the header, said by the person, and read into proposals.

A column may be headed by a field's name, by its label in either language, or by the template's `Label [name]`. Whatever the mapping leaves out
is not brought in, and is listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.datastructures import MultiValueDict

from comity.register.editing_sources import SOURCE_CELLS
from comity.register.search import fold
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind
from comity.vocab.text import Text
from comity_desk.records.proposals.cells import read_cell
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.forms import CODE, basis_fields, source_fields
from comity_desk.records.proposals.models import ADD

UNMAPPED = ("entered_at", "marking")
SOURCING = frozenset({"source", *SOURCE_CELLS})  # a row that says one of these says its source by itself


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can fill: of the record, or of what its values rest on."""

    field: Field
    basis: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.field.name


def targets(kind: Kind) -> dict[str, Target]:
    """What columns can be mapped to, by name, in the order of the file."""
    described = [replace(one, label=_OF_SOURCE.format(field=one.label)) for one in source_fields(kind)]
    basis = {one.name: Target(one, True) for one in (*basis_fields(kind), *described)}
    own = {one.name: Target(one, False) for one in kind.fields if one.name not in UNMAPPED and one.name not in basis}
    return ({CODE.name: Target(CODE, False)} if kind.id_style == "actor" else {}) | own | basis


def guessed(header: Sequence[str], kind: Kind) -> dict[str, str]:
    """Place of the column → field, for the columns whose header says it; the first of two that say the same."""
    by_name = _by_name(kind)
    found: dict[str, str] = {}
    for at, said in enumerate(header):
        name = _named(said, by_name)
        if name and name not in found.values():
            found[str(at)] = name
    return found


def contents(
    kind: Kind, rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[str, str], basis: Mapping[str, str], marking: str, seen: Snapshot
) -> list[Content]:
    """One proposal for each row; what a row says of its basis comes before what was said for all of them."""
    wanted = {int(at): targets(kind)[name] for at, name in mapping.items() if name in targets(kind)}
    made = []
    for _, cells in rows:
        read = [(target, read_cell(target.field, [cells[at]], seen)) for at, target in wanted.items() if at < len(cells)]
        own: dict[str, str | None] = {target.name: value for target, value in read if not target.basis and value is not None}
        said = {target.name: value for target, value in read if target.basis and value is not None}
        given = {name: value for name, value in basis.items() if name not in SOURCING or not SOURCING & set(said)}
        made.append(Content(ADD, kind.name, marking, cells=own, basis=given | said))
    return made


def read_basis(kind: Kind, typed: MultiValueDict[str, str], seen: Snapshot) -> dict[str, str]:
    """What is said for all rows of what they rest on."""
    from comity_desk.records.proposals.forms import typed_basis

    return typed_basis(kind, typed, seen)


def _by_name(kind: Kind) -> dict[str, str]:
    """Folded names and labels → field; a label that several have is none."""
    names = {fold(name): name for name in targets(kind)}
    labels: dict[str, set[str]] = {}
    for name, target in targets(kind).items():
        for text in (target.field.label.en, target.field.label.ko):
            labels.setdefault(fold(text), set()).add(name)
    return {said: next(iter(fields)) for said, fields in labels.items() if len(fields) == 1} | names


def _named(said: str, by_name: Mapping[str, str]) -> str | None:
    if said.endswith("]") and "[" in said:
        return by_name.get(fold(said.rpartition("[")[2].rstrip("]")))
    return by_name.get(fold(said))


_OF_SOURCE = Text("Source: {field}", "출처 {field}")
