"""The page of kept results: what is kept, where, under which key, for how long."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, Final

import dawsos.services
from dawsos.services.derivations import Derivation
from dawsos.services.history import DERIVATION, METHOD
from tools.reference.markdown import code, page, table

_ABOUT: Final = """\
Every expensive result is kept under a key of everything it depends on: portfolio, pricing pack, ledger hash, parameters and method
version. A change of any of them is another key, so nothing stale is ever served; only what moves by itself has a time to live. Hits,
misses and ages are measured on `/metrics` as `dawsos_derivation_requests_total` and `dawsos_derivation_age_seconds`."""


def caches_page() -> str:
    """The page."""
    daily = (code(DERIVATION), code(METHOD), "", code("portfolio_daily_values") + ", " + code("app.portfolio_nav_series"), "none")
    rows = [daily, *sorted(_rows())]
    return page("Kept results", _ABOUT, table(("result", "method", "computed from", "kept in", "time to live"), rows))


def _rows() -> Iterator[tuple[str, ...]]:
    for found in pkgutil.walk_packages(dawsos.services.__path__, f"{dawsos.services.__name__}."):
        importlib.import_module(found.name)
    for kind in _subclasses(Derivation):
        if hasattr(kind, "name") and kind.__module__.startswith("dawsos."):
            built_on = ", ".join(code(one) for one in kind.built_on)
            kept = ", ".join(code(one) for one in kind.tables)
            life = "none" if kind.time_to_live is None else str(kind.time_to_live)
            yield code(kind.name), code(f"{kind.name}/{kind.version}"), built_on, kept, life


def _subclasses(kind: type[Derivation[Any, Any]]) -> Iterator[type[Derivation[Any, Any]]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)
