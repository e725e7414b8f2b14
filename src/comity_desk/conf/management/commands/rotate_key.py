"""Renew the desk's secret key."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comity.cli.words import both, language
from comity.vocab.text import Text


class Command(BaseCommand):
    """`comity-desk rotate-key`, and after a restart `comity-desk rotate-key --finish`."""

    help = both(
        "Renew the secret key: once by itself, then, after a restart, with --finish, which shuts second factors with the new key and forgets the old.",
        "비밀 키를 바꿉니다. 먼저 그대로 실행하고, 재시작한 뒤 --finish로 2단계 인증 비밀값을 새 키로 다시 잠그고 이전 키를 버립니다.",
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which half."""
        parser.add_argument("--finish", action="store_true", help=both("The second half, after a restart.", "재시작 뒤의 둘째 단계."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one half."""
        from comity_desk.conf.secret import forget_former, former_keys, renew

        lang = language([], os.environ)
        if os.environ.get("COMITY_DESK_SECRET_KEY"):
            raise CommandError(_GIVEN.in_(lang))
        if not options["finish"]:
            renew(settings.HOME)
            self.stdout.write(_RENEWED.in_(lang))
            return
        if not former_keys(settings.HOME):
            raise CommandError(_NOTHING.in_(lang))
        shut = shut_again()
        forget_former(settings.HOME)
        self.stdout.write(_FINISHED.format(n=shut).in_(lang))


def shut_again() -> int:
    """Encrypt every second factor's secret anew with the present key; gives how many there are."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from django.db import transaction

    adapter, shut = get_adapter(), 0
    with transaction.atomic():
        for one in Authenticator.objects.select_for_update():
            fresh = {name: adapter.encrypt(adapter.decrypt(one.data[name])) for name in ("secret", "seed") if name in one.data}
            if fresh:
                Authenticator.objects.filter(pk=one.pk).update(data=one.data | fresh)
                shut += 1
    return shut


_GIVEN = Text(
    "The key comes from COMITY_DESK_SECRET_KEY: put the new one there and the old one into COMITY_DESK_SECRET_KEY_FORMER.",
    "키가 COMITY_DESK_SECRET_KEY에서 옵니다. 새 키를 그곳에, 이전 키를 COMITY_DESK_SECRET_KEY_FORMER에 적으십시오.",
)
_RENEWED = Text("The key is renewed. Restart the desk, then run this with --finish.", "키를 바꿨습니다. 시스템을 재시작한 뒤 --finish로 다시 실행하십시오.")
_NOTHING = Text("There is no former key; renew the key first.", "이전 키가 없습니다. 먼저 키를 바꾸십시오.")
_FINISHED = Text(
    "{n} second factors are shut with the new key, and the old key is forgotten. Restart the desk: everybody signs in anew.",
    "2단계 인증 {n}건을 새 키로 잠그고 이전 키를 버렸습니다. 시스템을 재시작하면 모두 다시 로그인합니다.",
)
