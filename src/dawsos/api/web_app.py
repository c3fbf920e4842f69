"""Serves the web app: its files as they are, its start page for every other address, and nothing for addresses of the API."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

import dawsos

#: Where the build puts it, in a checkout and in a wheel.
BUILT: Final = Path(dawsos.__path__[0]) / "_assets" / "web"
#: Addresses of machines: an unknown one among them is an error, never a page.
API_PATHS: Final = ("/v1", "/api", "/health", "/metrics", "/openapi.json")
_HASHED: Final = "assets/"
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NOT_BUILT: Final = """The web app of DawsOS has not been built.

  make web

builds it; the API works without it: see /health and /openapi.json.
"""


class WebApp:
    """Answers what no route does. ``built`` is the folder with ``index.html``."""

    def __init__(self, built: Path) -> None:
        self._built = built

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        if _is_for_machines(scope["path"]) or scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404)
        response = await self._page(scope, scope["path"].lstrip("/"))
        await response(scope, receive, send)

    async def _page(self, scope: Scope, path: str) -> Response:
        if not (self._built / "index.html").is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        files = StaticFiles(directory=self._built)
        response = await self._file(files, path, scope)
        if response is None and path.startswith(_HASHED):
            raise HTTPException(404)
        if response is not None:
            response.headers["Cache-Control"] = _FOREVER if path.startswith(_HASHED) else _ASK_AGAIN
            return response
        start = await files.get_response("index.html", scope)
        start.headers["Cache-Control"] = _ASK_AGAIN
        return start

    async def _file(self, files: StaticFiles, path: str, scope: Scope) -> Response | None:
        try:
            return await files.get_response(path, scope) if path else None
        except HTTPException as error:
            if error.status_code == 404:
                return None
            raise


def _is_for_machines(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in API_PATHS)
