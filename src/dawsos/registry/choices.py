"""Words a field takes that are data rather than code, such as the ids of a library: surfaces offer them with their labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Choices:
    """The words a text field takes, with a label for each, written as ``Annotated[str, Choices.of({...})]``.

    In the JSON schema they are ``enum``, and the labels ``x-labels``. A word that is none of them is not refused here: the capability
    does that, in an error of its own that names those there are.
    """

    labels: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, labels: Mapping[str, str]) -> Self:
        """The choices in the order of ``labels``."""
        return cls(tuple(labels.items()))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        described["enum"] = [word for word, _ in self.labels]
        described["x-labels"] = dict(self.labels)
        return described
