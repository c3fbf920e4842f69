"""Golden snapshots: JSON one reads and compares, without what is random in it; numbers are equal to nine digits on every machine."""

import json
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

#: ``DAWSOS_GOLDEN=renew`` writes the snapshots anew instead of comparing.
VARIABLE: Final = "DAWSOS_GOLDEN"
_WIDTH: Final = 150
#: Some hold randomness, or are made of what does; the names beside them say which thing is meant.
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def normalised(value: Any) -> Any:
    """``value`` as JSON values, its identifiers numbered in the order they occur."""
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"00000000-0000-7000-8000-{len(numbers) + 1:012}")

    return json.loads(_ID.sub(numbered, json.dumps(value)))


def compared(path: Path, found: Any) -> list[str]:
    """Where ``found`` differs from the snapshot at ``path``; renews it instead when the environment says so."""
    now = normalised(found)
    if os.environ.get(VARIABLE) == "renew":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(_written(now, "")) + "\n", encoding="utf-8")
    if not path.exists():
        return [f"there is no {path.name}"]
    return list(differences(json.loads(path.read_text(encoding="utf-8")), now))


def differences(kept: Any, now: Any, where: str = "") -> Iterator[str]:
    """Where ``now`` is not what was ``kept``, one line each."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for name in kept.keys() | now.keys():
            if name not in kept or name not in now:
                yield f"{where}.{name} is {'new' if name in now else 'gone'}"
            else:
                yield from differences(kept[name], now[name], f"{where}.{name}")
    elif isinstance(kept, list) and isinstance(now, list):
        if len(kept) != len(now):
            yield f"{where} has {len(now)} items instead of {len(kept)}"
        for index, (one, other) in enumerate(zip(kept, now, strict=False)):
            yield from differences(one, other, f"{where}[{index}]")
    elif isinstance(kept, float) and isinstance(now, int | float) and not isinstance(now, bool):
        if not math.isclose(kept, now, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{where}: {kept!r} became {now!r}"
    elif kept != now or type(kept) is not type(now):
        yield f"{where}: {kept!r} became {now!r}"


def _written(value: Any, indent: str) -> Iterator[str]:
    """What fits is on one line, so that a change is a changed line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + len(indent) <= _WIDTH or not isinstance(value, dict | list):
        yield line
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield opening
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for index, (name, inner) in enumerate(parts):
        key = f"{json.dumps(name)}: " if isinstance(value, dict) else ""
        yield f"{',' if index else ''}\n{indent} {key}"
        yield from _written(inner, indent + " ")
    yield f"\n{indent}{closing}"
