"""Reads the settings for a call, and says which of them is wrong."""

from pathlib import Path

from pydantic import ValidationError

from dawsos.kernel.errors import Invalid
from dawsos.settings import Settings


def read_settings(home: Path | None, **given: object) -> Settings:
    """The settings of the environment; what the command line names wins. Raises :class:`Invalid` naming the variable that is wrong."""
    named = {name: value for name, value in {"home": home, **given}.items() if value is not None}
    try:
        return Settings(**named)  # type: ignore[arg-type]  # checked by the model itself
    except ValidationError as error:
        wrong = "; ".join(f"{_spelled(one['loc'])}: {one['msg']}" for one in error.errors())
        raise Invalid(f"The settings are wrong: {wrong}.", remedy="Correct the named environment variable or option.") from None


def _spelled(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "settings"
    return name.upper() if name.upper().endswith("DATABASE_URL") else f"DAWSOS_{name.upper()}"
