"""The API as a whole: its parts, who gets in, how bodies are read and refusals told. `urls` puts it behind its addresses."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.operation import Operation

from comity_desk.api import attachments, jobs, kinds, measures, pages, problems, proposals, records, searching, snapshots
from comity_desk.api.entering import Session, Token
from comity_desk.api.parsing import StrictJson

VERSION = "1.0"


class DeskAPI(NinjaAPI):
    """The framework's API; an operation is called like its function."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name."""
        return operation.view_func.__name__


api = DeskAPI(title="Comity", version=VERSION, openapi_url=None, docs_url=None, urls_namespace="api", auth=[Token(), Session()], parser=StrictJson())
problems.installed(api)
for part in (snapshots, kinds, records, attachments, searching, measures, proposals, jobs, pages):
    api.add_router("", part.router)
