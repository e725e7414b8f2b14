"""What of a spill lies beside the record? Drafts, what proposals and decisions say, tables being brought in, files: destroyed with it.

The rows stay, so that it stays true that something was proposed, decided or attached; what they said is gone. Files of records that were spilled
are removed from the disk.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from comity_desk.audit.chain import canonical
from comity_desk.ledger.spill import Scope, also_destroys
from comity_desk.records.attachments import store
from comity_desk.records.attachments.models import Attachment
from comity_desk.records.importing.models import Import
from comity_desk.records.proposals.models import Batch, Decision, Draft, Proposal


@also_destroys
def destroy_beside(scope: Scope) -> int:
    """Destroy what is about these records or holds these words; how many rows that touched."""
    return sum((_typed(scope), _proposals(scope), _reasons(scope), _files(scope)))


def _typed(scope: Scope) -> int:
    """Drafts and tables that are being brought in: they go as a whole."""
    drafts = [one.pk for one in Draft.objects.all() if f"{one.kind}:{one.record}" in scope.refs or _holds(scope, (pair[1] for pair in one.typed))]
    tables = [one.pk for one in Import.objects.iterator(1) if _holds(scope, (str(cell) for row in one.rows for cell in row))]
    return Draft.objects.filter(pk__in=drafts).delete()[0] + Import.objects.filter(pk__in=tables).delete()[0]


def _proposals(scope: Scope) -> int:
    """What proposals say of these records, or that names them, or that holds these words; and why they were decided on as they were."""
    left = Proposal.objects.exclude(content=None)
    refs = set(scope.refs)
    named = left.values_list("pk", "kind", "record", "made", "names").iterator()
    keys = [key for key, kind, record, made, names in named if refs & {f"{kind}:{record}", f"{kind}:{made}", *(names or "").split("\n")}]
    if scope.words.strip():
        keys += left.filter(content__contains=canonical({"": scope.words})[5:-2]).values_list("pk", flat=True)
    _empty(Decision, "why", Decision.objects.filter(proposal__in=keys).exclude(why=None).values_list("pk", flat=True))
    return Proposal.objects.filter(pk__in=keys).update(content=None, names=None)


def _reasons(scope: Scope) -> int:
    """Reasons that hold these words."""
    if not scope.words.strip():
        return 0
    decisions = Decision.objects.filter(why__contains=scope.words).values_list("pk", flat=True)
    return _empty(Decision, "why", decisions) + Batch.objects.filter(reason__contains=scope.words).update(reason=None)


def _files(scope: Scope) -> int:
    """Files beside these records, and files whose names hold these words."""
    found = [one for one in Attachment.objects.exclude(name=None) if one.ref in scope.refs or _holds(scope, [one.name or ""])]
    for one in found:
        store.destroy(one.file)
    return Attachment.objects.filter(pk__in=[one.pk for one in found]).update(name=None)


def _holds(scope: Scope, texts: Iterable[str]) -> bool:
    words = scope.words.strip()
    return bool(words) and any(words in text for text in texts)


def _empty(model: type[Decision], column: str, keys: Iterable[str]) -> int:
    """Empty a column of rows that are only ever added; the database lets that happen, the model does not."""
    listed = list(keys)
    with connection.cursor() as cursor:
        for key in listed:
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET "{column}" = NULL WHERE "key" = %s', [key])  # noqa: S608 - names of ours
    return len(listed)
