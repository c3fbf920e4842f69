"""Answers as files over HTTP: the file, who may have it, and refusals like any other."""

from datetime import date

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.identity import Role
from tests.integration.api.clients import make_pack, problem


async def test_a_pattern_is_downloaded_as_a_file(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada", Role.MANAGER)
    body = {"inputs": {"portfolio_id": str(ada.portfolio.id)}}
    for form, kind in (("pdf", b"%PDF"), ("csv", b"Section,Line"), ("excel", b"PK")):
        first, second = [await ada.client.post(f"/v1/patterns/value_report/export/{form}", json=body) for _ in range(2)]
        assert first.status_code == 200, first.text
        assert first.content.startswith(kind) and first.content == second.content
        assert first.headers["etag"] == f'"{sha256_hex(first.content)}"'
        assert first.headers["content-disposition"].startswith("attachment; filename=")


async def test_without_the_right_there_is_no_file(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    bob = await join("bob", Role.USER)
    body = {"portfolio_id": str(bob.portfolio.id)}
    refused = await bob.client.post("/v1/patterns/value_report/export/pdf", json=body)
    assert problem(refused, 403, "forbidden")["detail"].startswith("This request needs the right export_pdf")
    assert (await bob.client.post("/v1/patterns/value_report/export/csv", json=body)).status_code == 200
    problem(await bob.client.post("/v1/patterns/no_such/export/csv", json=body), 404, "pattern_not_found")


async def test_somebody_elses_portfolio_is_not_exported(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada, bob = await join("ada", Role.MANAGER), await join("bob")
    body = {"portfolio_id": str(bob.portfolio.id)}
    problem(await ada.client.post("/v1/patterns/value_report/export/pdf", json=body), 404, "portfolio_not_found")


async def test_a_form_a_pattern_does_not_allow_is_not_there(join):
    ada = await join("ada", Role.MANAGER)
    refused = problem(await ada.client.post("/v1/patterns/economy/export/excel", json={}), 404, "export_not_allowed")
    assert refused["remedy"] == "It is exported as pdf, csv."
