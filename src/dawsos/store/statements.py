"""Named SQL statements: read from ``sql/<subject>.sql`` once, bound to the records they return.

A file holds statements, each under a header and one line of intent::

    -- name: find_portfolio -> PortfolioRecord optional
    -- The portfolio with this id, if the actor may see it.
    select id, name from portfolios where id = %(portfolio_id)s;

``one`` returns exactly one row, ``optional`` at most one, ``many`` any number, each as a record (a frozen dataclass) or a scalar (``int``,
``date``, …); ``value`` exactly one scalar; ``none`` nothing but the number of rows touched (``-> none``). ``bulk`` reads rows staged by
COPY from a table called ``staged``, whose columns a third line names (``-- staged: security_id uuid, close numeric``); ``binary`` is a
query whose rows leave by binary COPY. A literal ``%`` is written ``%%``.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Final, Generic, Literal, TypeVar, cast, get_args, get_type_hints

from dawsos.kernel.errors import Internal

R = TypeVar("R")
Cardinality = Literal["one", "optional", "many", "value", "none", "bulk", "binary"]

_FOLDER: Final = Path(__file__).parent / "sql"
_HEADER: Final = re.compile(
    r"-- name: (?P<name>[a-z][a-z0-9_]*) -> (?:(?P<returns>\w+) (?P<rows>one|optional|many|value)|(?P<bare>none|bulk|binary))\n"
    r"-- (?P<intent>[^\n]+)\n"
    r"(?:-- staged: (?P<staged>[^\n]+)\n)?"
)


@dataclass(frozen=True, slots=True)
class Text:
    """One statement as it stands in its file."""

    subject: str
    name: str
    intent: str
    returns: str | None
    cardinality: Cardinality
    sql: str
    staged: str | None = None

    @property
    def label(self) -> str:
        """``subject.name``, for messages and logs."""
        return f"{self.subject}.{self.name}"


@dataclass(frozen=True, slots=True)
class Statement(Generic[R]):
    """A statement and the type of what it returns."""

    text: Text
    returns: type[R]


class One(Statement[R]):
    """Returns exactly one row."""

    __slots__ = ()


class AtMostOne(Statement[R]):
    """Returns one row or none."""

    __slots__ = ()


class Many(Statement[R]):
    """Returns any number of rows."""

    __slots__ = ()


class Value(Statement[R]):
    """Returns exactly one scalar."""

    __slots__ = ()


class Command(Statement[None]):
    """Returns the number of rows it touched."""

    __slots__ = ()


class Bulk(Statement[None]):
    """Takes rows that arrive by COPY."""

    __slots__ = ()


class Binary(Statement[None]):
    """A query whose rows leave by binary COPY."""

    __slots__ = ()


class Subject:
    """The statements of one file, each to be bound to its record where the record is defined."""

    def __init__(self, name: str, texts: Sequence[Text]) -> None:
        self.name = name
        self.texts = {text.name: text for text in texts}

    def one(self, name: str, returns: type[R]) -> One[R]:
        """Bind a statement that returns exactly one ``returns``."""
        return One(self._text(name, "one", returns), returns)

    def optional(self, name: str, returns: type[R]) -> AtMostOne[R]:
        """Bind a statement that returns at most one ``returns``."""
        return AtMostOne(self._text(name, "optional", returns), returns)

    def many(self, name: str, returns: type[R]) -> Many[R]:
        """Bind a statement that returns any number of ``returns``."""
        return Many(self._text(name, "many", returns), returns)

    def value(self, name: str, returns: type[R]) -> Value[R]:
        """Bind a statement that returns exactly one scalar."""
        return Value(self._text(name, "value", returns), returns)

    def none(self, name: str) -> Command:
        """Bind a statement that returns nothing."""
        return Command(self._text(name, "none", None), NoneType)

    def bulk(self, name: str) -> Bulk:
        """Bind a statement that takes staged rows."""
        return Bulk(self._text(name, "bulk", None), NoneType)

    def binary(self, name: str) -> Binary:
        """Bind a query whose rows leave by binary COPY."""
        return Binary(self._text(name, "binary", None), NoneType)

    def _text(self, name: str, cardinality: Cardinality, returns: type | None) -> Text:
        text = self.texts.get(name)
        if text is None:
            raise Internal(f"There is no statement '{name}' in store/sql/{self.name}.sql.")
        wanted = None if returns is None else returns.__name__
        if (text.cardinality, text.returns) != (cardinality, wanted):
            raise Internal(f"{text.label} is declared '{text.returns} {text.cardinality}' and bound as '{wanted} {cardinality}'.")
        return text


def parse(subject: str, source: str) -> list[Text]:
    """Every statement of a file, in order; text that belongs to no statement is an error."""
    headers = list(_HEADER.finditer(source))
    if len(headers) != source.count("-- name:") or (source.strip() and not headers):
        raise Internal(f"A header in store/sql/{subject}.sql is not of the form '-- name: verb_noun -> Record many' with a line of intent.")
    ends = [header.start() for header in headers[1:]] + [len(source)]
    texts = [_text(subject, header, source[header.end() : end]) for header, end in zip(headers, ends, strict=True)]
    if len({text.name for text in texts}) != len(texts):
        raise Internal(f"A name stands twice in store/sql/{subject}.sql.")
    return texts


def _text(subject: str, header: re.Match[str], body: str) -> Text:
    cardinality = cast("Cardinality", header["rows"] or header["bare"])
    if (cardinality == "bulk") != (header["staged"] is not None):
        raise Internal(f"{subject}.{header['name']}: 'bulk' and a '-- staged:' line go together.")
    return Text(
        subject=subject,
        name=header["name"],
        intent=header["intent"].strip(),
        returns=header["returns"],
        cardinality=cardinality,
        sql=body.strip().removesuffix(";"),
        staged=header["staged"],
    )


@cache
def load(subject: str) -> Subject:
    """The statements of ``sql/<subject>.sql``."""
    return Subject(subject, parse(subject, (_FOLDER / f"{subject}.sql").read_text(encoding="utf-8")))


def subjects() -> list[str]:
    """The names of all statement files."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql"))


def _enumeration(annotation: object) -> type[StrEnum] | None:
    options = [option for option in (get_args(annotation) or (annotation,)) if option is not NoneType]
    only = options[0] if len(options) == 1 else None
    return only if isinstance(only, type) and issubclass(only, StrEnum) else None


@cache
def row_maker(statement: Statement[Any], columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """How a row with these ``columns`` becomes what ``statement`` returns; columns and fields must be the same set of names."""
    returns = statement.returns
    if not is_dataclass(returns):
        if len(columns) != 1:
            raise Internal(f"{statement.text.label} returns {len(columns)} columns where one {returns.__name__} is declared.")
        return lambda row: row[0]
    names = tuple(field.name for field in fields(returns))
    if sorted(names) != sorted(columns):
        difference = sorted(set(names) ^ set(columns)) or "a name twice"
        raise Internal(f"{statement.text.label} returns other columns than {returns.__name__} has fields: {difference}.")
    hints = get_type_hints(returns)
    converters = {name: enumeration for name in names if (enumeration := _enumeration(hints[name])) is not None}
    if not converters:
        return (lambda row: returns(*row)) if names == columns else (lambda row: returns(**dict(zip(columns, row, strict=True))))

    def make(row: Sequence[Any]) -> Any:
        values = dict(zip(columns, row, strict=True))
        for name, enumeration in converters.items():
            if values[name] is not None:
                values[name] = enumeration(values[name])
        return returns(**values)

    return make
