"""The one form of success: the data, what the reader must know about it, and when and in which request it was given."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model
from starlette.responses import Response

from dawsos.kernel.canonical import canonical_bytes
from dawsos.registry.contract import Contract

Data = TypeVar("Data")
MEDIA_TYPE: Final = "application/json"


class Success(BaseModel, Generic[Data]):
    """An answer; ``warnings`` are what the reader must know about the data."""

    model_config = ConfigDict(frozen=True)

    status: Literal["success"]
    data: Data
    warnings: tuple[str, ...]
    trace_id: str
    timestamp: datetime


def answer_of(data: Any) -> Any:
    """The type of an answer holding ``data``, under the name it has in every client: ``PortfolioAnswer``, ``PackListAnswer``."""
    item = get_args(data)[0] if get_origin(data) is list else None
    name = f"{item.__name__}ListAnswer" if item else f"{data.__name__}Answer"
    base: type[Success[Any]] = Success[data]
    return create_model(name, __base__=base)


def plain(data: object) -> object:
    """``data`` with every contract in it as JSON values."""
    if isinstance(data, Contract):
        return data.plain()
    if isinstance(data, list | tuple):
        return [plain(item) for item in data]
    return data


def written(moment: datetime) -> str:
    """A moment as the API writes it: ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def envelope(*, moment: datetime, trace_id: str, warnings: Iterable[str], **more: object) -> dict[str, object]:
    """Everything of an answer but its data."""
    return {"status": "success", "timestamp": written(moment), "trace_id": trace_id, "warnings": list(warnings), **more}


def joined(first: bytes, second: bytes) -> bytes:
    """The JSON object with the members of two; neither is empty. Bytes that were made once are never parsed or made again."""
    return first[:-1] + b"," + second[1:]


def success_response(data: object, around: Mapping[str, object], status_code: int = 200) -> Response:
    """An answer holding the canonical bytes of ``data``."""
    body = joined(b'{"data":' + canonical_bytes(plain(data)) + b"}", canonical_bytes(around))
    return Response(body, status_code, media_type=MEDIA_TYPE)
