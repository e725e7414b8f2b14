"""Signing in through the ministry's identity provider."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class IdentityProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Links, never creates."""
