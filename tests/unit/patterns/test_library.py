"""Loading a directory of patterns."""

from pathlib import Path

import pytest

from dawsos.kernel.errors import Internal, NotFound
from dawsos.patterns import load_library
from tests.unit.patterns.overview_capabilities import overview_registry

_FILE = Path(__file__).parents[3] / "patterns" / "portfolio_overview.yaml"
#: The overview as it is, but for the pattern its holdings open.
OVERVIEW = _FILE.read_text().replace("    opens: holding_deep_dive\n", "")


def test_every_file_is_loaded_by_id(tmp_path):
    (tmp_path / "portfolio_overview.yaml").write_text(OVERVIEW)
    (tmp_path / "another.yaml").write_text(OVERVIEW.replace("id: portfolio_overview", "id: another"))
    (tmp_path / "notes.txt").write_text("no pattern")
    library = load_library(tmp_path, overview_registry())
    assert list(library) == ["another", "portfolio_overview"]
    assert len(library) == 2
    assert library.find("another").id == "another"
    assert library["another"].file.name == "Portfolio overview"


def test_an_unknown_pattern_is_named_with_the_near_ones(tmp_path):
    (tmp_path / "portfolio_overview.yaml").write_text(OVERVIEW)
    library = load_library(tmp_path, overview_registry())
    with pytest.raises(NotFound) as caught:
        library.find("portfolio_overvew")
    assert (caught.value.code, caught.value.remedy) == ("pattern_not_found", "Did you mean 'portfolio_overview'?")
    with pytest.raises(NotFound, match="The patterns are portfolio_overview"):
        library.find("zzz")


def test_one_faulty_file_stops_the_load_and_all_faults_are_told(tmp_path):
    text = OVERVIEW
    (tmp_path / "sound.yaml").write_text(text.replace("id: portfolio_overview", "id: sound"))
    (tmp_path / "misplaced.yaml").write_text(text)
    (tmp_path / "broken.yaml").write_text("a: [")
    (tmp_path / "typos.yaml").write_text(text.replace("ledger.positions", "ledger.positons").replace("twr_1y", "twr_1yr"))
    with pytest.raises(Internal) as caught:
        load_library(tmp_path, overview_registry())
    problems = caught.value.details["problems"]
    assert caught.value.code == "pattern_invalid"
    assert [one.split(":")[0] for one in problems] == ["broken.yaml", "misplaced.yaml", "typos.yaml", "typos.yaml"]
    assert (
        problems[1]
        == "misplaced.yaml:1: id: The pattern 'portfolio_overview' lies in 'misplaced.yaml'. Call the file portfolio_overview.yaml."
    )
    assert all(problem in caught.value.message for problem in problems)


def test_an_empty_directory_is_an_empty_library(tmp_path):
    assert len(load_library(tmp_path, overview_registry())) == 0


def opening(text, *, opens, key="security_id"):
    """The overview, whose holdings open the pattern ``opens`` by ``key``."""
    return text.replace("    key: security_id\n", f"    key: {key}\n    opens: {opens}\n")


def test_rows_open_a_pattern_that_is_there_and_takes_their_key(tmp_path):
    text = OVERVIEW
    deep = text.replace("id: portfolio_overview", "id: deep").replace("  lookback_days:\n    type", "  weight:\n    type")
    deep = deep.replace("inputs.lookback_days", "inputs.weight")
    (tmp_path / "deep.yaml").write_text(deep)
    (tmp_path / "portfolio_overview.yaml").write_text(opening(text, opens="deep", key="weight"))
    library = load_library(tmp_path, overview_registry())
    ((place, table),) = library.find("portfolio_overview").file.opened()
    assert (place, table.opens, table.key) == (("panels", 4), "deep", "weight")


@pytest.mark.parametrize(
    ("key", "opens", "fault"),
    [
        ("security_id", "deeep", "There is no pattern 'deeep'."),
        ("security_id", "portfolio_overview", "The pattern 'portfolio_overview' has no input 'security_id'. A row is opened by its key."),
    ],
)
def test_rows_that_open_nothing_stop_the_load(tmp_path, key, opens, fault):
    (tmp_path / "portfolio_overview.yaml").write_text(opening(OVERVIEW, opens=opens, key=key))
    with pytest.raises(Internal) as caught:
        load_library(tmp_path, overview_registry())
    assert caught.value.details["problems"] == [f"portfolio_overview.yaml:1: panels[4].opens: {fault}"]
