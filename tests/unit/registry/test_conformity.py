"""Every rule a capability must keep, broken once."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import pytest

from dawsos.registry import CallContext, Contract, Count, Fraction, Money, capability
from dawsos.registry.capability import declaration_of
from dawsos.registry.conformity import examine


class Request(Contract):
    window: Annotated[int, Count] = 252


class Result(Contract):
    done: bool


def problems_of(function):
    found, problems = examine(function, declaration_of(function), "FinancialAnalyst")
    assert (found is None) == bool(problems)
    return problems


def declared(request=Request, result=Result, doc="What it gives.", **changes):
    async def verb(context: CallContext, request: request) -> result:
        return result()

    verb.__doc__ = doc
    facts = {"name": "family.verb", "rights": ("portfolio_read",), "ttl": 60, "example": {}} | changes
    return capability(**facts)(verb)


def test_a_sound_capability_becomes_a_record():
    found, problems = examine(declared(doc="What it gives.\n\nAt length."), declaration_of(declared()), "FinancialAnalyst")
    assert problems == []
    assert (found.name, found.agent, found.rights, found.ttl, found.timeout, found.cost) == (
        "family.verb", "FinancialAnalyst", ("portfolio_read",), 60, 10.0, "low",
    )  # fmt: skip
    assert (found.summary, found.description) == ("What it gives.", "What it gives.\n\nAt length.")
    assert (found.request, found.result) == (Request, Result)
    assert found.qualified_name.endswith("declared.<locals>.verb")


def test_what_is_not_declared_is_no_capability():
    async def verb(context, request):
        """Nothing."""

    verb_marked = lambda: None  # noqa: E731
    verb_marked.__dawsos_capability__ = "forged"
    assert declaration_of(verb) is None
    assert declaration_of(verb_marked) is None
    assert declaration_of(3) is None


@pytest.mark.parametrize("name", ["Ledger.positions", "ledger.", "ledger.positions.all", "ledger positions", ""])
def test_a_name_not_of_the_form_family_verb_is_refused(name):
    assert problems_of(declared(name=name)) == [f"the name {name!r} is not of the form family.verb"]


def test_a_capability_without_rights_is_refused():
    assert problems_of(declared(rights=())) == ["it names no right an actor must have"]


def test_an_unknown_right_is_refused_with_the_near_ones():
    assert problems_of(declared(rights=("portfolio_reed",)))[0].startswith(
        "the right 'portfolio_reed' does not exist. Did you mean 'portfolio_read'"
    )


def test_a_negative_ttl_and_no_time_to_run_are_refused():
    assert problems_of(declared(ttl=-1, timeout=0)) == [
        "its ttl of -1 seconds is negative",
        "its timeout of 0 seconds leaves no time to run",
    ]


@pytest.mark.parametrize("doc", [None, "  "])
def test_a_capability_without_a_docstring_is_refused(doc):
    assert problems_of(declared(doc=doc)) == ["it has no docstring saying what it gives"]


def test_types_that_are_no_contracts_are_refused():
    assert problems_of(declared(request=dict, result=dict[str, int])) == ["its request is no Contract", "its result is no Contract"]


def test_a_plain_function_with_other_parameters_is_refused():
    @capability(name="family.verb", rights=("portfolio_read",), ttl=0, example={})
    def verb(request: Request) -> Result:
        """What it gives."""
        return Result(done=True)

    assert problems_of(verb) == ["it is not an async function", "its parameters are not (context, request)"]


def test_a_missing_example_is_refused():
    assert problems_of(declared(example=None)) == ["it has no example request"]


def test_an_example_that_does_not_validate_is_refused():
    assert problems_of(declared(example={"window": "long"}))[0].startswith("its example is refused: window: Input should be")
    assert problems_of(declared(example=3))[0].startswith("its example is refused: request: Input should be")


def test_a_number_without_a_unit_is_refused_wherever_it_lies():
    class Row(Contract):
        value: Decimal

    class Rows(Contract):
        rows: list[Row]
        shares: dict[str, float]
        flags: list[bool]

    assert problems_of(declared(result=Rows)) == ["Row.value is a number without a unit", "Rows.shares is a number without a unit"]


def test_an_amount_whose_currency_is_nowhere_is_refused():
    class Row(Contract):
        value: Annotated[Decimal, Money("currency")]

    class Rows(Contract):
        rows: tuple[Row, ...]

    class Complete(Contract):
        rows: tuple[Row, ...]
        currency: str

    assert problems_of(declared(result=Complete)) == []
    assert problems_of(declared(result=Rows)) == [
        "Row.value has its unit in field 'currency', which neither Row nor a contract around it has"
    ]


def test_r2_a_null_that_nothing_explains_is_refused():
    class Bare(Contract):
        twr: Annotated[float | None, Fraction]

    class Wrong(Contract):
        twr: Annotated[float | None, Fraction]
        reasons: list[str]

    class Outer(Contract):
        inner: Bare
        reasons: dict[str, str]

    class Row(Contract):
        price: Annotated[float | None, Fraction]
        reason: str | None

    complaint = "{}.twr may be null, and neither it nor a contract around it has 'reasons: dict[str, str]'"
    assert problems_of(declared(result=Bare)) == [complaint.format("Bare")]
    assert problems_of(declared(result=Wrong)) == [complaint.format("Wrong")]
    assert problems_of(declared(result=Outer)) == []
    assert problems_of(declared(result=Row)) == []
    assert problems_of(declared(request=Bare, example={"twr": None})) == []


def test_records_of_lower_layers_need_no_units_but_their_nulls_are_explained():
    @dataclass(frozen=True)
    class Lot:
        qty_open: Decimal
        closed: Decimal | None

    class Lots(Contract):
        lots: list[Lot]

    class ExplainedLots(Contract):
        lots: list[Lot]
        reasons: dict[str, str]

    assert problems_of(declared(result=ExplainedLots)) == []
    assert problems_of(declared(result=Lots))[0].startswith("Lot.closed may be null")


class Tree(Contract):
    size: Decimal
    branches: tuple["Tree", ...] = ()


def test_a_contract_that_holds_itself_is_examined_once():
    assert problems_of(declared(result=Tree)) == ["Tree.size is a number without a unit"]
