"""Addresses of the spill procedure."""

from __future__ import annotations

from django.urls import path, reverse_lazy

from comity.vocab.text import Text
from comity_desk.ledger import views
from comity_desk.lib.pages import MenuEntry, in_menu

urlpatterns = [
    path("spills/", views.spills, name="spills"),
    path("spills/order/", views.order, name="spill_order"),
    path("spills/<str:key>/", views.spill, name="spill"),
    path("spills/<str:key>/settle/", views.settle, name="spill_settle"),
]
in_menu(MenuEntry("spills", Text("Spills", "유출 처리"), lambda: str(reverse_lazy("spills")), "spill.order", "desk", 80))
