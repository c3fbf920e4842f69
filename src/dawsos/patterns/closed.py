"""What the parts of a pattern file are made of: closed models, names, and the way a value is shown."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dawsos.patterns.formats import ColorCondition, Format

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Closed(BaseModel):
    """A part of a pattern file: unknown keys are refused, nothing is converted, nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Shown(Closed):
    """The way a value is shown."""

    format: Format = "auto"
    color_condition: ColorCondition | None = None
    threshold: float | None = None


class Fixed(Shown):
    """The way the kind of panel itself prescribes; the file has no say in it."""
