"""Whether a declared capability keeps the rules: name, rights, types, units, reasons, docstring, example."""

import inspect
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, get_type_hints

from pydantic import ValidationError

from dawsos.kernel.identity import ALL_RIGHTS
from dawsos.registry.capability import Capability, Declaration
from dawsos.registry.contract import Contract
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import Field, fields_of, is_nullable, leaves, value_type

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_NUMBERS: Final = (int, float, Decimal)


def _name_problems(declared: Declaration) -> Iterator[str]:
    if not _NAME.fullmatch(declared.name):
        yield f"the name {declared.name!r} is not of the form family.verb"


def _right_problems(declared: Declaration) -> Iterator[str]:
    if not declared.rights:
        yield "it names no right an actor must have"
    for right in sorted(set(declared.rights) - ALL_RIGHTS):
        yield f"the right {right!r} does not exist. {did_you_mean(right, ALL_RIGHTS)}".strip()


def _limit_problems(declared: Declaration) -> Iterator[str]:
    if declared.ttl < 0:
        yield f"its ttl of {declared.ttl} seconds is negative"
    if declared.timeout <= 0:
        yield f"its timeout of {declared.timeout} seconds leaves no time to run"


def _docstring_problems(function: Any) -> Iterator[str]:
    if not (function.__doc__ or "").strip():
        yield "it has no docstring saying what it gives"


def _contract_types(function: Any) -> tuple[Any, Any, list[str]]:
    parameters = list(inspect.signature(function).parameters)
    hints = get_type_hints(function)
    problems = []
    if not inspect.iscoroutinefunction(function):
        problems.append("it is not an async function")
    if len(parameters) != 2 or parameters != ["context", "request"]:
        problems.append("its parameters are not (context, request)")
    request, result = hints.get("request"), hints.get("return")
    for role, found in (("request", request), ("result", result)):
        if not (isinstance(found, type) and issubclass(found, Contract)):
            problems.append(f"its {role} is no Contract")
    return request, result, problems


def _nested(annotation: Any) -> Iterator[type]:
    return (leaf for leaf in leaves(annotation) if fields_of(leaf) is not None)


def _explains_nulls(fields: dict[str, Field]) -> bool:
    reasons = fields.get("reasons")
    return "reason" in fields or (reasons is not None and value_type(reasons.annotation) is str)


def _field_problems(shape: type, field: Field, around: tuple[dict[str, Field], ...]) -> Iterator[str]:
    place = f"{shape.__name__}.{field.name}"
    is_number = any(leaf in _NUMBERS for leaf in leaves(field.annotation))
    if is_number and field.unit is None and issubclass(shape, Contract):
        yield f"{place} is a number without a unit"
    if field.unit is not None and field.unit.field is not None and not any(field.unit.field in known for known in around):
        yield f"{place} has its unit in field {field.unit.field!r}, which neither {shape.__name__} nor a contract around it has"


def contract_problems(
    shape: type, *, explain_nulls: bool, around: tuple[dict[str, Field], ...] = (), seen: frozenset[type] = frozenset()
) -> Iterator[str]:
    """Numbers without units, units without their field and, for results, nulls nothing would explain; nested contracts included."""
    fields = dict(fields_of(shape) or {})
    around, seen = (*around, fields), seen | {shape}
    explained = any(_explains_nulls(known) for known in around)
    for field in fields.values():
        yield from _field_problems(shape, field, around)
        if explain_nulls and is_nullable(field.annotation) and not explained:
            yield f"{shape.__name__}.{field.name} may be null, and neither it nor a contract around it has 'reasons: dict[str, str]'"
        for inner in _nested(field.annotation):
            if inner not in seen:
                yield from contract_problems(inner, explain_nulls=explain_nulls, around=around, seen=seen)


def _example_problems(declared: Declaration, request: type[Contract]) -> Iterator[str]:
    if declared.example is None:
        yield "it has no example request"
        return
    try:
        request.model_validate(declared.example)
    except ValidationError as error:
        for problem in error.errors():
            yield f"its example is refused: {'.'.join(map(str, problem['loc'])) or 'request'}: {problem['msg']}"


def examine(function: Any, declared: Declaration, agent: str) -> tuple[Capability | None, list[str]]:
    """The capability declared by ``function``, or None, and every rule it breaks."""
    request, result, problems = _contract_types(function)
    problems += [*_name_problems(declared), *_right_problems(declared), *_limit_problems(declared), *_docstring_problems(function)]
    if not problems:
        problems += contract_problems(request, explain_nulls=False)
        problems += contract_problems(result, explain_nulls=True)
        problems += _example_problems(declared, request)
    if problems:
        return None, problems
    description = inspect.cleandoc(function.__doc__)
    return (
        Capability(
            name=declared.name,
            agent=agent,
            summary=description.splitlines()[0],
            description=description,
            request=request,
            result=result,
            rights=declared.rights,
            ttl=declared.ttl,
            timeout=declared.timeout,
            cost=declared.cost,
            repeatable=declared.repeatable,
            example=dict(declared.example or {}),
            qualified_name=f"{function.__module__}.{function.__qualname__}",
            function=function,
        ),
        [],
    )
