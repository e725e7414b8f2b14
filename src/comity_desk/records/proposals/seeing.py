"""Who sees a proposal? Whoever sees its marking, the record that it is about and every record that it names, and takes part in proposing.

The number of proposals that a person is told is the number of those that the person sees. Proposers keep seeing that they proposed something;
what it says they see under the same rule as everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from comity.register.snapshot import Snapshot
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.records.proposals.models import Batch, Proposal

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

TAKING_PART = ("record.propose", "record.review", "record.judge", "marking.set")
PART = 500
DECIDING = ("record.review", "marking.set")


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as one person sees it: whole, or only that it was made."""

    proposal: Proposal
    whole: bool


def takes_part(user: Any) -> bool:
    """Whether the person has to do with proposals at all."""
    return any(user.permitted(one) for one in TAKING_PART)


def decides(user: Any) -> bool:
    """Whether the person decides on proposals of others."""
    return any(user.permitted(one) for one in DECIDING)


def sees(seen: Snapshot, proposal: Proposal) -> bool:
    """Whether a reader of that snapshot sees the proposal whole."""
    return _marked(seen, proposal.marking) and all(seen.has_record(name) for name in proposal.named)


def sees_batch(seen: Snapshot, batch: Batch) -> bool:
    """Whether a reader of that snapshot sees that there is such a batch; its rows are seen one by one."""
    return _marked(seen, batch.marking)


def proposals_seen(user: User, seen: Snapshot, among: QuerySet[Proposal], limit: int | None = None) -> list[Proposal]:
    """Those of these proposals that the person sees whole; at most `limit` of what the person sees, so that none is hidden behind hidden ones."""
    if not takes_part(user):
        return []
    listed = among.filter(marking__in=seen.table("marking")["id"].to_list()).iterator(PART)
    return list(islice((proposal for proposal in listed if sees(seen, proposal)), limit))


def proposal_seen(user: User, seen: Snapshot, key: str, *, locked: bool = False) -> Seen:
    """The proposal of that key, as the person sees it; `NotFound` whether it is hidden or was never there."""
    rows = Proposal.objects.select_for_update(of=("self",)) if locked else Proposal.objects.select_related("former", "batch")
    proposal = rows.select_related("proposer").filter(pk=key).first()
    if proposal is None or not takes_part(user):
        raise NotFound(NOTHING_HERE)
    whole = sees(seen, proposal)
    if not whole and proposal.proposer_id != user.pk:
        raise NotFound(NOTHING_HERE)
    return Seen(proposal, whole)


def waiting(user: User, seen: Snapshot) -> int:
    """How many open proposals of others wait for this person's decision."""
    if not decides(user):
        return 0
    singles = Proposal.objects.filter(closed=None, batch=None).exclude(proposer=user)
    return len(proposals_seen(user, seen, singles)) + len(batches_waiting(user, seen))


def batches_waiting(user: User, seen: Snapshot) -> list[Batch]:
    """The batches of others in which an open row waits that this person sees."""
    if not user.permitted("record.review"):
        return []
    return _batches(seen, Proposal.objects.filter(closed=None).exclude(proposer=user))


def batches_seen(user: User, seen: Snapshot, tab: str) -> list[Batch]:
    """The batches under a tab of the inbox: waiting, one's own, decided. One with open rows is not decided."""
    if not takes_part(user):
        return []
    if tab == "waiting":
        return batches_waiting(user, seen)
    if tab == "mine":
        return list(Batch.objects.filter(proposer=user).select_related("proposer"))
    return _batches(seen, Proposal.objects.exclude(batch__rows__closed=None))


def _batches(seen: Snapshot, rows: QuerySet[Proposal]) -> list[Batch]:
    """The batches of which this reader sees at least one of these rows."""
    marked = Batch.objects.filter(marking__in=seen.table("marking")["id"].to_list()).select_related("proposer")
    return [batch for batch in marked if any(sees(seen, row) for row in rows.filter(batch=batch).only("marking", "names").iterator(100))]


def _marked(seen: Snapshot, marking: str) -> bool:
    return seen.has_record(f"marking:{marking}")
