"""The base of everything a capability takes and gives: closed, frozen and spelled one way on the wire."""

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from dawsos.kernel.canonical import plain_decimal

_DECIMAL_AS_TEXT = core_schema.plain_serializer_function_ser_schema(plain_decimal, return_schema=core_schema.str_schema(), when_used="json")


def _spell_decimals_plainly(schema: Any, handler: GetCoreSchemaHandler, seen: set[str], own: type[BaseModel]) -> None:
    """Give every decimal inside ``schema`` the canonical spelling: ``1E+2`` is written ``"100"``, also within lists and records.

    Contracts inside the contract ``own`` are left as they are: they spelled theirs when they were made.
    """
    if isinstance(schema, dict):
        if schema.get("type") == "model" and schema["cls"] is not own and issubclass(schema["cls"], Contract):
            return
        if schema.get("type") == "decimal":
            schema["serialization"] = _DECIMAL_AS_TEXT
        if schema.get("type") == "definition-ref" and schema["schema_ref"] not in seen:
            seen.add(schema["schema_ref"])
            _spell_decimals_plainly(handler.resolve_ref_schema(cast("CoreSchema", schema)), handler, seen, own)
        for part in schema.values():
            _spell_decimals_plainly(part, handler, seen, own)
    elif isinstance(schema, list | tuple):
        for part in schema:
            _spell_decimals_plainly(part, handler, seen, own)


class Contract(BaseModel):
    """A request or a result. Unknown fields are refused, values never change, floats are finite.

    It is also made from any record or contract that has its fields as attributes, so that agents need not share classes.

    Numbers declare their unit (:mod:`dawsos.registry.units`); a number that may be missing is nullable, and the contract or one around it
    has ``reasons: dict[str, str]`` to say why a field is null. Decimals travel as plain strings, dates in ISO form, enumerations by value.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True, allow_inf_nan=False, ser_json_inf_nan="constants", validate_default=True
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /) -> CoreSchema:
        schema = handler(source)
        _spell_decimals_plainly(schema, handler, set(), cls)
        return schema

    def plain(self) -> dict[str, Any]:
        """The contract as JSON values: what goes over the wire and into canonical bytes."""
        return self.model_dump(mode="json")
