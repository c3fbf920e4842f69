"""What texts have in common on every surface: who wrote them, and what they rest on."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from dawsos.agents.claude.facts import plain_of, topics_of
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction
from dawsos.services.context import RequestContext
from dawsos.services.prose.assistant import Composed, Task

NO_FIGURES = "the data holds no figure"


class Text(Contract):
    """Who wrote it: ``model`` names the model, null for a text by rule. ``confidence`` is the share of the figures that is known."""

    author: Literal["model", "rules"]
    model: str | None
    confidence: Annotated[float | None, Fraction]
    sources: tuple[str, ...]
    gaps: tuple[str, ...]
    reasons: dict[str, str]


async def composed(context: RequestContext, manner: str, data: Any, question: str = "", *, seconds: int = 3600) -> Composed:
    """The text about ``data``, grounded."""
    return await context.assistant.compose(
        context, Task(manner=manner, data=plain_of(data), topics=topics_of(data), question=question, seconds=seconds)
    )


def about(text: Composed, data: Any) -> dict[str, Any]:
    """The fields every text has."""
    reasons = {} if text.model else {"model": "it was written by rule"}
    total = text.known + text.missing
    if not total:
        reasons["confidence"] = NO_FIGURES
    return {
        "author": text.author,
        "model": text.model,
        "confidence": text.known / total if total else None,
        "sources": tuple(dict.fromkeys(_sources(plain_of(data)))),
        "gaps": text.gaps,
        "reasons": reasons,
    }


def _sources(value: Any) -> Sequence[str]:
    if isinstance(value, dict):
        own = value.get("sources", [])
        told = [str(one) for one in own] if isinstance(own, list) else []
        told += [str(value["source"])] if isinstance(value.get("source"), str) else []
        return told + [one for item in value.values() for one in _sources(item)]
    return [one for item in value for one in _sources(item)] if isinstance(value, list) else []
