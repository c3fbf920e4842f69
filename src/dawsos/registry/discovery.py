"""Finding every capability by walking the agents' packages; a broken one stops the start, and all of them are named at once."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from dawsos.kernel.errors import Internal
from dawsos.registry.capability import Capability, Declaration, declaration_of
from dawsos.registry.catalogue import Agent, Registry
from dawsos.registry.conformity import examine


def _modules(package: ModuleType) -> Iterator[str]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield found.name


def _declared(module: ModuleType) -> Iterator[tuple[object, Declaration]]:
    for value in vars(module).values():
        declaration = declaration_of(value)
        if declaration is not None and inspect.getmodule(value) is module:
            yield value, declaration


def _import(name: str, problems: list[str]) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 (one module that cannot be imported must not hide the problems of the others)
        problems.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
        return None


def _agent(package: ModuleType, problems: list[str]) -> Agent:
    name = getattr(package, "AGENT", None)
    if not isinstance(name, str) or not name:
        problems.append(f'{package.__name__} does not name its agent: AGENT = "…" is missing.')
    purpose = (package.__doc__ or "").strip()
    if not purpose:
        problems.append(f"{package.__name__} has no docstring saying what the agent is for.")
    return Agent(name=str(name), purpose=purpose, package=package.__name__)


def _capabilities(package: ModuleType, agent: Agent, problems: list[str]) -> Iterator[Capability]:
    for name in _modules(package):
        module = _import(name, problems)
        for function, declaration in _declared(module) if module else ():
            found, broken = examine(function, declaration, agent.name)
            problems += [f"{declaration.name} ({name}): {problem}." for problem in broken]
            if found is not None:
                yield found


def _duplicates(capabilities: list[Capability]) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for one in capabilities:
        places.setdefault(one.name, []).append(one.qualified_name)
    for name, found in sorted(places.items()):
        if len(found) > 1:
            yield f"{name} is declared {len(found)} times: {', '.join(sorted(found))}."


def discover(package: str | ModuleType) -> Registry:
    """The registry of every capability in ``package``: one sub-package per agent, one module per capability.

    Raises :class:`Internal` with code ``registry_invalid`` listing, in ``details["problems"]`` and in the message, every duplicate name,
    unknown right, wrong signature, number without a unit, null without reasons, missing docstring, example or agent, and failed import.
    """
    root = importlib.import_module(package) if isinstance(package, str) else package
    problems: list[str] = []
    agents: list[Agent] = []
    found: list[Capability] = []
    for entry in pkgutil.iter_modules(root.__path__, f"{root.__name__}."):
        module = _import(entry.name, problems) if entry.ispkg else None
        if module is not None:
            agents.append(_agent(module, problems))
            found += _capabilities(module, agents[-1], problems)
    problems += _duplicates(found)
    if problems:
        listed = "".join(f"\n  - {problem}" for problem in problems)
        raise Internal(
            f"{len(problems)} problem(s) in the capabilities of {root.__name__}:{listed}",
            remedy="Correct the named capabilities; the registry starts only when all of them are sound.",
            code="registry_invalid",
            details={"problems": problems},
        )
    return Registry(found, agents)
