"""The fields of contracts as tables: what they are called, hold and count."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from dawsos.registry.shapes import Field, fields_of, leaves, name_of
from tools.reference.markdown import code, table


def field_table(contract: type[BaseModel], *, is_request: bool) -> str:
    """The fields of ``contract``; for requests also what stands in for one that is not given."""
    header = ("field", "type", "unit", *(("when not given",) if is_request else ()))
    return table(header, (_row(contract, field, is_request=is_request) for field in (fields_of(contract) or {}).values()))


def _row(contract: type[BaseModel], field: Field, *, is_request: bool) -> tuple[str, ...]:
    shown = (code(field.name), name_of(field.annotation), _unit(field))
    return (*shown, _default(contract, field)) if is_request else shown


def _unit(field: Field) -> str:
    if field.unit is None:
        return ""
    return f"{field.unit.name} (`{field.unit.field}`)" if field.unit.field else field.unit.name


def _default(contract: type[BaseModel], field: Field) -> str:
    info = contract.model_fields[field.name]
    if info.is_required():
        return "required"
    default = info.get_default(call_default_factory=True, validated_data={})
    return (
        "null" if default is None or default is PydanticUndefined else code(str(default).lower() if isinstance(default, bool) else default)
    )


def contracts_inside(contract: Any, seen: dict[type, None] | None = None) -> Iterator[type[BaseModel]]:
    """Every contract that fields of ``contract`` hold, at any depth, each once."""
    known = {} if seen is None else seen
    for field in (fields_of(contract) or {}).values():
        for leaf in leaves(field.annotation):
            if isinstance(leaf, type) and issubclass(leaf, BaseModel) and leaf not in known:
                known[leaf] = None
                yield leaf
                yield from contracts_inside(leaf, known)
