"""While looking as another nothing can be changed, whichever page asks; what changes nothing stays open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from standing_cast import Cast

from comity.register.register import Register
from comity_desk.audit.models import Event
from comity_desk.ledger.loading import LoadPackage

pytestmark = pytest.mark.django_db


def test_writing_is_refused_while_looking(marked_register: Register, cast: Cast, signed_in: Callable[..., Client]) -> None:
    """Spills, proposals, jobs, accounts; and it works again after leaving."""
    LoadPackage(actor=None, register=marked_register).run()
    client = signed_in(cast.editor)
    assert client.post("/as/look/", {"who": "public", "nationality": "", "clearance": "unclassified"}).status_code in (200, 302)
    assert client.get("/records/exercises/shared-drill/").status_code == 404
    before = Event.objects.count()
    for path in ("/records/exercises/new/", "/spills/order/", "/jobs/start/export/", "/account/tokens/new/"):
        refused = client.post(path, {"reason": "x"})
        assert refused.status_code == 403, path
        assert "as another will read it" in refused.content.decode()
    assert Event.objects.count() == before
    assert client.post("/as/leave/").status_code in (200, 302)
    assert client.get("/records/exercises/shared-drill/").status_code == 200
