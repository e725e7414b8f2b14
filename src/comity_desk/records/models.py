"""The tables of the records: drafts, proposals and decisions, attachments, files being imported."""

from __future__ import annotations

from comity_desk.records.attachments.models import Attachment
from comity_desk.records.importing.models import Import
from comity_desk.records.models_reading import SavedView
from comity_desk.records.proposals.models import Batch, Decision, Draft, Proposal

__all__ = ["Attachment", "Batch", "Decision", "Draft", "Import", "Proposal", "SavedView"]
