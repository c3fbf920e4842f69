"""Percentages only: what of a result may leave when no amount, no quantity and no name of a portfolio is to be seen outside."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from dawsos.registry.contract import Contract
from dawsos.registry.shapes import Field, fields_of, leaves

#: Units whose numbers are left out.
HIDDEN_UNITS: Final = frozenset({"money", "price", "quantity"})
MASK: Final = "•"
#: Text that names things everybody knows, not what somebody owns; numbers in it stay.
_PUBLIC: Final = """
    asof attribution base_currency currency cycle_type exchange factor figure frequency group headline indicator industry kind method
    method_version missing model name net_cash_currency origin phase phase_label pricing_pack_id publisher quote_ccy rating_type regime
    scenario_id scenario_name sector series_id source sources symbol symbols symbols_text title unit url
    """
_PUBLIC_NAMES: Final = frozenset(_PUBLIC.split())
_NUMBERS: Final = (int, float, Decimal)
#: An ISO date, a percentage, or any other number; only the last is hidden.
_STATED: Final = re.compile(
    r"(?P<kept>\b\d{4}-\d{2}-\d{2}\b|[-−+]?\d[\d,.'’]*\s?(?:%|percent\b|per cent\b))|(?P<hidden>\d(?:[\d,.'’\u202f\u00a0]*\d)?)"
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Hides amounts by the units of results, and ``names`` wherever they are written."""

    names: tuple[str, ...] = ()

    def result(self, value: Contract) -> Any:
        """A result as JSON values without its amounts: fields that hold any are left out, numbers in free text are masked."""
        return self._redacted(value, value.plain(), is_public=False)

    def text(self, text: str) -> str:
        """Free text with every number masked that is no percentage and no date, and without the names."""
        return _STATED.sub(lambda found: found["kept"] or MASK, self._unnamed(text))

    def _unnamed(self, text: str) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "portfolio", text, flags=re.IGNORECASE)
        return text

    def _redacted(self, value: Any, plain: Any, *, is_public: bool) -> Any:
        fields = fields_of(type(value))
        if fields is not None and isinstance(plain, Mapping):
            return {
                name: self._redacted(getattr(value, name), plain[name], is_public=name in _PUBLIC_NAMES or not _is_free(field))
                for name, field in fields.items()
                if name in plain and not is_hidden(field)
            }
        if isinstance(value, Mapping) and isinstance(plain, Mapping):
            items = zip(value.values(), plain.items(), strict=True)
            return {self._unnamed(str(name)): self._redacted(item, inner, is_public=is_public) for item, (name, inner) in items}
        if isinstance(plain, list) and isinstance(value, Sequence) and not isinstance(value, str):
            return [self._redacted(item, inner, is_public=is_public) for item, inner in zip(value, plain, strict=True)]
        if isinstance(plain, str):
            return self._unnamed(plain) if is_public else self.text(plain)
        return plain


def is_hidden(field: Field) -> bool:
    """Whether numbers of this field are amounts, or might be: a number nobody says the unit of, or anything at all."""
    if field.unit is not None:
        return field.unit.name in HIDDEN_UNITS
    return any(leaf in _NUMBERS or leaf in {Any, object} for leaf in leaves(field.annotation))


def _is_free(field: Field) -> bool:
    return any(leaf is str for leaf in leaves(field.annotation))


def redacted_schema(schema: Any) -> Any:
    """The JSON schema of results without their amounts. Nothing is required in it: what is there is described, what is hidden is not."""
    if isinstance(schema, Mapping):
        kept = {}
        for name, part in schema.items():
            if name == "required":
                continue
            if name == "properties":
                kept[name] = {key: redacted_schema(one) for key, one in part.items() if not _says_amount(one)}
            elif name not in {"examples", "default"}:
                kept[name] = redacted_schema(part)
        return kept
    return [redacted_schema(part) for part in schema] if isinstance(schema, list) else schema


def _says_amount(schema: Any) -> bool:
    units = list(_units(schema))
    if units:
        return units[0] in HIDDEN_UNITS
    described = {name for name in schema if name not in {"title", "description", "default"}} if isinstance(schema, Mapping) else set()
    return not described


def _units(schema: Any) -> Iterable[str]:
    if isinstance(schema, Mapping):
        if "x-unit" in schema:
            yield str(schema["x-unit"])
        for name, part in schema.items():
            if name != "properties":
                yield from _units(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _units(part)
