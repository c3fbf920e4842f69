"""The house rules no linter knows, as small checks over the sources: `python -m tools.house_rules [ROOT]`."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed Python file, where it stands in the tree, and which functions of the tree Python cannot call, as ``module.name``."""

    path: Path
    text: str
    tree: ast.Module
    uncallable: frozenset[str] = frozenset()

    @property
    def layer(self) -> str:
        parts = self.path.parts
        return parts[parts.index("dawsos") + 1].removesuffix(".py") if "dawsos" in parts[:-1] else ""


SourceRule = Callable[[Source], Iterator[tuple[int, str]]]
BAG_NAMES = re.compile(r"^(utils?|helpers?|misc|common|managers?|base_\w+|\w+_(utils?|helpers?|manager))$")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
SQL_TEXT = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|role|policy)\s)",
    re.IGNORECASE | re.DOTALL,
)
DRIFTED_NAMES = {
    "qty": "quantity (a position, a transaction) or qty_open (a lot)",
    "pnl": "_pl",
    "mkt_value": "market_value",
}
PUBLIC_ADDRESS = re.compile(r"""["'](0\.0\.0\.0|::)["']""")
AMBIENT_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("uuid", "uuid4"),
    ("uuid", "uuid1"),
}
AMBIENT_ALLOWED = {"bootstrap", "cli", "api"}
IMPURE_MODULES = {"os", "pathlib", "asyncio", "logging", "random", "time", "subprocess", "socket", "io", "threading"}


def has_a_one_line_purpose(source: Source) -> Iterator[tuple[int, str]]:
    """Every module says in one line what it is for."""
    if not (ast.get_docstring(source.tree) or "").strip():
        yield 1, "The module has no docstring saying what it is for."


def is_no_bag(source: Source) -> Iterator[tuple[int, str]]:
    """No module is a bag of unrelated things."""
    for part in (source.path.stem, source.path.parent.name):
        if BAG_NAMES.match(part):
            yield 1, f"'{part}' is a bag; name the module after its subject."


def is_finished(source: Source) -> Iterator[tuple[int, str]]:
    """No marks of unfinished work."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if match := UNFINISHED.search(line):
            yield number, f"'{match.group()}' marks unfinished work."


def keeps_sql_in_sql_files(source: Source) -> Iterator[tuple[int, str]]:
    """Statements live in .sql files; the server's own administration in store is written with psycopg.sql."""
    if source.layer in {"", "store"}:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_TEXT.match(node.value):
            yield node.lineno, "SQL belongs into store/sql/<subject>.sql."


def builds_no_sql_from_strings(source: Source) -> Iterator[tuple[int, str]]:
    """No statement is put together from values."""
    for node in ast.walk(source.tree):
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        if len(parts) > 1 and isinstance(parts[0], ast.Constant) and SQL_TEXT.match(str(parts[0].value)):
            yield node.lineno, "SQL is built by string formatting; use parameters or psycopg.sql."


def _called_name(node: ast.AST) -> tuple[str, str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id, node.func.attr
    return "", ""


def takes_the_ambient_as_an_argument(source: Source) -> Iterator[tuple[int, str]]:
    """Clock and chance are arguments below the entrypoints."""
    if not source.layer or source.layer in AMBIENT_ALLOWED:
        return
    for node in ast.walk(source.tree):
        called = _called_name(node)
        if called in AMBIENT_CALLS:
            yield node.lineno, f"{'.'.join(called)}() is ambient; take a Clock, an identifier or a generator as an argument."


def is_pure_where_it_must_be(source: Source) -> Iterator[tuple[int, str]]:
    """Kernel and compute do no I/O and read no clock."""
    if source.layer not in {"kernel", "compute"}:
        return
    for node in ast.walk(source.tree):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            if name.split(".")[0] in IMPURE_MODULES:
                yield node.lineno, f"{source.layer} may not import '{name}'."


def uses_one_vocabulary(source: Source) -> Iterator[tuple[int, str]]:
    """One spelling for each concept, in every layer (R21)."""
    if not source.layer:
        return
    for node in ast.walk(source.tree):
        name = (
            node.arg
            if isinstance(node, ast.arg | ast.keyword)
            else node.target.id
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            else None
        )
        if name in DRIFTED_NAMES:
            yield node.lineno, f"'{name}' has drifted; the word is {DRIFTED_NAMES[name]}."


def listens_on_no_public_address(source: Source) -> Iterator[tuple[int, str]]:
    """Nothing listens publicly by default."""
    if not source.layer:
        return
    for number, line in enumerate(source.text.splitlines(), start=1):
        if PUBLIC_ADDRESS.search(line):
            yield number, "A public address as a value; the default is 127.0.0.1."


def holds_no_secret(source: Source) -> Iterator[tuple[int, str]]:
    """No password, token or key is written down."""
    if not source.layer:
        return
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.keyword)
            and node.arg in {"password", "secret", "token", "api_key"}
            and isinstance(node.value, ast.Constant)
            and node.value.value
        ):
            yield node.value.lineno, f"A literal {node.arg}; secrets are generated at installation."


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    calls = (decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in node.decorator_list)
    return {call.id for call in calls if isinstance(call, ast.Name)}


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[parts.index("dawsos") :]) if "dawsos" in parts else path.stem


