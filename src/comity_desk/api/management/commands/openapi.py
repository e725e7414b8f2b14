"""Writes the OpenAPI document, for programs that are made from it."""

from __future__ import annotations

import json
import os
from typing import Any

from django.core.management.base import BaseCommand

from comity.cli.words import both
from comity_desk.api.openapi import document


class Command(BaseCommand):
    """`comity-desk openapi`, in the language of the command line."""

    help = both("Write the API's OpenAPI document.", "API의 OpenAPI 문서를 출력합니다.")
    requires_system_checks = ()  # no database is needed

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it to standard output."""
        lang = "ko" if os.environ.get("COMITY_LANG") == "ko" else "en"
        self.stdout.write(json.dumps(document(lang), ensure_ascii=False, indent=1))
