"""Addresses of people: signing in, one's own account, the keeping of accounts. The sign-in library's pages are listed one by one; the rest is shut."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from django.urls import path, reverse

from comity.vocab.text import Text
from comity_desk.accounts import oidc
from comity_desk.accounts.language import set_language
from comity_desk.accounts.views import directorates, own, people, sign_in
from comity_desk.lib.pages import MenuEntry, in_menu

in_menu(MenuEntry("people", Text("People", "사용자"), lambda: reverse("people"), "account.manage", "desk", 10))
in_menu(MenuEntry("directorates", Text("Directorates", "부서"), lambda: reverse("directorates"), "directorate.manage", "desk", 20))

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/application/replace/", sign_in.ReplaceTOTP.as_view(), name="mfa_replace_totp"),
    path("account/second-factor/application/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/make/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-factor/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/keys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/keys/<int:pk>/remove/", sign_in.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("sign-in/with/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-in/failed/", social.login_error, name="socialaccount_login_error"),
    path("sign-in/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/", own.account, name="account"),
    path("account/sessions/end-others/", own.end_other_sessions, name="end_other_sessions"),
    path("account/tokens/new/", own.new_token, name="new_token"),
    path("account/tokens/<int:token_id>/withdraw/", own.revoke_token, name="revoke_token"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/reset/<slug:what>/", people.reset, name="reset_person"),
    path("people/<int:user_id>/tokens/<int:token_id>/withdraw/", people.revoke_persons_token, name="revoke_persons_token"),
    path("directorates/", directorates.directorates, name="directorates"),
    path("directorates/new/", directorates.new_directorate, name="new_directorate"),
    path("directorates/<int:directorate_id>/", directorates.directorate, name="directorate"),
    # The library asks for these names; the desk has no such pages.
    path("sign-in/inactive/", sign_in.not_here, name="account_inactive"),
    path("sign-in/register/", sign_in.not_here, name="socialaccount_signup"),
    path("account/identity-providers/", sign_in.not_here, name="socialaccount_connections"),
    path("account/password/set/", sign_in.not_here, name="account_set_password"),
]
