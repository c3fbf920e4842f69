"""Reference pages say what they are made from, and a stale one is noticed."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from dawsos.registry import Contract, Count, Money
from tools.generated import FILES, stale
from tools.reference.errors import raised
from tools.reference.fields import contracts_inside, field_table
from tools.reference.markdown import page, table
from tools.reference.settings import settings_page
from tools.reference.tables import read_tables

SCHEMA = """-- Things.

create table public.things (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null references public.users (id),
    amount numeric(20,2) not null default 0,
    settings jsonb,
    flag text generated always as ('x') stored,
    constraint things_amount check (
        amount >= 0
    ),
    primary key (id)
);
comment on table public.things is 'What''s there.';
comment on column public.things.amount is
    'How much, in the owner''s currency.';
alter table public.things enable row level security;
create view public.latest_thing with (security_invoker = true) as select id from public.things;
comment on view public.latest_thing is 'The newest.';
"""


class Part(Contract):
    """A part."""

    price: Annotated[Decimal | None, Money("currency")]


class Whole(Contract):
    """A whole."""

    parts: tuple[Part, ...]
    currency: str
    limit: Annotated[int, Count, Field(ge=1)] = 10
    note: str | None = None


def test_a_schema_is_read_with_types_nulls_and_comments():
    things, latest = read_tables(SCHEMA)
    assert things.name == "public.things"
    assert things.comment == "What's there."
    assert things.is_secured
    assert things.columns == {
        "id": ("uuid", True),
        "owner_id": ("uuid", True),
        "amount": ("numeric(20,2)", True),
        "settings": ("jsonb", False),
        "flag": ("text", False),
    }
    assert things.comments == {"amount": "How much, in the owner's currency."}
    assert (latest.name, latest.comment, latest.is_secured) == ("public.latest_thing", "The newest.", False)


def test_fields_are_shown_with_units_and_what_stands_in():
    assert field_table(Whole, is_request=True).splitlines()[2:] == [
        "| `parts` | tuple[Part] |  | required |",
        "| `currency` | str |  | required |",
        "| `limit` | int | count | `10` |",
        "| `note` | str or null |  | null |",
    ]
    assert field_table(Part, is_request=False).splitlines()[2:] == ["| `price` | Decimal or null | money (`currency`) |"]
    assert list(contracts_inside(Whole)) == [Part]


def test_codes_are_read_from_where_errors_are_raised():
    source = """
raise NotFound(f"There is no {name}.", remedy="Look.", code="thing_not_found")
raise Invalid("No code of its own.")
failure(error, "x", code="a" if late else "b", remedy=r)
Failure(status=400, detail="Unknown host.", code="unknown_host")
print("x", code="no_error")
"""
    assert [(one.code, one.status, one.message, one.remedy, one.module) for one in raised(source, "m")] == [
        ("thing_not_found", 404, "There is no {…}.", "Look.", "m"),
        ("a", 500, "{…}", "{…}", "m"),
        ("b", 500, "{…}", "{…}", "m"),
        ("unknown_host", 400, "Unknown host.", "", "m"),
    ]


def test_settings_name_their_variables_and_no_machine():
    written = settings_page()
    assert "| `DAWSOS_PORT` | int | `8000` | Port the web server listens on. |" in written
    assert "`DATABASE_URL`, `DAWSOS_DATABASE_URL`" in written
    assert "/home" not in written
    assert "/root" not in written


def test_a_cell_cannot_break_its_table():
    assert table(("a",), [("x | y\nz",)]).splitlines()[-1] == "| x \\| y z |"
    assert table(("a",), []) == ""
    assert page("T", "", "one").count("\n\n") == 2


def test_a_file_that_is_missing_or_differs_is_stale(tmp_path):
    (tmp_path / "same.md").write_text("same")
    (tmp_path / "old.md").write_text("old")
    assert stale(tmp_path, {"same.md": "same", "old.md": "new", "gone.md": ""}) == ["old.md", "gone.md"]


def test_every_reference_page_and_the_description_of_the_api_are_generated():
    assert set(FILES) == {
        "web/openapi.json",
        *(f"docs/reference/{name}.md" for name in ("capabilities", "patterns", "settings", "errors", "tables", "cli", "caches")),
    }
