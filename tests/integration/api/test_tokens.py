"""Access tokens: what they are good for, and what a narrowed one is not."""

from datetime import timedelta

from dawsos.kernel.identity import Role
from dawsos.services.accounts import Identity
from tests.integration.api.clients import PASSWORD, data, make_client, problem


async def test_r65_a_token_is_shown_once_and_listed_without_it(join):
    ada = await join("ada")
    made = data(await ada.client.post("/v1/auth/tokens", json={"name": "script", "scopes": ["portfolio_read"], "days": 30}), 201)
    assert made["token"].startswith("dawsos_")
    assert made["scopes"] == ["portfolio_read"]
    assert made["expires_at"] == "2025-12-03T12:00:00Z"
    listed = await ada.client.get("/v1/auth/tokens")
    assert sorted(one["name"] for one in data(listed)) == ["script", "tests"]
    assert made["token"] not in listed.text


async def test_a_token_acts_as_its_user(join, app):
    ada = await join("ada", Role.MANAGER)
    me = data(await ada.client.get("/v1/auth/me"))
    assert (me["email"], me["role"]) == ("ada@example.org", "MANAGER")


async def narrowed(app, member, *scopes):
    made = data(await member.client.post("/v1/auth/tokens", json={"name": "narrow", "scopes": list(scopes)}), 201)
    return make_client(app, headers={"Authorization": f"Bearer {made['token']}"})


async def test_scopes_narrow_what_a_token_may_do(join, app):
    ada = await join("ada")
    async with await narrowed(app, ada, "portfolio_read") as narrow:
        assert data(await narrow.get("/v1/auth/me"))["rights"] == ["portfolio_read"]
        data(await narrow.get("/v1/portfolios"))
        refused = problem(await narrow.post("/v1/portfolios", json={"name": "x", "base_currency": "CAD"}), 403, "forbidden")
        assert "portfolio_write" in refused["detail"]


async def test_a_narrowed_token_cannot_make_itself_a_wider_one(join, app):
    ada = await join("ada")
    async with await narrowed(app, ada, "portfolio_read") as narrow:
        problem(await narrow.post("/v1/auth/tokens", json={"name": "wider"}), 403, "narrowed_token")
        problem(await narrow.get("/v1/auth/tokens"), 403, "narrowed_token")
        problem(await narrow.delete("/v1/auth/tokens/01900000-0000-7000-8000-000000000001"), 403, "narrowed_token")


async def test_the_house_gives_a_narrowed_token_no_wider_one_either(join, application):
    ada = await join("ada")
    narrow = Identity(ada.user.id, ada.user.email, ada.user.role, frozenset({"portfolio_read"}))
    _, token = await application.accounts.create_token(narrow, "from a narrow one")
    assert (await application.accounts.by_token(token)).scopes == {"portfolio_read"}


async def test_scopes_beyond_the_role_are_refused(join):
    ada = await join("ada", Role.VIEWER)
    refused = await ada.client.post("/v1/auth/tokens", json={"name": "x", "scopes": ["admin"]})
    assert "admin" in problem(refused, 403, "forbidden")["detail"]


async def test_an_unknown_scope_is_refused(join):
    ada = await join("ada")
    refused = await ada.client.post("/v1/auth/tokens", json={"name": "x", "scopes": ["portfolio_raed"]})
    assert "portfolio_raed" in problem(refused, 422, "validation_error")["detail"]


async def test_a_revoked_token_is_nobodys_at_once(join):
    ada = await join("ada")
    (only,) = data(await ada.client.get("/v1/auth/tokens"))
    assert data(await ada.client.delete(f"/v1/auth/tokens/{only['id']}")) == {"id": only["id"]}
    problem(await ada.client.get("/v1/auth/me"), 401, "unauthorized")


async def test_a_token_ends_with_its_time(join, app, clock):
    ada = await join("ada")
    made = data(await ada.client.post("/v1/auth/tokens", json={"name": "short", "days": 1}), 201)
    async with make_client(app, headers={"Authorization": f"Bearer {made['token']}"}) as short:
        data(await short.get("/v1/auth/me"))
        clock.advance(timedelta(days=1))
        problem(await short.get("/v1/auth/me"), 401, "unauthorized")


async def test_somebody_elses_token_cannot_be_revoked(join):
    ada, bob = await join("ada"), await join("bob")
    (bobs,) = data(await bob.client.get("/v1/auth/tokens"))
    problem(await ada.client.delete(f"/v1/auth/tokens/{bobs['id']}"), 404, "not_found")
    data(await bob.client.get("/v1/auth/me"))


async def test_what_is_no_token_is_refused_even_beside_a_good_session(join, client):
    await join("ada")
    data(await client.post("/v1/auth/login", json={"email": "ada@example.org", "password": PASSWORD}))
    for value in ("Basic YWRhOng=", "Bearer", "Bearer other_123", "dawsos_x", "Bearer dawsos_made-up"):
        problem(await client.get("/v1/auth/me", headers={"Authorization": value}), 401, "unauthorized")


async def test_a_token_is_not_a_session_to_log_out_of(join):
    ada = await join("ada")
    problem(await ada.client.post("/v1/auth/logout"), 409, "no_session")


async def test_administrators_create_users_who_can_log_in(join, client):
    root = await join("root", Role.ADMIN)
    made = await root.client.post("/v1/auth/users", json={"email": "Eve@Example.org", "password": "long enough", "role": "VIEWER"})
    user = data(made, 201)
    assert (user["email"], user["role"], user["is_active"], user["last_login"]) == ("eve@example.org", "VIEWER", True, None)
    assert "long enough" not in made.text
    assert [one["email"] for one in data(await root.client.get("/v1/auth/users"))] == ["eve@example.org", "root@example.org"]
    data(await client.post("/v1/auth/login", json={"email": "eve@example.org", "password": "long enough"}))


async def test_a_short_password_and_a_taken_address_are_refused(join):
    root = await join("root", Role.ADMIN)
    short = problem(await root.client.post("/v1/auth/users", json={"email": "e@x.org", "password": "short"}), 422, "validation_error")
    assert short["errors"][0]["field"] == "password"
    taken = problem(
        await root.client.post("/v1/auth/users", json={"email": "Root@Example.org", "password": "long enough"}), 409, "user_exists"
    )
    assert taken["detail"] == "There is a user 'root@example.org' already."


async def test_nobody_becomes_the_system(join):
    root = await join("root", Role.ADMIN)
    body = {"email": "s@x.org", "password": "long enough", "role": "SYSTEM"}
    problem(await root.client.post("/v1/auth/users", json=body), 422, "validation_error")
