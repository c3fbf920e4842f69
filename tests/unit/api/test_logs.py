"""Nothing secret reaches a log line."""

import json

import pytest
import structlog

from dawsos.api.logs import configure_logs, without_secrets
from tests.support.logs import log_plainly


@pytest.mark.parametrize(
    "text",
    [
        "GET https://api.stlouisfed.org/fred/series?series_id=GDP&api_key=SECRET&x=1",
        "https://x.example/stable/quote?apikey=SECRET",
        "postgresql://dawsos_app:SECRET@127.0.0.1:5432/dawsos",
        "host=/tmp user=dawsos_app password=SECRET dbname=dawsos",
        "password='SECRET and more SECRET' user=x",
        "Authorization: Bearer SECRET",
        "token dawsos_SECRETSECRETSECRETSECRET was revoked",
    ],
)
def test_secrets_in_text_are_hidden(text):
    assert "SECRET" not in without_secrets(text)
    assert "[hidden]" in without_secrets(text)


@pytest.mark.parametrize(
    "name", ["password", "new_password", "Authorization", "cookie", "access_token", "apikey", "api_key", "DATABASE_URL", "secret"]
)
def test_secrets_by_name_are_hidden_at_any_depth(name):
    assert without_secrets({"request": [{name: "SECRET", "kept": 1}]}) == {"request": [{name: "[hidden]", "kept": 1}]}


@pytest.mark.parametrize("text", ["GET /v1/portfolios?page=2&symbol=RY", "dawsos_pack", "the token is unknown", "https://x.example/a@b"])
def test_ordinary_text_stays(text):
    assert without_secrets(text) == text


def test_lines_are_json_and_exceptions_in_them_are_cleaned(capsys):
    configure_logs("info")
    try:
        log = structlog.get_logger()
        try:
            int("https://x.example/?apikey=SECRET")
        except ValueError:
            log.exception("fetch failed", trace_id="t1")
        log.debug("not shown")
    finally:
        log_plainly()
    (line,) = capsys.readouterr().err.splitlines()
    written = json.loads(line)
    assert (written["event"], written["level"], written["trace_id"]) == ("fetch failed", "error", "t1")
    assert "ValueError" in written["exception"]
    assert "SECRET" not in line
