"""What the sign-in libraries read: no self-registration, a second factor for everybody, lock-out after five wrong tries.

Kept apart from the other settings because it is policy: a change here is a change of who gets in.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

_HTTPS = os.environ.get("COMITY_DESK_HTTPS") == "1"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "comity_desk.accounts.backends.DeskBackend"]

# Passwords: by user name alone; changing it ends every other session; nobody registers and nothing is sent by mail.
ACCOUNT_ADAPTER = "comity_desk.accounts.adapter.DeskAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on under a new key; the others end
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
CSRF_FAILURE_VIEW = "comity_desk.accounts.views.sign_in.form_not_ours"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,5/15m/key", "reauthenticate": "20/m/user", "change_password": "10/15m/user"}
ACCOUNT_FORMS = {
    "login": "comity_desk.accounts.forms.SignIn",
    "change_password": "comity_desk.accounts.forms.ChoosePassword",
    "reauthenticate": "comity_desk.accounts.forms.ConfirmPassword",
}

# The second factor: an application's codes or a security key, with recovery codes beside them.
MFA_ADAPTER = "comity_desk.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Comity"
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS  # browsers allow security keys on plain HTTP for localhost alone
MFA_FORMS = {
    "authenticate": "comity_desk.accounts.forms.SecondFactor",
    "reauthenticate": "comity_desk.accounts.forms.ConfirmSecondFactor",
    "activate_totp": "comity_desk.accounts.forms.ActivateTOTP",
    "add_webauthn": "comity_desk.accounts.forms.AddKey",
    "edit_webauthn": "comity_desk.accounts.forms.NameKey",
}
USERSESSIONS_TRACK_ACTIVITY = False

# One proxy speaks TLS for the desk; the address that it saw is the person's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _HTTPS else 0

# An identity provider, where the ministry has one: accounts are still made by an administrator alone.
_OIDC: dict[str, Any] | None = json.loads(os.environ["COMITY_DESK_OIDC"]) if os.environ.get("COMITY_DESK_OIDC") else None
SOCIALACCOUNT_ADAPTER = "comity_desk.accounts.oidc.IdentityProviderAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that is answered with a redirect elsewhere breaks `form-action 'self'`; state and PKCE guard the way back
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _OIDC:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": _OIDC["id"],
                "name": _OIDC["name"],
                "client_id": _OIDC["client_id"],
                "secret": _OIDC["secret"],
                "settings": {"server_url": _OIDC["server_url"], "claim": _OIDC.get("claim", "preferred_username"), "oauth_pkce_enabled": True},
            }
        ],
    }

# Lock-out: five wrong tries under a name, whether or not anybody has it, close it for fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could keep a person out for good
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail keeps who signed in
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address", "code"]
AXES_LOCKOUT_CALLABLE = "comity_desk.accounts.views.sign_in.locked_out"
AXES_USERNAME_CALLABLE = "comity_desk.accounts.backends.name_tried"
AXES_CLIENT_IP_CALLABLE = "comity_desk.accounts.backends.address_of"
AXES_USERNAME_FORM_FIELD = "login"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it asks for lock-out by address too: behind one proxy, or in one office, that would lock out everybody
