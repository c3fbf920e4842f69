"""Coming in with a password, and what the session cookie is good for."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from dawsos.api.application import create_app
from dawsos.api.login_limit import FAILURES
from dawsos.kernel.identity import RIGHTS, Role
from tests.integration.api.clients import OURS, PASSWORD, data, make_client, problem, without_when

LOGIN = "/v1/auth/login"


async def log_in(client, email="ada@example.org", password=PASSWORD):
    return await client.post(LOGIN, json={"email": email, "password": password})


async def test_a_login_sets_a_cookie_no_script_can_read(join, client):
    ada = await join("ada")
    response = await log_in(client)
    assert data(response) == {
        "user": {"id": str(ada.user.id), "email": "ada@example.org", "role": "USER", "rights": sorted(RIGHTS[Role.USER])},
        "expires_at": "2025-11-04T00:00:00Z",
    }
    cookie = response.headers["set-cookie"]
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("dawsos_session=")
    assert len(name) > 40
    assert {part.lower() for part in attributes if "expires" not in part.lower()} == {"httponly", "max-age=43200", "path=/", "samesite=lax"}


async def test_the_cookie_is_for_https_only_when_the_settings_say_so(application, settings, join, web_root):
    await join("ada")
    secure = create_app(replace(application, settings=settings.model_copy(update={"secure_cookies": True})), web_app=web_root)
    async with make_client(secure) as client:
        response = await log_in(client)
    assert "secure" in response.headers["set-cookie"].lower()
    assert response.headers["strict-transport-security"] == "max-age=31536000"


async def test_the_session_tells_who_is_logged_in_with_which_rights(join, client):
    ada = await join("ada", Role.VIEWER)
    await log_in(client)
    me = data(await client.get("/v1/auth/me"))
    assert me["id"] == str(ada.user.id)
    assert me["email"] == "ada@example.org"
    assert me["role"] == "VIEWER"
    assert me["rights"] == ["fundamentals_read", "macro_data_read", "news_read", "portfolio_read", "position_read"]


async def test_without_a_session_nobody_is_known(client):
    refused = problem(await client.get("/v1/auth/me"), 401, "unauthorized")
    assert refused["detail"] == "Nobody is logged in."
    assert (await client.get("/v1/auth/me")).headers["www-authenticate"] == "Bearer"


async def test_a_login_says_who_came_in_as_the_session_does_later(join, client):
    await join("ada")
    opened = data(await log_in(client))
    assert opened["user"] == data(await client.get("/v1/auth/me"))
    assert "portfolio_read" in opened["user"]["rights"]


async def test_a_made_up_session_is_nobodys(client):
    client.cookies.set("dawsos_session", "made-up")
    problem(await client.get("/v1/auth/me"), 401, "unauthorized")


async def test_a_session_ends_with_its_time(join, client, clock):
    await join("ada")
    await log_in(client)
    clock.advance(timedelta(hours=12))
    problem(await client.get("/v1/auth/me"), 401, "unauthorized")


async def test_a_logout_ends_the_session_for_good(join, client):
    await join("ada")
    await log_in(client)
    secret = client.cookies["dawsos_session"]
    response = await client.post("/v1/auth/logout", headers=OURS)
    assert data(response)["user"]["email"] == "ada@example.org"
    assert 'dawsos_session=""' in response.headers["set-cookie"]
    client.cookies.set("dawsos_session", secret)
    problem(await client.get("/v1/auth/me"), 401, "unauthorized")


async def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nothing(join, client):
    await join("ada")
    wrong = await log_in(client, password="wrong password")
    unknown = await log_in(client, email="bob@example.org", password="wrong password")
    problem(wrong, 401, "wrong_credentials")
    assert without_when(wrong) == without_when(unknown)


async def test_the_sixth_wrong_password_finds_the_account_locked(join, client, clock):
    await join("ada")
    for _ in range(5):
        problem(await log_in(client, password="wrong password"), 401, "wrong_credentials")
    locked = await log_in(client, password="wrong password")
    document = problem(locked, 429, "account_locked")
    assert document["retry_after"] == 1801
    assert locked.headers["retry-after"] == "1801"
    problem(await log_in(client), 429, "account_locked")
    clock.advance(timedelta(minutes=31))
    data(await log_in(client))


async def test_a_lock_does_not_tell_who_has_an_account(join, client, clock):
    await join("ada")
    for email in ("ada@example.org", "Nobody@example.org"):
        for _ in range(5):
            problem(await log_in(client, email=email, password="wrong password"), 401, "wrong_credentials")
    known = await log_in(client, email="ada@example.org", password="wrong password")
    unknown = await log_in(client, email="nobody@example.org", password="wrong password")
    problem(known, 429, "account_locked")
    assert without_when(known) == without_when(unknown)
    assert known.headers["retry-after"] == unknown.headers["retry-after"]
    clock.advance(timedelta(minutes=31))
    problem(await log_in(client, email="nobody@example.org", password="wrong password"), 401, "wrong_credentials")


async def test_one_address_may_not_try_the_passwords_of_many_accounts(join, app, clock):
    await join("ada")
    async with make_client(app, address="203.0.113.7") as attacker, make_client(app, address="203.0.113.8") as neighbour:
        for number in range(FAILURES):
            problem(await log_in(attacker, email=f"nobody{number}@example.org", password="x"), 401, "wrong_credentials")
        refused = problem(await log_in(attacker), 429, "rate_limited")
        assert refused["retry_after"] == 301
        data(await log_in(neighbour))
        clock.advance(timedelta(minutes=5, seconds=1))
        data(await log_in(attacker))


async def test_successful_logins_do_not_count_against_an_address(join, client):
    await join("ada")
    for _ in range(FAILURES + 2):
        data(await log_in(client) if "dawsos_session" not in client.cookies else await client.post(LOGIN, json=_right(), headers=OURS))


def _right():
    return {"email": "ada@example.org", "password": PASSWORD}


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/auth/logout"),
        ("POST", "/v1/auth/login"),
        ("POST", "/v1/auth/tokens"),
        ("DELETE", "/v1/auth/tokens/01900000-0000-7000-8000-000000000001"),
        ("POST", "/v1/portfolios"),
        ("POST", "/v1/execute"),
        ("POST", "/v1/patterns/value_report"),
    ],
)
async def test_a_change_that_only_the_cookie_speaks_for_is_refused(join, client, method, path, headers):
    await join("ada")
    await log_in(client)
    refused = await client.request(method, path, headers=headers, json={"name": "x", "email": "a@b", "password": "x"})
    problem(refused, 403, "csrf")


async def test_a_change_with_the_cookie_and_our_header_is_made(join, client):
    await join("ada")
    await log_in(client)
    made = await client.post("/v1/portfolios", headers=OURS, json={"name": "Savings", "base_currency": "CAD"})
    assert data(made, 201)["name"] == "Savings"


async def test_a_login_leaves_a_line_in_the_audit_log_with_its_origin(join, app, database, database_clone):
    await join("ada")
    async with make_client(app, address="198.51.100.4", headers={"User-Agent": "Browser/1"}) as browser:
        response = await log_in(browser)
    with psycopg.connect(database_clone.admin_dsn) as admin:
        row = admin.execute(
            "select host(ip_address), user_agent, trace_id from audit_log where action = 'login' and user_agent is not null"
        ).fetchone()
    assert row == ("198.51.100.4", "Browser/1", response.json()["trace_id"])


async def test_a_password_is_never_repeated(join, client):
    await join("ada")
    for body in (
        {"email": "ada@example.org", "password": ["SECRET-ONE"]},
        {"email": "ada@example.org", "password": "SECRET-TWO", "extra": "SECRET-THREE"},
        {"email": "ada@example.org", "password": "SECRET-FOUR" * 200},
        {"email": 5, "password": "SECRET-FIVE"},
    ):
        response = await client.post(LOGIN, json=body)
        problem(response, 422, "validation_error")
        assert "SECRET" not in response.text


async def test_an_email_with_a_character_no_database_can_keep_is_a_wrong_request(client):
    refused = problem(await log_in(client, email="ada\x00@example.org"), 422, "validation_error")
    assert refused["errors"] == [{"field": "email", "message": "contains control characters"}]


async def test_half_a_surrogate_is_a_wrong_request(client):
    body = b'{"email": "\\ud800@example.org", "password": "x"}'
    problem(await client.post(LOGIN, content=body, headers={"Content-Type": "application/json"}), 422, "validation_error")


async def test_the_old_address_of_the_login_leads_to_the_same_place(join, client):
    await join("ada")
    assert data(await client.post("/api/auth/login", json=_right()))["user"]["email"] == "ada@example.org"
