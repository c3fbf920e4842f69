"""A small theatre for the orchestrator: one capability whose behaviour each test writes, and patterns put together from a few lines."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.patterns import Orchestrator, check_text
from dawsos.registry import CallContext, Contract, Count, Number, Registry, capability
from tests.unit.patterns.overview_capabilities import capability_of


class PartRequest(Contract):
    """What a part is told: its role, and what earlier parts said."""

    role: str
    given: Annotated[float | None, Number] = None
    needed: Annotated[float, Number] = 0.0
    listed: tuple[Annotated[float | None, Number], ...] = ()
    day: date | None = None
    portfolio_id: UUID | None = None


class PartRow(Contract):
    name: str
    size: Annotated[float | None, Number]


class PartResult(Contract):
    """What a part says."""

    role: str
    value: Annotated[float | None, Number]
    flag: bool | None = True
    calls: Annotated[int, Count] = 1
    rows: tuple[PartRow, ...] = ()
    names: tuple[str, ...] = ("x", "y")
    reasons: dict[str, str] = Field(default_factory=dict)


Behaviour = Callable[[CallContext, PartRequest], Awaitable[PartResult]]


class Stage:
    """Plays a pattern of parts; ``behaviours`` says what a role does, by default it answers with ``given + 1``."""

    def __init__(self, **behaviours: Behaviour) -> None:
        self.behaviours = behaviours
        self.played: list[str] = []
        self.slept: list[float] = []
        self.registry = Registry([self._capability("part.play"), self._capability("part.other", agent="MacroHound", repeatable=False)])

    def _capability(self, name, agent="FinancialAnalyst", *, repeatable=True):
        @capability(name=name, rights=("portfolio_read",), ttl=0, timeout=5.0, repeatable=repeatable, example={"role": "x"})
        async def play(context: CallContext, request: PartRequest) -> PartResult:
            """Plays one role."""
            self.played.append(request.role)
            if request.role in self.behaviours:
                return await self.behaviours[request.role](context, request)
            context.provenance.note(source="stage", asof=date(2025, 11, 3), origin="computed", method_version=f"{request.role}/1")
            return PartResult(role=request.role, value=(request.given or 0.0) + request.needed + 1.0)

        return capability_of(play, agent)

    def pattern(self, steps, *, outputs=None, inputs="", panels="", rights="portfolio_read"):
        """A checked pattern of ``steps``, each a line ``name: rest of the step in flow style``."""
        lines = [f"  - {{capability: part.play, as: {name}, {rest}}}" for name, rest in steps.items()]
        text = "\n".join(
            [
                "id: play", "name: Play", "description: A play.", 'version: "1.0"', "category: portfolio", f"inputs: {{{inputs}}}",
                "steps:", *[line.replace("capability: part.play, as: other", "capability: part.other, as: other") for line in lines],
                f"outputs: [{', '.join(outputs or steps)}]", f"panels: [{panels}]", f"rights_required: [{rights}]",
                "export_allowed: {pdf: true, csv: true, excel: false}",
            ]
        )  # fmt: skip
        found, problems = check_text(text, "play.yaml", self.registry)
        assert problems == []
        return found

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def orchestrator(self, **more) -> Orchestrator:
        return Orchestrator(self.registry, sleep=self.sleep, chance=Top(), **more)


class Top:
    """Chance that always draws the largest number."""

    def uniform(self, a, b):
        assert a < b
        return b


def role(name, **args):
    """The arguments of a part: its role, and references under their names."""
    given = "".join(f', {key}: "{{{{ {reference} }}}}"' for key, reference in args.items())
    return f"args: {{role: {name}{given}}}"
