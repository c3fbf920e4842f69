"""``python -m tools.oracles DIR [--json FILE] [--area NAME] [--verbose]``: run every case in DIR against the product's functions."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.oracles.run import Outcome, run_folder


def _print_area(area: str, outcomes: Sequence[Outcome], verbose: bool) -> None:
    counts = {verdict: sum(outcome.verdict == verdict for outcome in outcomes) for verdict in ("pass", "fail", "no function")}
    print(f"{area}: {counts['pass']} passed, {counts['fail']} failed, {counts['no function']} without a function")
    for outcome in outcomes:
        if outcome.verdict == "pass" and not verbose:
            continue
        gate = "" if outcome.gate else " (informative)"
        print(f"  {outcome.verdict:<11} {outcome.id}{gate}  {outcome.title}")
        for line in outcome.detail:
            print(f"              {line}")


def main(argv: Sequence[str]) -> int:
    """Print the report; exit 1 when a case that must hold does not."""
    parser = argparse.ArgumentParser(prog="python -m tools.oracles", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with case files and their data")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the outcomes there")
    parser.add_argument("--area", action="append", help="only this area (may be repeated)")
    parser.add_argument("--verbose", action="store_true", help="list passing cases too")
    chosen = parser.parse_args(list(argv))
    if not chosen.folder.is_dir():
        print(f"There is no folder {chosen.folder}.")
        return 2
    outcomes = [outcome for outcome in run_folder(chosen.folder) if not chosen.area or outcome.area in chosen.area]
    for area in dict.fromkeys(outcome.area for outcome in outcomes):
        _print_area(area, [outcome for outcome in outcomes if outcome.area == area], chosen.verbose)
    if chosen.json:
        chosen.json.write_text(json.dumps([outcome.plain() for outcome in outcomes], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    verdicts = [outcome.verdict for outcome in outcomes]
    print(f"{verdicts.count('pass')} passed, {verdicts.count('fail')} failed, {verdicts.count('no function')} without a function")
    return 1 if any(outcome.verdict == "fail" and outcome.gate for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
