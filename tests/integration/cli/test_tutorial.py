"""The tutorial does what it says: its commands are run as they stand, on the files it shows."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Home, Said, close, new_home

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "first-hour.md"
BLOCK = re.compile(r"^```(bash|csv)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Home]:
    """An empty home, and an empty folder to be in."""
    made = new_home()
    made.server.start()
    before = Path.cwd()
    os.chdir(tmp_path)
    yield made
    os.chdir(before)
    close(made)


def follow(home: Home) -> dict[str, Said]:
    """Do everything the tutorial says, in its order; what each command said."""
    said: dict[str, Said] = {}
    for language, name, text in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if language == "csv":
            Path(name).write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            command, _, remark = line.partition("#")
            if command.startswith("dawsos "):
                said[command.strip()] = home(*shlex.split(command)[1:])
                assert said[command.strip()].code == (2 if "exit code 2" in remark else 0), (command, said[command.strip()])
    return said


def test_every_command_of_the_tutorial_does_what_it_says(fresh: Home) -> None:
    said = follow(fresh)
    assert "2022-12-26" in said["dawsos pack build --from 2022-12-19 --to 2022-12-28"].out
    assert "too-many" not in said["dawsos transactions --portfolio Mine"].out
    assert "nothing was written" in said["dawsos import wrong.csv --portfolio Mine"].out
    assert "Everything was there already" in said["dawsos import mine.csv --portfolio Mine"].out
    overview = said["dawsos run portfolio_overview --portfolio Mine"].out
    assert "4,225.22 CAD" in overview and "The Coca-Cola Company" in overview
    assert said["dawsos run portfolio_overview --portfolio Mine --pack PP_2022-12-23 --json"].json["trace"]["asof_date"] == "2022-12-23"