def uncallable_functions(path: Path, tree: ast.Module) -> Iterator[str]:
    """The functions of a module that are compiled without an entrance for Python."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "njit_for_kernels" in _decorators(node):
            yield f"{_module(path)}.{node.name}"


def calls_kernels_by_their_entrance(source: Source) -> Iterator[tuple[int, str]]:
    """A function compiled for other kernels has no entrance for Python: calling it from there ends the process."""
    known = {name.rpartition(".")[2]: name for name in source.uncallable if name.rpartition(".")[0] == _module(source.path)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            known |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}"
                for alias in node.names
                if f"{node.module}.{alias.name}" in source.uncallable
            }
    if known:
        yield from _calls_from_python(source.tree, known)


def _calls_from_python(node: ast.AST, known: dict[str, str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.FunctionDef) and _decorators(node) & {"njit", "njit_for_python", "njit_for_kernels"}:
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
        yield node.lineno, f"'{node.func.id}' is compiled for kernels only; mark it njit_for_python to call it from Python."
    for child in ast.iter_child_nodes(node):
        yield from _calls_from_python(child, known)


RULES: tuple[SourceRule, ...] = (
    has_a_one_line_purpose, is_no_bag, is_finished, keeps_sql_in_sql_files, builds_no_sql_from_strings, takes_the_ambient_as_an_argument,
    is_pure_where_it_must_be, uses_one_vocabulary, listens_on_no_public_address, holds_no_secret,
    calls_kernels_by_their_entrance,
)  # fmt: skip

ADDRESSED_LOCK = re.compile(r'"resolved":\s*"https?://|^\s*--(extra-)?index-url|@ https?://', re.MULTILINE)


def _check_sources(root: Path) -> Iterator[Finding]:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((root / "src").rglob("*.py")) if "_assets" not in path.parts}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    uncallable = frozenset(name for path, tree in trees.items() for name in uncallable_functions(path, tree))
    for path, text in texts.items():
        source = Source(path.relative_to(root), text, trees[path], uncallable)
        for rule in RULES:
            for line, message in rule(source):
                yield Finding(source.path, line, rule.__name__, message)
    for path in sorted(path for folder in ("tests", "bench") for path in (root / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if uncallable and "kernel" in text:
            for line, message in calls_kernels_by_their_entrance(Source(path.relative_to(root), text, ast.parse(text), uncallable)):
                yield Finding(path.relative_to(root), line, calls_kernels_by_their_entrance.__name__, message)


def _tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if listed.returncode:
        return [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return [Path(name) for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]


def _check_files(root: Path) -> Iterator[Finding]:
    machine_path = re.compile(r"(?<![\w.])/" + r"(work|root|home/\w+)/(?!\.{3})[\w.-]+")
    for path in _tracked(root):
        if path.suffix in {".png", ".gz", ".ico", ".woff2", ".zip", ".npz", ".npy"} or path.name == "house_rules.py":
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if ("lock" in path.name or path.suffix in {".toml", ".txt"}) and (match := ADDRESSED_LOCK.search(text)):
            yield Finding(path, text.count("\n", 0, match.start()) + 1, "locks_hold_no_addresses", "A download address.")
        if match := machine_path.search(text):
            yield Finding(path, text.count("\n", 0, match.start()) + 1, "names_no_machine", f"'{match.group()}' is a path of one machine.")


def check(root: Path) -> list[Finding]:
    """Every finding in the tree under ``root``."""
    return [*_check_sources(root), *_check_files(root)]


def main(arguments: list[str]) -> int:
    """Print the findings; 1 when there are any."""
    findings = check(Path(arguments[0]) if arguments else Path())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
