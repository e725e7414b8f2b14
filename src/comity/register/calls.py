"""How does a program speak with a desk? Over TLS that is always checked, with a token that goes to that desk alone, patient within limits.

Plain HTTP is for this machine itself. Redirects are refused: a token never follows one. An answer that asks for patience (429, 503) is
waited for as long as it says, up to a minute, and asked again; what changed something is asked again only under a name by which the desk knows it.
Needs `httpx` (the extra `comity[client]`), which is loaded on first use.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from comity.vocab.errors import DeskRefused, DeskUnreachable, EngineMissing, NotSignedIn, UnsafeAddress
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    import httpx

PREFIX = "/api/v1"
TRIES = 5
LONGEST_WAIT = 60.0
PATIENT = (429, 503)


@dataclass
class Calls:
    """A line to one desk: `get`, `post`, `download`; refusals are raised."""

    url: str
    token: str = field(repr=False)
    lang: Lang = "en"
    timeout: float = 60.0
    certificates: Path | None = None
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        self.url = checked_address(self.url)
        self._client: httpx.Client | None = None

    def get(self, path: str, parameters: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """The answer to a question; 304 is one."""
        return self._answered("GET", path, parameters=parameters, headers=headers)

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None, *, parameters: Mapping[str, Any] | None = None) -> httpx.Response:
        """The answer to a change."""
        return self._answered("POST", path, body=body, headers=headers, parameters=parameters)

    @contextmanager
    def download(self, path: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a file, piece by piece."""
        response = self._answered("GET", path, stream=True)
        try:
            yield self._pieces(response)
        finally:
            response.close()

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        import httpx

        try:
            yield from response.iter_bytes()
        except httpx.HTTPError as error:
            raise DeskUnreachable(_BROKE_OFF.format(url=self.url)) from error

    def _answered(self, method: str, path: str, *, stream: bool = False, **told: Any) -> httpx.Response:
        again = method == "GET" or "Idempotency-Key" in (told.get("headers") or {})
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            response = self._sent(method, path, stream=stream, may_fail=again and not last, **told)
            if response is None:
                self.sleep(2.0**attempt)
            elif response.status_code in PATIENT and not last and (wait := _wait(response, attempt)) <= LONGEST_WAIT:
                response.close()
                self.sleep(wait)
            else:
                return self._accepted(response)
        raise AssertionError("the last try always ends")

    def _sent(self, method: str, path: str, *, stream: bool, may_fail: bool, **told: Any) -> httpx.Response | None:
        """One try; None where the desk could not be reached and another try may help."""
        client = self._opened()
        import httpx

        parameters = {name: value for name, value in (told.get("parameters") or {}).items() if value is not None}
        request = client.build_request(method, own_path(path), params=parameters or None, json=told.get("body"), headers=told.get("headers"))
        try:
            return client.send(request, stream=stream)
        except httpx.HTTPError as error:
            if may_fail:
                return None
            raise DeskUnreachable(_UNREACHABLE.format(url=self.url, why=type(error).__name__)) from error

    def _accepted(self, response: httpx.Response) -> httpx.Response:
        if response.is_success or response.status_code == 304:
            return response
        response.read()
        problem = _problem(response)
        if response.is_redirect:
            raise DeskRefused(_REDIRECT.format(url=self.url), response.status_code, problem)
        said = _REFUSED.format(status=response.status_code, detail=problem.get("detail") or problem.get("title") or response.reason_phrase)
        raise (NotSignedIn if response.status_code == 401 else DeskRefused)(said, response.status_code, problem)

    def _opened(self) -> httpx.Client:
        if self._client is None:
            try:
                import httpx
            except ImportError as error:
                raise EngineMissing(_NO_HTTPX) from error
            plain = urlsplit(self.url).scheme == "http"
            headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.lang, "User-Agent": "comity"}
            verify: Any = True
            if self.certificates is not None:
                import ssl

                verify = ssl.create_default_context(cafile=str(self.certificates))
            self._client = httpx.Client(
                base_url=self.url, headers=headers, timeout=self.timeout, verify=verify, follow_redirects=False, trust_env=not plain
            )  # a proxy of the environment must not see what goes to this machine in the clear
        return self._client


def checked_address(url: str) -> str:
    """The address of a desk without its tail, if a token may be sent there: https, or http on this machine itself."""
    parts = urlsplit(url.strip())
    secure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if not secure or not parts.hostname or parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/"):
        raise UnsafeAddress(_UNSAFE.format(url=repr(url)))
    return f"{parts.scheme}://{parts.netloc}"


def own_path(path: str) -> str:
    """An address that a desk's answer names, if it is one of that desk's own API."""
    if ":" in path.partition("/")[0] or "\\" in path:
        raise UnsafeAddress(_UNSAFE.format(url=repr(path)))
    if not path.startswith("/"):
        return f"{PREFIX}/{path}"
    if not path.startswith(f"{PREFIX}/"):
        raise UnsafeAddress(_UNSAFE.format(url=repr(path)))
    return path


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wait(response: httpx.Response, attempt: int) -> float:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else 2.0**attempt


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


_NO_HTTPX = Text("Speaking with a desk needs httpx: install comity[client].", "데스크에 연결하려면 httpx가 필요합니다. comity[client]를 설치하십시오.")
_UNSAFE = Text(
    "{url} is no address to send a token to. Write https://host, or http://localhost:port for a desk on this machine.",
    "{url}(으)로는 토큰을 보낼 수 없습니다. https://호스트 또는 이 컴퓨터의 데스크라면 http://localhost:포트로 적으십시오.",
)
_UNREACHABLE = Text("The desk at {url} cannot be reached ({why}).", "{url} 데스크에 연결할 수 없습니다({why}).")
_BROKE_OFF = Text("The answer of the desk at {url} broke off.", "{url} 데스크의 응답이 중간에 끊겼습니다.")
_REDIRECT = Text("The desk at {url} points elsewhere; redirects are not followed.", "{url} 데스크가 다른 주소를 가리킵니다. 다른 주소로는 따라가지 않습니다.")
_REFUSED = Text("The desk refused ({status}): {detail}", "데스크가 거부했습니다({status}): {detail}")
