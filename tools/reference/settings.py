"""The page of settings: everything the operator decides, by environment variable."""

from typing import Any, Final

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from dawsos.registry.shapes import name_of
from dawsos.settings import Settings
from tools.reference.markdown import code, page, table

_ABOUT: Final = """\
Settings are environment variables, read once at start. Nothing has a secret for a default, and nothing listens publicly unless
told to."""


def settings_page() -> str:
    """The page."""
    rows = ((_variables(name, info), name_of(info.annotation), _default(info), info.description or "") for name, info in _fields())
    return page("Settings", _ABOUT, table(("variable", "type", "default", ""), rows))


def _fields() -> list[tuple[str, FieldInfo]]:
    return list(Settings.model_fields.items())


def _variables(name: str, info: FieldInfo) -> str:
    if isinstance(info.validation_alias, AliasChoices):
        return ", ".join(code(choice) for choice in info.validation_alias.choices)
    return code(f"{Settings.model_config['env_prefix']}{name}".upper())


def _default(info: FieldInfo) -> str:
    if info.default_factory is not None:
        return "the data folder of this platform"
    default: Any = info.default
    if isinstance(default, tuple):
        return code(list(default)).replace("'", '"')
    return "" if default is None else code(str(default).lower() if isinstance(default, bool) else default)
