"""Addresses for proposing and deciding, for files beside records and for tables brought in."""

from __future__ import annotations

from django.urls import path, reverse

from comity.vocab.text import Text
from comity_desk.lib.pages import MenuEntry, in_menu
from comity_desk.records.attachments import views as attachments
from comity_desk.records.importing import views as importing
from comity_desk.records.proposals.seeing import TAKING_PART
from comity_desk.records.proposals.views import deciding, proposing, typing

RECORD = "records/<slug:plural>/<str:id>/"

urlpatterns = [
    path("records/<slug:plural>/new/", proposing.record_new, name="record_new"),
    path(f"{RECORD}edit/", proposing.record_edit, name="record_edit"),
    path(f"{RECORD}marking/", proposing.record_marking, name="record_marking"),
    path(f"{RECORD}claim/", proposing.record_claim_on, name="record_claim_on"),
    path(f"{RECORD}claim/<slug:field>/", proposing.record_claim, name="record_claim"),
    path(f"{RECORD}judge/<slug:field>/", proposing.record_judge, name="record_judge"),
    path(f"{RECORD}withdraw/", proposing.record_withdraw, name="record_withdraw"),
    path(f"{RECORD}beside/", attachments.record_beside, name="record_beside"),
    path(f"{RECORD}beside/add/", attachments.attachment_add, name="attachment_add"),
    path("attachments/<slug:key>/", attachments.attachment, name="attachment"),
    path("attachments/<slug:key>/remove/", attachments.attachment_remove, name="attachment_remove"),
    path("drafts/<slug:key>/", typing.draft_save, name="draft_save"),
    path("drafts/<slug:key>/discard/", typing.draft_discard, name="draft_discard"),
    path("pick/<slug:target>/", typing.pick, name="pick"),
    path("read/<slug:plural>/<slug:field>/", typing.read, name="read_value"),
    path("import/", importing.imports, name="imports"),
    path("import/bring/", importing.import_bring, name="import_bring"),
    path("import/template/<slug:plural>/", importing.import_template, name="import_template"),
    path("import/<slug:key>/", importing.import_table, name="import"),
    path("import/<slug:key>/faults.csv", importing.import_faults, name="import_faults"),
    path("import/<slug:key>/submit/", importing.import_submit, name="import_submit"),
    path("import/<slug:key>/discard/", importing.import_discard, name="import_discard"),
    path("batches/<slug:key>/", importing.batch, name="batch"),
    path("batches/<slug:key>/accept/", importing.batch_accept, name="batch_accept"),
    path("batches/<slug:key>/decline/", importing.batch_decline, name="batch_decline"),
    path("batches/<slug:key>/withdraw/", importing.batch_withdraw, name="batch_withdraw"),
    path("proposals/", deciding.proposals, name="proposals"),
    path("proposals/<slug:key>/", deciding.proposal, name="proposal"),
    path("proposals/<slug:key>/accept/", deciding.proposal_accept, name="proposal_accept"),
    path("proposals/<slug:key>/decline/", deciding.proposal_decline, name="proposal_decline"),
    path("proposals/<slug:key>/withdraw/", deciding.proposal_withdraw, name="proposal_withdraw"),
]

in_menu(MenuEntry("proposals", Text("Proposals", "제안"), lambda: reverse("proposals"), TAKING_PART, group="work", order=20))
in_menu(MenuEntry("import", Text("Import", "가져오기"), lambda: reverse("imports"), "record.import", group="work", order=40))
