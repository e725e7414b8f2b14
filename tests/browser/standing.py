"""Run as a program in the folder of a desk that is being served: people who are signed in with two factors, and one of each thing that has a page.

What is made is made through the desk's own forms and acts. Prints the sessions by name and the addresses of the things as one line of JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any

import django

ROLES = ("reader", "editor", "reviewer", "release_officer", "administrator", "auditor")
PEOPLE = {
    "everything": list(ROLES),  # may open every page
    "editor": ["editor"],
    "second-editor": ["editor"],
    "reviewer": ["reviewer"],
    "officer": ["release_officer"],
    "reader": ["reader"],
    "kept": ["reader"],  # whose account the pages of people are about
}
EXERCISE = {
    "c-title_en": "Standing Drill 26",
    "c-title_ko": "2026년 상설 훈련",
    "c-start": "2026-05",
    "c-series": "freedom-edge",
    "c-participants": ["KOR", "USA"],
    "c-status": "planned",
    "c-exercise_types": ["CPX"],
}
TABLE = (
    "title_en,title_ko,series,start,participants,status,exercise_types\n"
    "Table Drill A,표 훈련 가,khaan-quest,2031-06,KOR;USA,planned,CPX\nTable Drill B,표 훈련 나,khaan-quest,soon,KOR;USA,planned,CPX\n"
)
TABLE_DONE = TABLE.replace("soon", "2033-07").replace("Table", "Sheet").replace("표", "장부")

ON = {"b-source": "rok-2000-defense-white-paper-text-copy", "b-confidence": "medium", "b-marking": "public", "b-reason_en": "Announced."}


def main() -> None:
    """Make all of it and tell of it."""
    django.setup()
    people = {name: person(name, roles) for name, roles in PEOPLE.items()}
    clients = {name: signed_in(user) for name, user in people.items()}
    at = things(people, clients)
    print(json.dumps({"sessions": {name: client.session.session_key for name, client in clients.items()}, "at": at}))


def person(name: str, roles: list[str]) -> Any:
    """Somebody of the home country, cleared to secret, with an application for codes and codes to fall back on."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from comity_desk.accounts.models import User

    user = User(username=name, name=name.replace("-", " ").title(), roles=roles, nationality="KOR", clearance="secret")
    user.set_password("correct horse battery staple 9")
    user.save()
    Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    RecoveryCodes.activate(user)
    return user


def signed_in(user: Any) -> Any:
    """A client of a person who has just signed in with both factors."""
    from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.account.internal.userkit import user_id_to_str
    from django.test import Client

    from comity_desk.accounts.second_factor import MARK
    from comity_desk.lib import clock

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend="comity_desk.accounts.backends.DeskBackend")
    session = client.session
    session[MARK] = {"user": user.pk, "means": "totp"}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": clock.now().timestamp(), "reauthenticated": True}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client


def things(people: dict[str, Any], clients: dict[str, Any]) -> dict[str, str]:
    """One of each, by the name of its address."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    editor, everything = clients["editor"], clients["everything"]
    proposal = sent(editor, "/records/exercises/new/", {**EXERCISE, **ON, "do": "submit"})
    brought = sent(everything, "/import/bring/", {"kind": "exercise", "file": SimpleUploadedFile("drills.csv", TABLE.encode())})
    paper = sent(everything, "/papers/new/", {"title": "Talking points", "marking": "public", "text": "What is said.\n\nTo whom.", "note": "First"})
    sent(everything, f"{paper}ask/", {"ministry": "Ministry of Foreign Affairs", "person": "Desk officer", "due": "2027-01-15"})
    order = sent(everything, "/spills/order/", {"ref": "exercise:freedom-edge-2024-06", "words": "", "reason": "Typed into the wrong system."})
    directorate = made_directorate(people["everything"])
    return {
        "proposal": proposal,
        "import": brought,
        "batch": batch(everything),
        "paper": paper,
        "spill": order,
        **directorate,
        "person": f"/people/{people['kept'].pk}/",
    }


def batch(client: Any) -> str:
    """A table that was brought in and handed in whole."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    brought = sent(client, "/import/bring/", {"kind": "exercise", "file": SimpleUploadedFile("sheet.csv", TABLE_DONE.encode())})
    columns = {f"column-{at}": name for at, name in enumerate(TABLE_DONE.splitlines()[0].split(","))}
    sent(client, brought, {**columns, **ON})
    return sent(client, f"{brought}submit/", {"reason": "The plan of the year."})


def made_directorate(actor: Any) -> dict[str, str]:
    """A directorate, and an event of the trail."""
    from comity_desk.accounts.models import Directorate
    from comity_desk.audit.models import Event

    made = Directorate.objects.create(name_en="Policy", name_ko="정책과")
    return {"directorate": f"/directorates/{made.pk}/", "event": f"/audit/{Event.objects.latest('number').number}/"}


def sent(client: Any, path: str, data: dict[str, Any]) -> str:
    """Send a form, which leads elsewhere; gives where to."""
    answer = client.post(path, data)
    wrong = re.findall(r'<[^>]*class="[^"]*error[^"]*"[^>]*>.*?</', answer.content.decode(), re.DOTALL)
    assert answer.status_code == 302, f"{path}: {answer.status_code} {wrong}"
    return str(answer["Location"])


if __name__ == "__main__":
    main()
