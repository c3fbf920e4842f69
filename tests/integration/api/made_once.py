"""What the API is made of and no test changes: the pattern library and the routes of a registry, made once instead of once a test."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from fastapi import APIRouter

from dawsos import bootstrap
from dawsos.api import application as api
from dawsos.bootstrap import Application
from tests.support.demo import library_once


def _routes_once(make: Callable[..., APIRouter]) -> Callable[..., APIRouter]:
    """The routes made for the first application of a registry and library; what they answer with comes from the application called."""
    made: dict[tuple[int, int], tuple[Application, APIRouter]] = {}

    def once(application: Application, *more: Any) -> APIRouter:
        key = (id(application.registry), id(application.patterns))
        if key not in made:
            made[key] = (application, make(application, *more))  # with the application, so that no other one gets its addresses
        return made[key][1]

    return once


_capability_router: Final = _routes_once(api.capability_router)
_pattern_router: Final = _routes_once(api.pattern_router)


def use_what_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let applications assembled from now on share these parts."""
    monkeypatch.setattr(bootstrap, "load_library", library_once)
    monkeypatch.setattr(api, "capability_router", _capability_router)
    monkeypatch.setattr(api, "pattern_router", _pattern_router)
