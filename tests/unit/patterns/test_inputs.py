"""What stands beside the field of an input."""

import pytest

from dawsos.patterns.inputs import in_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("asof_date", "As-of date"),
        ("security_id", "Security"),
        ("lookback_days", "Look-back days"),
        ("min_quality_score", "Minimum quality score"),
        ("max_te_pct", "Maximum tracking error %"),
        ("template", "Template"),
    ],
)
def test_the_name_of_an_input_is_put_into_words(name, words):
    assert in_words(name) == words
