"""Every action of a pattern that comes with DawsOS is a request the API knows, and asks for the rights its route asks for."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from dawsos.api.application import create_app
from dawsos.api.openapi import rights_of
from dawsos.patterns import check_text
from dawsos.registry import discover
from tools.export_openapi import unopened_application

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "patterns").glob("*.yaml"))


def actions_of(file):
    return [action for panel in file.panels for action in (*panel.actions, *getattr(panel, "row_actions", ()))]


@pytest.fixture(scope="module")
def routes():
    return {
        (method, re.sub(r"\{[^}]+\}", "{}", route.path)): route
        for route in create_app(unopened_application()).routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_every_action_is_a_request_to_a_route_there_is_with_the_rights_it_asks_for(routes):
    registry = discover("dawsos.agents")
    for path in FILES:
        pattern, _ = check_text(path.read_text(encoding="utf-8"), path.name, registry)
        for action in actions_of(pattern.file):
            route = routes.get((action.method, re.sub(r"\{[^}]+\}", "{}", action.route)))
            assert route is not None, f"{path.name}: there is no {action.method} {action.route}"
            assert set(action.rights) == set(rights_of(route)), f"{path.name}: {action.route}"
            body = route.body_field.field_info.annotation if route.body_field is not None else None
            if isinstance(action.payload, dict):
                required = {name for name, field in body.model_fields.items() if field.is_required()}
                assert required <= action.payload.keys() <= body.model_fields.keys(), f"{path.name}: {action.route}"
            else:
                assert (body is None) == (action.payload is None), f"{path.name}: {action.route}"
