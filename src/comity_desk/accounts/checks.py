"""What must hold of the sign-in's settings before the desk starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from comity.vocab.text import Text
from comity_desk.lib.language import words

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@register("security")
def identity_provider(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """The identity provider is reached by TLS: else whoever sits between could sign in as anybody."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    urls = [urlsplit(app["settings"]["server_url"]) for app in apps]
    return [Error(words(_NO_TLS), id="accounts.E001") for url in urls if url.scheme != "https" and url.hostname not in LOOPBACK]


_NO_TLS = Text("COMITY_DESK_OIDC: the server_url must begin with https://.", "COMITY_DESK_OIDC: server_url은 https://로 시작해야 합니다.")
