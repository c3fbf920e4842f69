"""A home of its own with a real embedded server, a few securities, prices and packs; and ``dawsos`` to be called in it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from dawsos.cli.main import app
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH
from dawsos.store.embedded import FAST_TEST_SETTINGS, EmbeddedServer, find_binaries

OWNER: Final = "owner@example.org"
#: What must not change when nothing was written.
WATCHED: Final = (
    "public.transactions", "public.lots", "public.ledger_snapshots", "public.ledger_transactions", "app.import_batches", "public.audit_log",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a call wrote and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """A home directory with a server, and the command line in it."""

    directory: Path
    server: EmbeddedServer

    def __call__(self, *arguments: object, text: str | None = None, **environment: str) -> Said:
        settings = {"DAWSOS_HOME": str(self.directory), "DATABASE_URL": None, "DAWSOS_DATABASE_URL": None, "NO_COLOR": "1", **environment}
        done = CliRunner().invoke(app, [str(one) for one in arguments], input=text, env=settings, catch_exceptions=False)
        return Said(done.exit_code, done.stdout, done.stderr)

    def ok(self, *arguments: object, **settings: Any) -> Said:
        """The call, which must succeed."""
        said = self(*arguments, **settings)
        assert said.code == 0, (said.out, said.err)
        return said

    def rows(self) -> dict[str, int]:
        """How many rows every watched table has, seen by the administrator."""
        with psycopg.connect(self.server.endpoint().dsn(database="dawsos")) as connection:
            return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in WATCHED}  # type: ignore[index]

    def ledger(self, portfolio: str) -> str:
        """The hash of the portfolio's ledger, as its newest entry has it."""
        newest = """
            select t.ledger_commit_hash from public.transactions t join public.portfolios p on p.id = t.portfolio_id
            where p.name = %s order by t.sequence desc limit 1
        """
        with psycopg.connect(self.server.endpoint().dsn(database="dawsos")) as connection:
            row = connection.execute(newest, [portfolio]).fetchone()
        return EMPTY_LEDGER_HASH if row is None else str(row[0])


def new_home() -> Home:
    """An empty home with a server that has begun; fast, because nobody minds losing its data."""
    directory = Path("/tmp") / f"dawsos-cli-{uuid4().hex[:10]}"
    server = EmbeddedServer(directory / "postgresql", find_binaries(), extra_settings=FAST_TEST_SETTINGS)
    return Home(directory, server)


def close(home: Home) -> None:
    home.server.stop(immediate=True)
    shutil.rmtree(home.directory, ignore_errors=True)


SECURITIES: Final = """symbol,name,security_type,currency,sector,industry,exchange
ABC,Alphabet Soup Ltd.,EQUITY,CAD,Consumer Staples,Packaged Foods,TSX
USX,United Steel Example,EQUITY,USD,Materials,Steel,NYSE
"""
#: One week in January 2020; the 1st had no rates, the 4th and 5th are a weekend.
DAYS: Final = ("2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07", "2020-01-08")
PRICES: Final = "date,symbol,close,currency\n" + "".join(
    f"{day},ABC,{10 + index}.00,CAD\n{day},USX,{50 - index}.50,USD\n" for index, day in enumerate(DAYS)
)


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    """The home all tests share; each has portfolios of its own."""
    made = new_home()
    made.server.start()
    made.ok("db", "migrate")
    files = made.directory / "files"
    files.mkdir()
    (files / "securities.csv").write_text(SECURITIES)
    (files / "prices.csv").write_text(PRICES)
    made.ok("user", "create", OWNER, "--role", "MANAGER", "--generate")
    made.ok("policy", "set", "ECB_CLOSE", "--prices", "FILE", "--rates", "ECB", "--description", "For tests.")
    made.ok("securities", "import", files / "securities.csv")
    made.ok("prices", "import", files / "prices.csv", "--source", "FILE")
    made.ok("rates", "import", "ecb", "--from", "2019-12-20", "--to", "2020-01-10")
    made.ok("pack", "build", "--from", DAYS[0], "--to", DAYS[-1])
    yield made
    close(made)


@pytest.fixture
def portfolio(home: Home) -> str:
    """A new, empty portfolio in CAD; its name."""
    name = f"P {uuid4().hex[:12]}"
    home.ok("portfolio", "create", name, "--currency", "CAD", "--user", OWNER)
    return name


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a file; its path."""

    def written(content: str | bytes) -> Path:
        path = tmp_path / f"{uuid4().hex[:6]}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


HISTORY: Final = """transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,external_ref
2020-01-02,DEPOSIT,,,,10000.00,CAD,,d1
2020-01-02,BUY,ABC,100,10.00,-1000.00,CAD,5.00,b1
2020-01-03,BUY,USX,10,49.50,-495.00,USD,,b2
"""


@pytest.fixture
def booked(home: Home, portfolio: str, write: Callable[[str | bytes], Path]) -> str:
    """A portfolio with three entries; its name."""
    home.ok("import", write(HISTORY), "--portfolio", portfolio)
    return portfolio


@pytest.fixture(scope="session")
def untouched(home: Home) -> str:
    """A portfolio with the same three entries that tests only try to change; its name."""
    home.ok("portfolio", "create", "Untouched", "--currency", "CAD", "--user", OWNER)
    file = home.directory / "files" / "history.csv"
    file.write_text(HISTORY)
    home.ok("import", file, "--portfolio", "Untouched")
    return "Untouched"
