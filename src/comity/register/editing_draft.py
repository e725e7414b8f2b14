"""What does an edit of a record write, and what will its editor read?

A value that every reader of the row may see goes into the row; one under a narrower marking becomes a claim adopted within it, and the row
stays as it is. What the editor may not see keeps standing for those who may. The editor's side of the draft is what the checks look at: it
is made from what they see and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.register.editing_claims import UNJUDGED, Row, competing_on, judged, over, reasons, replacing, rest_of, within
from comity.register.editing_record import Editor, Held, refs_of
from comity.register.editing_sources import Basis, addresses, other_address, source_named
from comity.register.readers import covers, narrowness
from comity.register.resolve import LINKING, WHOLE, WITHIN
from comity.vocab.errors import Fault
from comity.vocab.kinds import kinds
from comity.vocab.text import Text


@dataclass
class Draft:
    """One edit in the making: rows as they shall stand (`row`, `claims`, `sources`) and as the editor will read them (`shown`, `read`)."""

    editor: Editor
    held: Held
    basis: Basis
    why: Text
    row_marking: str | None = None  # of the row as it shall stand
    source: str | None = None
    row: Row = field(default_factory=dict)
    shown: Row = field(default_factory=dict)
    claims: dict[str, Row] = field(default_factory=dict)
    read: dict[str, Row] = field(default_factory=dict)
    fresh: dict[str, str] = field(default_factory=dict)  # ids of the claims that bring what was typed → field
    sources: dict[str, Row] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        held = self.held
        self.row_marking = held.marking
        self.row, self.shown = dict(held.row), dict(held.shown)
        self.read = {str(claim["id"]): claim for claim in held.read}

    @property
    def errors(self) -> list[Fault]:
        """The faults noted that keep the edit from being made."""
        return [fault for fault in self.faults if fault.severity == "error"]

    # ---- on what new values rest

    def marking_for(self, name: str) -> str | None:
        """Who may see a new value of this cell: as said, else as the narrower claim that stands for the editor, else as the row."""
        if name == "marking":
            return self.row_marking  # the row's own marking is no secret to those who read the row
        standing = self.held.standing(name)
        return self.basis.marking or (standing["marking"] if standing and standing["status"] == WITHIN else self.row_marking)

    def goes_into_row(self, marking: str | None) -> bool:
        """Whether everybody who may see the row may see what carries the marking; one that the editor does not see is a fault and decides nothing."""
        return marking not in self.editor.visible or covers(self.editor.register.tables["marking"], marking, self.row_marking)

    def rest_on_source(self, names: list[str]) -> None:
        """Find or make the source of new values of these cells; one made now carries the narrowest of their markings."""
        ranks = narrowness(self.editor.register.tables["marking"])
        marking = max((self.marking_for(name) for name in names), key=lambda one: ranks.get(str(one), 0))
        cells = self.basis.source_cells | {"marking": marking}
        known = addresses(self.editor.seen.table("source"), cells)
        self.source, wrong = source_named(cells, known, self.sources, self.editor.today, lambda made: str(self.editor.new_id(kinds()["source"], made)))
        self.faults += other_address(self.held.kind.file, None, wrong)

    def stood(self, name: str) -> Row:
        """What the row says by itself in a cell, as a claim."""
        address: Row = {"record_kind": self.held.kind.name, "record": self.held.id, "field": name}
        rest = rest_of(self.held.kind, self.held.base_row, self.editor.today)
        return {**address, "value": self.held.base(name) if name != WHOLE else None, **rest, "source": rest["source"] or self.source}

    def stands(self, name: str, value: str | None) -> Row:
        """A new value of a cell, as a claim."""
        stood, basis = self.stood(name), self.basis
        place = basis.locator if self.source or basis.locator else stood["locator"]
        return stood | {
            "value": value,
            "source": self.source or stood["source"],
            "locator": place,
            "confidence": basis.confidence or stood["confidence"],
            "marking": self.marking_for(name),
            "entered_at": self.editor.today.isoformat(),
            "entered_by": basis.entered_by,
        }

    def name(self, name: str) -> str:
        """An id for a new claim on a cell."""
        return self.editor.new_claim_id(self.held.kind.name, self.held.id, name)

    # ---- what is written

    def write(self, claim: Row) -> None:
        """Write a claim that the editor may see."""
        self.claims[str(claim["id"])] = claim
        read = self.editor.claim_as_read(claim)
        self.read[str(claim["id"])] = read | {"status": "adopted"} if claim["status"] == WITHIN else read

    def bring(self, claim: Row, typed: str | None) -> None:
        """Write the claim that brings what was typed: the checks look at what was typed, not at what is left of it."""
        self.write(claim)
        one = str(claim["id"])
        self.fresh[one] = str(claim["field"])
        self.read[one] |= {"value": typed, **({"source": self.source} if claim["source"] == self.source else {})}

    def keep_hidden(self, name: str) -> None:
        """What the editor may not see goes on standing for those who may, beside the row."""
        for claim in self.held.hidden_on(name):
            self.claims[str(claim["id"])] = claim | {"status": WITHIN}

    def refuse(self, name: str | None, code: str, what: Text, mend: Text) -> None:
        """Note what keeps the edit from being made."""
        self.faults.append(Fault(self.held.kind.file, None, name, code, what, mend, record=self.held.id))


def put(draft: Draft, name: str, typed: str | None) -> None:
    """Let a new value stand in a cell."""
    _put_in_row(draft, name, typed) if draft.goes_into_row(draft.marking_for(name)) else _put_within(draft, name, typed)
    draft.shown[name] = typed


def _put_in_row(draft: Draft, name: str, typed: str | None) -> None:
    held, today = draft.held, draft.editor.today
    stood, stands = draft.stood(name), draft.stands(name, _with_unseen(draft, name, typed, held.base(name)))
    promoted = None
    if held.kind.field(name).type not in LINKING:
        rivals = [claim for claim in held.on(name, "competing") if draft.goes_into_row(claim["marking"]) and claim["value"] == typed]
        promoted = next((claim for claim in rivals if stands["source"] in (claim["source"], stood["source"])), None)
    *former, new = replacing(held.on(name, "adopted"), promoted, stood, stands, draft.why, today, lambda: draft.name(name))
    for claim in [*former, *(judged(claim, over(draft.why, today)) for claim in held.on(name, WITHIN))]:
        draft.write(claim)
    draft.bring(new, typed)
    draft.keep_hidden(name)
    _keep_unseen_link(draft, name, stood, str(new["id"]))
    draft.row[name] = new["value"]


def _put_within(draft: Draft, name: str, typed: str | None) -> None:
    standing = draft.held.standing(name)
    former = standing["value"] if standing and standing["status"] == WITHIN else draft.held.base(name)
    for claim in _displaced(draft, name, draft.marking_for(name)):
        draft.write(judged(claim, over(draft.why, draft.editor.today)))
    new = within(draft.stands(name, _with_unseen(draft, name, typed, former)), draft.why, lambda: draft.name(name))
    draft.bring(new, typed)
    _others_compete(draft, name, str(new["id"]))


def _displaced(draft: Draft, name: str, marking: str | None) -> list[Row]:
    """The narrower claims whose readers will all read the new one; where another would go on standing above it, that is refused."""
    markings = draft.editor.register.tables["marking"]
    ranks = narrowness(markings)
    rivals = draft.held.on(name, WITHIN)
    displaced = [claim for claim in rivals if covers(markings, marking, claim["marking"])]
    above = [claim for claim in rivals if claim not in displaced and ranks.get(str(claim["marking"]), 0) >= ranks.get(str(marking), 0)]
    for claim in above:
        if not covers(markings, claim["marking"], marking):
            draft.refuse(name, "stands-under-another-marking", _ABOVE.format(marking=claim["marking"]), _SAY_MARKING.format(marking=claim["marking"]))
    return displaced


def _others_compete(draft: Draft, name: str, standing: str) -> None:
    """To the editor, what stood in the cell until now competes with what stands in its place."""
    for one, claim in draft.read.items():
        if claim["field"] == name and claim["status"] == "adopted" and one != standing:
            draft.read[one] = claim | {"status": "competing"}


def _with_unseen(draft: Draft, name: str, typed: str | None, former: str | None) -> str | None:
    """A list as typed with the links of the former one that its editor could not see."""
    told = draft.held.kind.field(name)
    if not (told.is_list or told.type == "actor_counts"):
        return typed
    return ";".join([*([typed] if typed else []), *draft.editor.unseen_parts(told, former)]) or None


def _keep_unseen_link(draft: Draft, name: str, stood: Row, beside: str) -> None:
    """A single link that the editor could not see stays for those who may see the record that it names."""
    told, editor = draft.held.kind.field(name), draft.editor
    if told.type not in ("link", "actor") or not editor.unseen_parts(told, stood["value"]):
        return
    _, (kind, record) = refs_of(told, stood["value"])[0]
    table = editor.register.tables[kind] if kind in kinds() else None
    if table is None or "marking" not in table.columns:
        return
    for marking in table.filter(table["id"] == record)["marking"]:
        if marking not in editor.visible:
            draft.claims[f"{beside}.kept"] = UNJUDGED | stood | {"status": WITHIN, "marking": marking, "id": f"{beside}.kept"}


def compete(draft: Draft, name: str, typed: str | None) -> None:
    """Put a value beside the one that stands."""
    new = UNJUDGED | draft.stands(name, typed) | {"status": "competing", **reasons(draft.why), "id": draft.name(name)}
    draft.bring(new, typed)
    base = draft.held.base(name)
    if draft.held.hidden_on(name) and (base is not None or not draft.held.kind.field(name).required):
        draft.row[name] = base  # else the new claim might stand in the cell, for want of the one that the editor may not see
        draft.keep_hidden(name)


def let_stand(draft: Draft, claim: Row) -> None:
    """Let a competing claim stand: in the row where all its readers may see it, else within its marking. What stood competes on."""
    name, today, by = str(claim["field"]), draft.editor.today, draft.basis.entered_by
    in_row = draft.goes_into_row(claim["marking"])
    set_aside = draft.held.on(name, WITHIN) if in_row else _displaced(draft, name, claim["marking"])
    if in_row:
        set_aside += draft.held.on(name, "adopted")
    own = [] if draft.held.on(name, "adopted") or not in_row else [UNJUDGED | draft.stood(name) | {"id": draft.name(name)}]
    for former in [*set_aside, *own]:
        draft.write(judged(former, over(draft.why, today)))
        draft.write(competing_on(former, draft.why, today, by, lambda: draft.name(name)))
    if in_row:
        draft.write(judged(claim, {"status": "adopted", **reasons(draft.why)}))
        draft.keep_hidden(name)
        draft.row[name] = claim["value"]
    else:
        entered: Row = {"entered_at": today.isoformat(), "entered_by": by}
        new = within(claim | entered, draft.why, lambda: draft.name(name))
        draft.write(new)
        _others_compete(draft, name, str(new["id"]))
    draft.shown[name] = draft.editor.as_read(draft.held.kind.field(name), claim["value"])


def mark_row(draft: Draft, marking: str) -> None:
    """Give the row another marking: claims adopted for all its former readers are for all its readers again."""
    former, draft.row_marking = draft.row_marking, marking
    for claim in draft.held.claims:
        if claim["status"] == "adopted" and claim["marking"] == former and not draft.goes_into_row(former):
            draft.write(claim | {"marking": marking})


_ABOVE = Text(
    "A value under the marking {marking} stands in this cell and would go on standing above yours.",
    "이 칸에는 {marking} 등급의 값이 채택되어 있어 입력한 값보다 위에 남습니다.",
)
_SAY_MARKING = Text(
    "Enter yours under {marking}, or under a marking that all readers of the row hold.",
    "{marking} 등급으로 입력하거나, 기록의 모든 열람자가 볼 수 있는 등급으로 입력하십시오.",
)
