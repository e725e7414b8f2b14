"""The step of signing in at which the second factor is asked for."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from comity_desk.accounts import second_factor


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asked for whenever there is one, unless the identity provider has just vouched that it asked for its own."""

    def _should_handle(self, request: HttpRequest) -> bool:
        by_provider = "sociallogin" in (self.login.signal_kwargs or {})
        return not (by_provider and second_factor.vouched(request, self.login.user)) and bool(super()._should_handle(request))
