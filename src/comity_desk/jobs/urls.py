"""Addresses of this part of the desk."""

from __future__ import annotations

from django.urls import path, reverse

from comity.vocab.text import Text
from comity_desk.jobs import views
from comity_desk.lib.pages import MenuEntry, in_menu

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/start/<slug:kind>/", views.job_start, name="job_start"),
    path("jobs/<slug:id>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<slug:id>/file/", views.job_file, name="job_file"),
]

in_menu(MenuEntry("jobs", Text("Briefs and exports", "보고서·내보내기"), lambda: reverse("jobs"), "job.run", group="work", order=60))
