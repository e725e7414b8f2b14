"""When is an upload too large? While it arrives, not after: what comes beyond the limit is neither kept nor written anywhere."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from comity.vocab.text import Text
from comity_desk.lib.errors import TooLarge

ROOM = 200_000  # for the other fields of the form


class Limit(FileUploadHandler):
    """Drops a file once more has come than may; `over` says so afterwards."""

    chunk_size = 64 * 1024

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit, self.come, self.over = limit, 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand the data on, up to the limit."""
        self.come += len(raw_data)
        if self.come > self.limit:
            self.over = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler keeps the file."""


def limited(request: HttpRequest, limit: int) -> Limit:
    """Let no more than `limit` bytes of files come with this request; `TooLarge` where it says itself that there is more."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > limit + ROOM:
        raise too_large(limit)
    handler = Limit(request, limit)
    request.upload_handlers.insert(0, handler)
    return handler


def too_large(limit: int) -> TooLarge:
    """The refusal."""
    return TooLarge(_TOO_LARGE.format(mb=limit // 1_000_000))


_TOO_LARGE = Text("The file is larger than {mb} MB.", "파일이 {mb}MB보다 큽니다.")
