"""Addresses of the records: reading them, and proposing and reviewing changes of them."""

from __future__ import annotations

from comity_desk.records import editing_urls, reading_urls

urlpatterns = [*editing_urls.urlpatterns, *reading_urls.urlpatterns]
