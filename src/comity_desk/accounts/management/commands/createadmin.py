"""Make the first administrator."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from comity.vocab.text import Lang, Text
from comity_desk.accounts.actions import CreateAccount
from comity_desk.accounts.policies import administrators
from comity_desk.lib.errors import Refused


class Command(BaseCommand):
    """`comity-desk createadmin [NAME]`."""

    help = "Make the first administrator and print a one-time password, once · 첫 관리자를 만들고 일회용 비밀번호를 한 번 출력"

    def add_arguments(self, parser: CommandParser) -> None:
        """The user name."""
        parser.add_argument("username", nargs="?", default="admin", help="the user name · 사용자 이름")
        parser.add_argument("--language", choices=("en", "ko"), help="the language that the administrator reads · 관리자의 화면 언어")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account, or say that there is an administrator already."""
        lang: Lang = "ko" if os.environ.get("COMITY_LANG") == "ko" else "en"
        if administrators():
            self.stdout.write(_THERE_IS_ONE.in_(lang))
            return
        values = {"roles": ["administrator", "reader"], "language": options["language"] or lang}
        try:
            user, password = CreateAccount(actor=None, username=options["username"], values=values, reason="first administrator").run()
        except Refused as refused:
            raise CommandError(" ".join(f"{one.what.in_(lang)} {one.mend.in_(lang)}" for one in refused.faults)) from refused
        self.stdout.write(_MADE.format(name=user.username, password=password).in_(lang))


_THERE_IS_ONE = Text(
    "There is an active administrator already; accounts are made on the People page.",
    "활동 중인 관리자가 이미 있습니다. 계정은 '사용자' 화면에서 발급하십시오.",
)
_MADE = Text(
    "First administrator: {name}\nOne-time password:   {password}\nIt is shown only now and opens the desk for three days.",
    "첫 관리자: {name}\n일회용 비밀번호: {password}\n지금 한 번만 표시되며 3일 동안 유효합니다.",
)
