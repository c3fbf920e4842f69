"""One place says what a kind of error is over HTTP."""

import json

import pytest

from dawsos.api.problems import STATUS, failure_of, internal_failure, protocol_failure
from dawsos.kernel import errors
from dawsos.kernel.errors import DawsosError


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 422),
        (errors.Unauthenticated, 401),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.RateLimited, 429),
        (errors.Unavailable, 503),
        (errors.InsufficientData, 422),
        (errors.Internal, 500),
    ],
)
def test_each_kind_has_its_status(kind, status):
    failure = failure_of(kind("It went wrong.", remedy="Do this."))
    assert failure.status == status
    assert failure.code == kind.default_code


def test_every_kind_there_is_has_a_status():
    assert set(STATUS) == {each.kind for each in DawsosError.__subclasses__()}


def test_a_problem_says_what_went_wrong_and_what_to_do():
    error = errors.Unavailable("The pack is warming.", remedy="Wait.", code="pricing_pack_warming", retry_after=30)
    response = failure_of(error).response("t1")
    assert response.media_type == "application/problem+json"
    assert response.headers["retry-after"] == "30"
    assert json.loads(response.body) == {
        "type": "urn:dawsos:problem:pricing_pack_warming",
        "title": "Not available now",
        "status": 503,
        "detail": "The pack is warming.",
        "code": "pricing_pack_warming",
        "remedy": "Wait.",
        "trace_id": "t1",
        "retry_after": 30,
    }


def test_an_internal_error_keeps_its_code_and_nothing_else():
    failure = failure_of(
        errors.Internal("users.find failed: relation", remedy="look at /etc", code="x", details={"statement": "users.find"})
    )
    assert failure == internal_failure("x")
    assert "relation" not in repr(failure)


def test_details_other_than_problems_of_fields_stay_inside():
    error = errors.Conflict("Taken.", details={"constraint": "users_email_key", "problems": ["not a field"]})
    assert b"users_email_key" not in failure_of(error).response("t").body
    assert failure_of(error).errors is None


def test_problems_of_fields_are_listed():
    error = errors.Invalid("Wrong.", details={"problems": [{"field": "a.b", "message": "is missing", "line": 3}]})
    (one,) = failure_of(error).errors or ()
    assert (one.field, one.message) == ("a.b", "is missing")


def test_a_portfolio_that_is_not_there_is_not_named():
    failure = failure_of(errors.NotFound("There is no portfolio 1234.", code="portfolio_not_found"))
    assert failure.detail == "There is no such portfolio."


def test_an_unknown_refusal_of_the_protocol_is_a_problem_too():
    assert protocol_failure(418).code == "http_error"
    assert protocol_failure(405, {"Allow": "GET"}).response("t").headers["allow"] == "GET"
