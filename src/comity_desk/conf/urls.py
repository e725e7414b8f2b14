"""Every address of the desk. Pages need sign-in unless they are named in `PUBLIC`."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

PUBLIC = frozenset(
    {
        *("account_login", "account_logout", "account_inactive", "mfa_authenticate", "set_language", "health", "readiness", "metrics"),
        *("openid_connect_login", "openid_connect_callback", "socialaccount_login_error", "socialaccount_login_cancelled"),
    }
)

urlpatterns = [
    path("", include("comity_desk.audit.urls")),
    path("", include("comity_desk.accounts.urls")),
    path("", include("comity_desk.ledger.urls")),
    path("", include("comity_desk.records.urls")),
    path("", include("comity_desk.boards.urls")),
    path("", include("comity_desk.jobs.urls")),
    path("", include("comity_desk.conf.operations")),
    path(settings.API_PREFIX.lstrip("/"), include("comity_desk.api.urls")),
]

handler400 = "comity_desk.lib.refusals.bad_request"
handler403 = "comity_desk.lib.refusals.forbidden"
handler404 = "comity_desk.lib.refusals.not_found"
handler500 = "comity_desk.lib.refusals.failed"
