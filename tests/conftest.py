"""Fixtures every test may ask for."""

import pytest

from tests.support import postgres
from tests.support.answers import answers
from tests.support.demo import demo, demo_template, own_demo, own_demo_clone, shared_demo_clone
from tests.support.logs import log_plainly
from tests.support.postgres import database, database_clone, postgres_server, shared_clone, template_database
from tests.support.tracing import leave_compiler_untraced

__all__ = [
    "answers",
    "database",
    "database_clone",
    "demo",
    "demo_template",
    "own_demo",
    "own_demo_clone",
    "postgres_server",
    "shared_clone",
    "shared_demo_clone",
    "template_database",
]


def pytest_configure(config: pytest.Config) -> None:
    log_plainly()
    postgres.begin_run(config)
    leave_compiler_untraced(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    postgres.end_run(config)
