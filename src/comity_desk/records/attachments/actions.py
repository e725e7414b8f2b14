"""Putting a file beside a record, and taking it away: permitted, checked, logged. A removed file leaves who removed it, when and why."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar

from django.conf import settings
from django.db import transaction

from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound, NotPermitted
from comity_desk.records.attachments import store
from comity_desk.records.attachments.content import kind_of_file, refused
from comity_desk.records.attachments.limit import too_large
from comity_desk.records.attachments.models import Attachment

NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST = 120
MANY = 50  # beside one record


@dataclass(kw_only=True)
class AddAttachment(Action[Attachment]):
    """Put a file beside a record."""

    permission: ClassVar[str] = "attachment.add"
    audit_event: ClassVar[str] = "attachment-added"

    ref: str
    marking: str
    name: str
    content: bytes = field(repr=False)

    @property
    def target(self) -> str:
        """The record."""
        return self.ref

    def permit(self) -> None:
        """Editors; the size is looked at before anything else is."""
        super().permit()
        if len(self.content) > settings.UPLOAD_LIMIT:
            raise too_large(settings.UPLOAD_LIMIT)

    def check(self) -> None:
        """The record and the marking are seen, and the file is of a kind that is taken."""
        seen = snapshot_for(self.actor.reader)
        if not seen.has_record(self.ref) or self.ref.startswith(("claim:", "marking:")):
            raise NotFound(NOTHING_HERE)
        if not seen.has_record(f"marking:{self.marking}"):
            raise refused("no-marking", _NO_MARKING, _SAY_MARKING)
        if len(attachments_on(seen, self.ref)) >= MANY:
            raise refused("too-many", _TOO_MANY, _REMOVE_ONE)
        self.name = clean_name(self.name)
        self.kind = kind_of_file(self.name, self.content)
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        self.details = {"marking": self.marking, "media_type": self.kind.media_type, "size": len(self.content), "sha256": self.sha256}

    def perform(self, event: Event) -> Attachment:
        """Keep it; a file whose row is not kept goes again."""
        kind, _, record = self.ref.partition(":")
        file = store.keep(self.content)
        try:
            with transaction.atomic():
                return Attachment.objects.create(
                    kind=kind,
                    record=record,
                    marking=self.marking,
                    name=self.name,
                    media_type=self.kind.media_type,
                    size=len(self.content),
                    sha256=self.sha256,
                    file=file,
                    added_by=self.actor,
                    added_at=clock.now(),
                    event=event,
                )
        except BaseException:
            store.destroy(file)
            raise


@dataclass(kw_only=True)
class RemoveAttachment(Action[Attachment]):
    """Take a file away from a record; the file goes, its row stays. Whoever added it, or a reviewer."""

    permission: ClassVar[str] = "attachment.add"
    audit_event: ClassVar[str] = "attachment-removed"
    reason_needed: ClassVar[bool] = True

    key: str

    @property
    def target(self) -> str:
        """The attachment."""
        return f"attachment {self.key}"

    def permit(self) -> None:
        """Editors and reviewers; whose it is comes in `check`."""
        if not (self.actor.permitted("attachment.add") or self.actor.permitted("record.review")):
            raise NotPermitted(_NOT_PERMITTED)

    def check(self) -> None:
        """It is there, seen, and this person's to remove."""
        self.attachment = attachment_seen(snapshot_for(self.actor.reader), self.key, locked=True)
        if self.attachment.added_by_id != self.actor.pk and not self.actor.permitted("record.review"):
            raise NotPermitted(_NOT_YOURS)
        self.details = {"record": self.attachment.ref, "sha256": self.attachment.sha256}

    def perform(self, event: Event) -> Attachment:
        """Leave the stub, and destroy the file once that stands."""
        gone = self.attachment
        gone.removed_by, gone.removed_at, gone.removed_why = self.actor, clock.now(), self.reason.strip()
        gone.save(update_fields=["removed_by", "removed_at", "removed_why"])
        transaction.on_commit(lambda: store.destroy(gone.file))
        return gone


def attachments_on(seen: Snapshot, ref: str) -> list[Attachment]:
    """The files beside a record that a reader of that snapshot sees, removed ones among them."""
    kind, _, record = ref.partition(":")
    if not seen.has_record(ref):
        return []
    marked = seen.table("marking")["id"].to_list()
    return list(Attachment.objects.filter(kind=kind, record=record, marking__in=marked).select_related("added_by", "removed_by"))


def attachment_seen(seen: Snapshot, key: str, *, locked: bool = False) -> Attachment:
    """The file of that key, if the reader sees its record and its marking and it was not removed; else `NotFound`."""
    rows = Attachment.objects.select_for_update() if locked else Attachment.objects
    found = rows.filter(pk=key, removed_at=None).first()
    if found is None or not seen.has_record(found.ref) or not seen.has_record(f"marking:{found.marking}"):
        raise NotFound(NOTHING_HERE)
    return found


def may_remove(user: User, attachment: Attachment) -> bool:
    """Whether that person may take it away."""
    own = attachment.added_by_id == user.pk and user.permitted("attachment.add")
    return attachment.removed_at is None and (own or user.permitted("record.review"))


def clean_name(name: str) -> str:
    """A file's name without folders, signs that programs read otherwise, and marks that turn the direction of writing."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    bare = NOT_IN_NAMES.sub("", last).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    return (stem[: LONGEST - len(ending)] + dot + ending if stem else bare[:LONGEST]) or "file"


_NO_MARKING = Text("The file has no marking that you may see.", "열람할 수 있는 공개 등급이 지정되지 않았습니다.")
_SAY_MARKING = Text("Choose a marking.", "공개 등급을 고르십시오.")
_TOO_MANY = Text("There are many files beside this record already.", "이 기록에는 이미 첨부 파일이 많습니다.")
_REMOVE_ONE = Text("Remove one that is not needed.", "필요 없는 파일을 먼저 지우십시오.")
_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
_NOT_YOURS = Text("Whoever added a file removes it, or a reviewer.", "파일을 올린 사람이나 검토자만 지울 수 있습니다.")
