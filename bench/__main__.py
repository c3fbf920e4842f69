"""``python -m bench [--only NAME] [--small]``: run the benchmarks, print the table, write ``bench/results.json``."""

import argparse
import importlib
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from bench.harness import RESULTS, Row, machine_line, table, write_results

_NOT_BENCHMARKS = {"harness", "__main__", "__init__"}


def names() -> list[str]:
    """The benchmarks there are: every module of this folder with a ``main``."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NOT_BENCHMARKS)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=names(), help="run this benchmark alone (may be repeated)")
    parser.add_argument("--small", action="store_true", help="tiny sizes, for CI: it works and both sides agree; nothing is judged")
    chosen, rest = parser.parse_known_args(list(argv))
    print(machine_line(), flush=True)
    rows: list[Row] = []
    failed: list[str] = []
    for name in chosen.only or names():
        print(f"… {name}", flush=True)
        try:
            rows += importlib.import_module(f"bench.{name}").main([*rest, *(["--small"] if chosen.small else [])])
        except Exception:  # noqa: BLE001 - one benchmark that breaks must not hide the others' figures; it fails the run below
            traceback.print_exc()
            failed.append(name)
    print(table(rows))
    if not chosen.small:
        write_results(rows)
        print(f"written to {RESULTS.name}")
    missed = [f"{row['benchmark']} ({row['size']}) against {row['peer']}" for row in rows if row["met"] is False]
    for line in missed:
        print(f"goal missed: {line}")
    for name in failed:
        print(f"failed: {name}")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
