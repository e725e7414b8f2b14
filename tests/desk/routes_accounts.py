"""What is asked where people, sign-in and operations are, and which addresses are policy: they tell of accounts or of the chains, to those whose work it is."""

from __future__ import annotations

from routes import Case, get

ACCOUNTS: dict[str, Case] = {
    "account/": get("/account/"),
    "account/confirm/": get("/account/confirm/"),
    "account/password/": get("/account/password/"),
    "account/second-factor/": get("/account/second-factor/"),
    "account/second-factor/application/remove/": get("/account/second-factor/application/remove/"),
    "account/second-factor/codes/": get("/account/second-factor/codes/"),
    "account/second-factor/codes/make/": get("/account/second-factor/codes/make/"),
    "account/second-factor/keys/": get("/account/second-factor/keys/"),
    "account/tokens/new/": get("/account/tokens/new/"),
    "account/identity-providers/": get("/account/identity-providers/"),
    "account/password/set/": get("/account/password/set/"),
    "directorates/": get("/directorates/"),
    "directorates/<int:directorate_id>/": get("/directorates/1/"),
    "directorates/new/": get("/directorates/new/"),
    "people/": get("/people/"),
    "people/<int:user_id>/": get("/people/1/"),
    "people/new/": get("/people/new/"),
    "audit/": get("/audit/"),  # refused to all who are asked here: the readers of the tests are no auditors
    "audit/<int:number>/": get("/audit/1/", "/audit/99999/"),
    "audit/chain/": get("/audit/chain/"),
    "audit/export/": get("/audit/export/"),
    "spills/": get("/spills/"),
    "spills/<str:key>/": get("/spills/nothing/"),
    "health/": get("/health/"),
    "ready/": get("/ready/"),
    "metrics/": get("/metrics/"),
    "jobs/": get("/jobs/"),
    "jobs/<slug:id>/cancel/": get("/jobs/nothing/cancel/"),
    "jobs/<slug:id>/file/": get("/jobs/nothing/file/"),
    "sign-in/": get("/sign-in/"),
}
_OWN = "the person's own second factor, session or token: no record is read"
_CHAINS = "refused to all but auditors and officers, whose work the chains are; held by the tests of the audit trail and of spills"
POLICY_ACCOUNTS = {
    "account/confirm/code/": _OWN,
    "account/confirm/key/": _OWN,
    "account/second-factor/application/": _OWN,
    "account/second-factor/application/replace/": _OWN,
    "account/second-factor/codes/download/": _OWN,
    "account/second-factor/keys/<int:pk>/name/": _OWN,
    "account/second-factor/keys/<int:pk>/remove/": _OWN,
    "account/second-factor/keys/add/": _OWN,
    "account/sessions/end-others/": _OWN,
    "account/tokens/<int:token_id>/withdraw/": _OWN,
    "people/<int:user_id>/reset/<slug:what>/": "accounts: refused to all but administrators, who change no record",
    "people/<int:user_id>/tokens/<int:token_id>/withdraw/": "accounts: refused to all but administrators, who change no record",
    "audit/chain/verify/": _CHAINS,
    "spills/order/": _CHAINS,
    "spills/<str:key>/settle/": _CHAINS,
    "language/": "sets a cookie",
    "sign-out/": "ends the session",
    "sign-in/cancelled/": "before anybody is signed in",
    "sign-in/code/": "before anybody is signed in",
    "sign-in/failed/": "before anybody is signed in",
    "sign-in/inactive/": "before anybody is signed in",
    "sign-in/register/": "before anybody is signed in",
    "sign-in/with/<str:provider_id>/": "before anybody is signed in",
    "sign-in/with/<str:provider_id>/back/": "before anybody is signed in",
}
