"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path, reverse

from comity.vocab.text import Text
from comity_desk.audit import views
from comity_desk.lib.pages import MenuEntry, in_menu

in_menu(MenuEntry("audit", Text("Audit trail", "감사 기록"), lambda: reverse("audit"), "audit.read", "desk", 30))

urlpatterns = [
    path("audit/", views.trail, name="audit"),
    path("audit/export/", views.export, name="audit_export"),
    path("audit/chain/", views.chain, name="audit_chain"),
    path("audit/chain/verify/", views.verify_now, name="audit_verify"),
    path("audit/<int:number>/", views.event, name="audit_event"),
]
