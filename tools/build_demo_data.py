"""Builds the bundled demo data: `python -m tools.build_demo_data [--source ../shared/data] [--output src/dawsos/demo_data]`."""

import argparse
from pathlib import Path
from typing import Final

from dawsos.providers.ecb import load_ecb_rates
from tools.demo_data import files
from tools.demo_data.corporate_actions import corporate_actions
from tools.demo_data.household import household_book
from tools.demo_data.income import income_book
from tools.demo_data.indicators import COLUMNS as INDICATOR_COLUMNS
from tools.demo_data.indicators import economic_series
from tools.demo_data.market import household_market, income_market

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT.parent / "shared" / "data"
OUTPUT: Final = ROOT / "src" / "dawsos" / "demo_data"


def build(source: Path) -> dict[str, bytes]:
    """The content of every generated file by its name; a pure function of the files in ``source`` and the installed ECB rates."""
    rates = load_ecb_rates(["CAD", "GBP", "USD"])
    household, income = household_market(source), income_market(source)
    actions = corporate_actions(income)
    return {
        "securities.csv": files.securities((household, income)),
        "corporate_actions.csv": files.actions(actions),
        "household_prices.csv.gz": files.compressed(files.prices(household)),
        "household_transactions.csv": files.table(files.TRANSACTION_COLUMNS, household_book(source, household, rates).rows),
        "income_prices.csv.gz": files.compressed(files.prices(income)),
        "economic_series.csv.gz": files.compressed(files.table(INDICATOR_COLUMNS, economic_series(source))),
        "income_transactions.csv": files.table(files.TRANSACTION_COLUMNS, income_book(income, rates, actions).rows),
    }


def main() -> None:
    """Write every file and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    for name, content in build(arguments.source).items():
        (arguments.output / name).write_bytes(content)
        print(f"{len(content):>8,} bytes  {name}")


if __name__ == "__main__":
    main()
