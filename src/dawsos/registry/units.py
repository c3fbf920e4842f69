"""Units: what a number in a contract counts, declared once beside the field and carried to every surface."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of one field, written as ``Annotated[Decimal, Money("currency")]`` or ``Annotated[float | None, Fraction]``.

    ``field`` names the field that completes the unit: the currency of an amount, or the unit of a value whose unit is data. It is looked
    for in the contract itself and then in the contracts around it. In the JSON schema the unit is ``x-unit``, the field ``x-unit-field``.
    On a list or a mapping the unit is that of the numbers inside.
    """

    name: str
    field: str | None = None

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        described["x-unit"] = self.name
        if self.field is not None:
            described["x-unit-field"] = self.field
        return described


def Money(currency: str) -> Unit:  # noqa: N802 (stands in annotations like the constants below)
    """An amount in the currency named by field ``currency``."""
    return Unit("money", currency)


def Price(currency: str) -> Unit:  # noqa: N802 (as above)
    """An amount per unit of quantity, in the currency named by field ``currency``."""
    return Unit("price", currency)


def UnitOf(field: str) -> Unit:  # noqa: N802 (as above)
    """A number whose unit is data: field ``field`` holds its name, as for macro series."""
    return Unit("declared", field)


Quantity: Final = Unit("quantity")
ExchangeRate: Final = Unit("exchange_rate")
#: A share, return, volatility or weight: 0.05 is five percent. Never percent.
Fraction: Final = Unit("fraction")
BasisPoints: Final = Unit("basis_points")
#: A pure number: a ratio, a beta, a z-score.
Number: Final = Unit("number")
#: A rating or score on its own documented scale.
Score: Final = Unit("score")
Count: Final = Unit("count")
Milliseconds: Final = Unit("milliseconds")
Seconds: Final = Unit("seconds")
Days: Final = Unit("days")
Years: Final = Unit("years")


def unit_of(metadata: tuple[object, ...] | list[object]) -> Unit | None:
    """The unit among the metadata of an annotated type, if it declares one."""
    return next((item for item in metadata if isinstance(item, Unit)), None)
