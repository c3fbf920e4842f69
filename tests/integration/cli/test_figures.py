"""``dawsos run``, ``call`` and ``pack``: the same bytes for the same pins, and errors that say what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dawsos.kernel.canonical import canonical_bytes
from tests.integration.cli.conftest import DAYS, Home

Write = Callable[[str | bytes], Path]
PATTERN = "portfolio_overview"


def data_bytes(text: str) -> bytes:
    """The bytes of ``data`` within a JSON answer, exactly as printed."""
    parsed = json.loads(text)
    data = canonical_bytes(parsed["data"]).decode()
    assert f'"data":{data}' in text
    return data.encode()


def holdings(answer: dict[str, Any]) -> dict[str, str]:
    return {one["symbol"]: one["quantity"] for one in answer["data"]["valued_positions"]["positions"]}


def test_data_is_the_same_byte_for_byte_until_the_ledger_changes(home: Home, booked: str, write: Write) -> None:
    first, second = (home.ok("run", PATTERN, "--portfolio", booked, "--json") for _ in range(2))
    assert data_bytes(first.out) == data_bytes(second.out)
    assert set(first.json) == {"data", "panels", "trace", "warnings"}
    assert first.json["panels"] == second.json["panels"]
    assert first.json["trace"]["trace_id"] != second.json["trace"]["trace_id"]
    home.ok("import", write(f"transaction_date,transaction_type,amount,currency\n{DAYS[-1]},DEPOSIT,250.00,CAD\n"), "--portfolio", booked)
    third = home.ok("run", PATTERN, "--portfolio", booked, "--json").json
    assert third["trace"]["ledger_commit_hash"] == home.ledger(booked) != first.json["trace"]["ledger_commit_hash"]
    assert third["trace"]["pack_hash"] == first.json["trace"]["pack_hash"]
    before, after = holdings(first.json), holdings(third)
    assert {symbol for symbol in after if after[symbol] != before[symbol]} == {"CAD"}
    days, days_before = (answer["data"]["historical_nav"]["data"] for answer in (third, first.json))
    assert days[:-1] == days_before[:-1] and days[-1] != days_before[-1]
    # The state before is still there to be asked for.
    pinned = home.ok("run", PATTERN, "--portfolio", booked, "--ledger", first.json["trace"]["ledger_commit_hash"], "--json")
    assert data_bytes(pinned.out) == data_bytes(first.out)


def test_an_old_pack_gives_the_figures_of_its_date(home: Home, untouched: str) -> None:
    old = home.ok("run", PATTERN, "--portfolio", untouched, "--pack", f"PP_{DAYS[2]}", "--json").json
    assert old["trace"]["asof_date"] == DAYS[2]
    prices = {one["symbol"]: one["price"] for one in old["data"]["valued_positions"]["positions"]}
    assert (prices["ABC"], prices["USX"]) == ("12", "48.5")
    by_date = home.ok("run", PATTERN, "--portfolio", untouched, "--date", "2020-01-06", "--json").json
    assert by_date["data"] == old["data"]


def test_without_json_every_panel_is_a_table(home: Home, untouched: str) -> None:
    said = home.ok("run", PATTERN, "--portfolio", untouched)
    for words in ("Portfolio overview", "pack PP_2020-01-08", "Holdings", "Alphabet Soup Ltd.", "14.00 CAD", "1,400.00 CAD"):
        assert words in said.out
    assert "\x1b" not in said.out


def test_an_unknown_pattern_names_the_nearest(home: Home, untouched: str) -> None:
    said = home("run", "portfolio_overveiw", "--portfolio", untouched)
    assert said.code == 5 and said.out == ""
    assert said.err.startswith("Error: There is no pattern 'portfolio_overveiw'.\nDid you mean 'portfolio_overview'")


def test_an_unknown_portfolio_names_the_nearest(home: Home, untouched: str) -> None:
    assert untouched == "Untouched"
    said = home("run", PATTERN, "--portfolio", "Untuched", "--json")
    assert (said.code, said.out) == (5, "") and "Did you mean 'Untouched'" in said.err


def test_a_portfolio_two_users_have_needs_its_owner(home: Home) -> None:
    for email in ("one@example.org", "two@example.org"):
        home.ok("user", "create", email, "--generate")
        home.ok("portfolio", "create", "Shared name", "--currency", "CAD", "--user", email)
    said = home("portfolio", "show", "Shared name")
    assert said.code == 2 and "Say whose with --user: one@example.org, two@example.org." in said.err
    assert home.ok("portfolio", "show", "Shared name", "--user", "two@example.org", "--json").json["owner"] == "two@example.org"
    taken = home("portfolio", "create", "Shared name", "--currency", "CAD", "--user", "one@example.org")
    assert taken.code == 6 and "already" in taken.err


def test_a_pack_and_a_date_at_once_are_refused(home: Home, untouched: str) -> None:
    said = home("run", PATTERN, "--portfolio", untouched, "--pack", "PP_2020-01-08", "--date", "2020-01-08")
    assert said.code == 2 and "Give one of them." in said.err


def test_an_input_of_the_wrong_type_is_named(home: Home, untouched: str) -> None:
    said = home("run", PATTERN, "--portfolio", untouched, "--input", "lookback_days=soon")
    assert said.code == 2 and "lookback_days" in said.err


def test_a_capability_is_called_with_the_portfolio_of_the_command_line(home: Home, untouched: str) -> None:
    first, second = (home.ok("call", "ledger.positions", "--portfolio", untouched, "--json") for _ in range(2))
    assert data_bytes(first.out) == data_bytes(second.out)
    assert {one["symbol"]: one["quantity"] for one in first.json["data"]["positions"]}["ABC"] == "100"
    assert "Alphabet Soup Ltd." in home.ok("call", "ledger.positions", "--portfolio", untouched).out


def test_an_unknown_capability_names_the_nearest(home: Home, untouched: str) -> None:
    said = home("call", "ledger.position", "--portfolio", untouched)
    assert said.code == 5 and "ledger.positions" in said.err


def test_a_pack_without_prices_cannot_be_built(home: Home) -> None:
    said = home("pack", "build", "--date", "2020-01-05")
    assert said.code == 9 and "There are no prices of 2020-01-05" in said.err and "dawsos prices import" in said.err


def test_a_pack_is_built_once_and_stays_as_it_was_sealed(home: Home) -> None:
    again = home.ok("pack", "build", "--from", DAYS[0], "--to", DAYS[-1], "--json").json
    assert {one["outcome"] for one in again} == {"unchanged"} and len(again) == 5
    verified = home.ok("pack", "verify", f"PP_{DAYS[0]}", "--json").json
    assert verified["is_intact"] is True and verified["sealed_hash"] == verified["actual_hash"]
    shown = home.ok("pack", "show", f"PP_{DAYS[0]}", "--json").json
    assert [(one["symbol"], one["close"]) for one in shown["prices"]] == [("ABC", "10"), ("USX", "50.5")]


def test_an_unknown_pack_is_not_found(home: Home) -> None:
    said = home("pack", "verify", "PP_1999-01-01")
    assert said.code == 5 and "dawsos pack list" in said.err


def test_a_pack_of_an_unknown_policy_names_the_known_ones(home: Home) -> None:
    said = home("pack", "build", "--date", DAYS[0], "--policy", "NONESUCH")
    assert said.code == 5 and "ECB_CLOSE" in said.err


def test_prices_of_an_unknown_security_are_refused_whole(home: Home, write: Write) -> None:
    file = write("date,symbol,close,currency\n2020-01-09,ABC,11.00,CAD\n2020-01-09,NEW,11.00,CAD\n")
    said = home("prices", "import", file, "--source", "FILE")
    assert said.code == 2 and "'NEW' is not a known security" in said.out and "nothing was written" in said.out
    assert home("pack", "build", "--date", "2020-01-09").code == 9


def test_a_security_keeps_its_currency_and_a_misspelt_column_is_named(home: Home, write: Write) -> None:
    said = home("securities", "import", write("symbol,currency\nABC,USD\nNEW,CAD\n"))
    assert said.code == 2 and "but ABC trades in CAD" in said.out
    assert [one["symbol"] for one in home.ok("securities", "list", "--json").json] == ["ABC", "USX"]
    assert "did you mean 'sector'?" in home("securities", "import", write("symbol,currency,sectr\n")).err


def test_a_password_is_set_from_standard_input_and_a_short_one_refused(home: Home) -> None:
    home.ok("user", "create", "typist@example.org", "--stdin", text="a long enough secret\n")
    short = home("user", "password", "typist@example.org", "--stdin", text="short\n")
    assert short.code == 2 and "8 to 1024 characters" in short.err
    said = home.ok("user", "password", "typist@example.org", "--stdin", text="another good secret\n")
    assert "another good secret" not in said.out + said.err
    home.ok("user", "disable", "typist@example.org")
    assert {one["email"]: one["is_active"] for one in home.ok("user", "list", "--json").json}["typist@example.org"] is False


def test_a_token_is_shown_once_and_revoked_for_good(home: Home) -> None:
    home.ok("user", "create", "holder@example.org", "--generate")
    made = home.ok("token", "create", "reports", "--user", "holder@example.org", "--scope", "portfolio_read")
    assert made.out.startswith("dawsos_") and made.out.count("\n") == 1
    (listed,) = home.ok("token", "list", "--user", "holder@example.org", "--json").json
    assert listed["name"] == "reports" and made.out.strip() not in json.dumps(listed)
    home.ok("token", "revoke", listed["id"], "--user", "holder@example.org")
    again = home("token", "revoke", listed["id"], "--user", "holder@example.org")
    assert again.code == 5 and "no live access token" in again.err
    wrong = home("token", "create", "x", "--user", "holder@example.org", "--scope", "everything")
    assert wrong.code == 2 and "Unknown scopes: everything" in wrong.err
