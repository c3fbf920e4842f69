"""Every rule of the check at load, broken once in a copy of a sound pattern."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from dawsos.kernel.identity import ALL_RIGHTS
from dawsos.patterns.checker import check_text
from dawsos.registry import CallContext, Contract, Count, Fraction, Number, capability
from dawsos.registry.names import did_you_mean
from tests.unit.patterns.overview_capabilities import capability_of, overview_registry

OVERVIEW = (Path(__file__).parents[3] / "patterns" / "portfolio_overview.yaml").read_text(encoding="utf-8")


class Filter(Contract):
    sector: str
    limit: Annotated[int, Field(ge=1), Count] = 10


class EverythingRequest(Contract):
    symbols: list[str] = Field(default_factory=list)
    shares: dict[str, Annotated[float, Fraction]] = Field(default_factory=dict)
    filters: list[Filter] = Field(default_factory=list)
    main: Filter | None = None
    anything: object = None
    ratio: Annotated[float, Number] = 1.0
    flag: bool = False


@dataclass(frozen=True)
class Record:
    """A record of a lower layer, whose amount names no unit."""

    amount: Decimal


class EverythingResult(Contract):
    flag: bool
    maybe_flag: bool | None
    name: str
    state: str
    payload: object
    record: Record
    anything: Any
    list_of_anything: list[Any] = Field(default_factory=list)
    reasons: dict[str, str]


@capability(name="test.everything", rights=("portfolio_read", "news_read"), ttl=0, example={})
async def everything(context: CallContext, request: EverythingRequest) -> EverythingResult:
    """Takes arguments of every form."""
    return EverythingResult(
        flag=True, maybe_flag=None, name="x", state="ok", payload=None, record=Record(Decimal(1)), anything=None, reasons={}
    )


REGISTRY = overview_registry(capability_of(everything))


def faults(*changes, text=OVERVIEW):
    """The problems of ``text`` after each ``(old, new)`` has been put in, without the file's name and the line."""
    for old, new in changes:
        assert old in text, f"the pattern no longer contains {old!r}"
        text = text.replace(old, new, 1)
    pattern, problems = check_text(text, "overview.yaml", REGISTRY)
    assert (pattern is None) == bool(problems)
    assert all(problem.line is not None for problem in problems)
    return [str(problem).split(": ", 1)[1] for problem in problems]


def step(args="", more="", capability_name="test.everything", name="extra"):
    """A change that puts one more step into the overview, lists it as an output and asks for its right."""
    text = f"  - capability: {capability_name}\n    as: {name}\n{more}    args: {{{args}}}\n\noutputs: [{name}, "
    return ("outputs: [", text), ("[portfolio_read]", "[portfolio_read, news_read]")


def panel(body):
    """A change that puts one more panel before all others."""
    return ("panels:\n", f"panels:\n  - {{id: extra, title: Extra, refresh_ttl: 0, {body}}}\n")


def test_the_overview_is_sound():
    pattern, problems = check_text(OVERVIEW, "overview.yaml", REGISTRY)
    assert problems == []
    assert pattern.id == "portfolio_overview"
    assert pattern.needs == {
        "positions": frozenset(),
        "valued_positions": {"positions"},
        "perf_metrics": frozenset(),
        "currency_attr": frozenset(),
        "sector_allocation": {"valued_positions"},
        "historical_nav": frozenset(),
    }
    assert pattern.facts_used == {"pricing_pack_id", "base_currency"}


def test_a_problem_names_file_line_place_and_suggestion():
    _, problems = check_text(OVERVIEW.replace("ledger.positions", "ledger.positons"), "overview.yaml", REGISTRY)
    line = OVERVIEW.splitlines().index("  - capability: ledger.positions") + 1
    assert str(problems[0]) == (
        f"overview.yaml:{line}: steps[0].capability: There is no capability 'ledger.positons'. Did you mean 'ledger.positions'?"
    )
    assert len(problems) == 1


def test_all_problems_are_reported_at_once_in_the_order_of_the_lines():
    found = faults(("as: positions", "as: ctx"), ("perf_metrics.twr_1y", "perf_metrics.twr_1yr"), ("[portfolio_read]", "[portfolio_raed]"))
    assert [one.split(":")[0] for one in found] == [
        "steps[0].as", "steps[1].args.positions", "panels[0].metrics[0].value", "rights_required", *["rights_required"] * 5,
        "rights_required[0]",
    ]  # fmt: skip


# --- notation -----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_mapping_is_refused():
    assert faults(text="- a\n- b\n") == ["pattern: A pattern file is a mapping with id, steps, outputs and so on."]
    assert faults(text="") == ["pattern: A pattern file is a mapping with id, steps, outputs and so on."]


def test_an_unknown_key_is_refused_with_the_near_one():
    assert faults(("version:", "versoin:")) == [
        "version: This is missing.",
        "versoin: This key means nothing here. Did you mean 'version'?",
    ]
    assert faults(("    as: positions", "    as: positions\n    optinal: true")) == [
        "steps[0].optinal: This key means nothing here. Did you mean 'optional'?"
    ]
    assert faults(("{pdf: true,", "{pdf: true, pfd: true,")) == ["export_allowed.pfd: This key means nothing here. Did you mean 'pdf'?"]
    assert faults(("refresh_ttl: 60", "refresh_ttl: 60\n    colour: red")) == ["panels[4].colour: This key means nothing here."]


def test_a_duplicate_key_is_refused():
    assert faults(("category: portfolio", "category: portfolio\ncategory: macro"))[0].startswith("category: The key 'category' stands here")


def test_a_duplicate_key_does_not_hide_other_problems():
    found = faults(("tags: [", "tags: []\ntags: ["), ("ledger.positions", "ledger.positons"))
    assert [one.split(":")[0] for one in found] == ["tags", "steps[0].capability"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('version: "1.0"', "version: 1.0", "version: Input should be a valid string."),
        ('version: "1.0"', 'version: "one"', "version: String should match pattern '^\\d+\\.\\d+(\\.\\d+)?$'."),
        ("category: portfolio", "category: portfolo", ("category: Input should be 'portfolio', 'macro', 'risk', 'economy', 'analysis', "
         "'action', 'news', 'export' or 'tax'. Did you mean 'portfolio'?")),
        ("title: Performance", 'title: "Performance of {{ inputs.portfolio_id }}"', "panels[0].title: Text cannot hold a reference."),
        ("refresh_ttl: 300", "refresh_ttl: -1", "panels[0].refresh_ttl: Input should be greater than or equal to 0."),
        ("refresh_ttl: 300", 'refresh_ttl: "300"', "panels[0].refresh_ttl: Input should be a valid integer."),
        ("type: metrics_grid", "type: metric_grid", "panels[0]: There is no panel type 'metric_grid'. Did you mean 'metrics_grid' or 'comparison_grid'?"),
        ("type: metrics_grid\n", "description: none\n", "panels[0]: The panel has no type."),
        ("format: decimal_2", "format: decimal2", ("panels[0].metrics[2].format: Input should be 'percentage', 'currency', 'number', "
         "'decimal_2', 'bps', 'text', 'date', 'rating', 'rating_badge', 'sentiment_badge', 'risk_badge', 'trend_arrow' or 'auto'. "
         "Did you mean 'decimal_2'?")),
        ("color_condition: sign", "color_condition: [sign]", ("panels[0].metrics[0].color_condition: Input should be 'sign', 'threshold', "
         "'threshold_under', 'threshold_over' or 'sentiment'.")),
        ("{{ perf_metrics.twr_1y }}", "{{ perf_metrics.twr_1y * 100 }}", ("panels[0].metrics[0].value: '{{ perf_metrics.twr_1y * 100 }}' is an "
         "expression; a reference only names a value. Let a capability compute it.")),
        ("{{ perf_metrics.twr_1y }}", "{{ perf_metrics.twr_1y }} %", ("panels[0].metrics[0].value: '{{ perf_metrics.twr_1y }} %' holds a "
         "reference inside other text; a reference is the whole string.")),
        ('value: "{{ perf_metrics.twr_1y }}"', "value: 3", "panels[0].metrics[0].value: This must be a reference such as {{ step.field }}."),
        ("    as: positions", "    as: positions\n    timeout: 31", "steps[0].timeout: Input should be less than or equal to 30."),
        ("as: positions", "as: Positions", "steps[0].as: String should match pattern '^[a-z][a-z0-9_]*$'."),
    ],
)  # fmt: skip
def test_what_is_not_written_as_it_must_be_is_refused(old, new, fault):
    assert faults((old, new)) == [fault]


def test_a_chart_of_parts_has_one_form():
    why = "panels[0]: A chart of parts has either 'slices' or both 'labels' and 'values'."
    assert faults(panel("type: pie_chart")) == [why]
    assert faults(panel('type: pie_chart, labels: "{{ ctx.asof_date }}"')) == [why]
    one = '{label: NAV, value: "{{ valued_positions.nav }}"}'
    assert faults(panel(f'type: pie_chart, slices: [{one}], labels: "{{{{ historical_nav.data.*.date }}}}"')) == [why]


# --- names --------------------------------------------------------------------------------------------------------------


def test_a_duplicate_step_name_is_refused():
    assert faults(*step(name="perf_metrics")) == [
        "steps[6].as: There is already a step 'perf_metrics'.",
        "outputs[1]: 'perf_metrics' is listed twice.",
    ]


@pytest.mark.parametrize("taken", ["inputs", "ctx"])
def test_a_step_is_not_called_like_a_root_of_references(taken):
    assert f"steps[6].as: '{taken}' is taken; a step cannot be called that." in faults(*step(name=taken))


def test_an_unknown_capability_is_refused_with_the_near_ones():
    assert faults(("capability: metrics.compute_twr", "capability: metrics.compute_tvr")) == [
        "steps[2].capability: There is no capability 'metrics.compute_tvr'. Did you mean 'metrics.compute_twr'?"
    ]


def test_an_output_that_is_no_step_is_refused():
    assert faults(("outputs: [perf_metrics", "outputs: [perf_metric")) == [
        "outputs[0]: There is no step 'perf_metric'. Did you mean 'perf_metrics'?"
    ]


def test_an_output_or_panel_listed_twice_is_refused():
    assert faults(("outputs: [perf_metrics", "outputs: [perf_metrics, perf_metrics")) == ["outputs[1]: 'perf_metrics' is listed twice."]
    assert faults(("- id: allocation", "- id: holdings")) == ["panels[5].id: There is already a panel 'holdings'."]


# --- references and arguments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{{ positions.positions }}", "{{ postions.positions }}", "There is no step 'postions'. Did you mean 'positions' or 'valued_positions'?"),
        ("{{ positions.positions }}", "{{ positions.position }}", "'positions' has no field 'position'. Did you mean 'positions' or 'total_positions'?"),
        ("{{ positions.positions }}", "{{ positions.positions }} all", ("'{{ positions.positions }} all' holds a reference inside other text; "
         "a reference is the whole string.")),
        ("{{ positions.positions }}", "{{ positions.positions[0] }}", ("'{{ positions.positions[0] }}' is an expression; a reference only names a "
         "value. Let a capability compute it.")),
        ("{{ positions.positions }}", "{{ positions.total_positions }}", ("'positions.total_positions' does not fit: it is int, and "
         "tuple[Position] is expected.")),
        ("{{ ctx.pricing_pack_id }}", "{{ ctx.pack_id }}", "There is no fact of the context 'pack_id'. Did you mean 'pricing_pack_id'?"),
        ("{{ ctx.pricing_pack_id }}", "{{ ctx.asof_date }}", "'ctx.asof_date' does not fit: it is date, and str or null is expected."),
    ],
)  # fmt: skip
def test_a_misspelt_or_unfitting_reference_is_refused(old, new, fault):
    place = "steps[1].args.pack_id" if "ctx" in old else "steps[1].args.positions"
    found = faults((old, new))
    assert found[0] == f"{place}: {fault}"


def test_an_unknown_and_a_missing_argument_are_named():
    assert faults(("      valued_positions: ", "      valued_position: ")) == [
        "steps[4].args: 'portfolio.sector_allocation' needs the argument 'valued_positions' (ValuedPositions).",
        "steps[4].args.valued_position: 'portfolio.sector_allocation' has no argument 'valued_position'. Did you mean 'valued_positions'?",
    ]


@pytest.mark.parametrize(
    "args",
    [
        "",
        'symbols: "{{ positions.positions.*.symbol }}"',
        'symbols: ["RY", "{{ ctx.base_currency }}"]',
        "shares: {fx: 0.5, other: 0.25}, flag: true, ratio: 2",
        'filters: [{sector: "{{ ctx.base_currency }}", limit: 3}]',
        'main: {sector: "{{ ctx.base_currency }}"}',
        "main: null",
        'anything: {deep: [1, "{{ positions }}"]}',
        'anything: "{{ positions.positions }}"',
    ],
)  # fmt: skip
def test_arguments_may_be_literal_nested_and_mixed(args):
    assert faults(*step(args)) == []


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        ("flag: 1", "args.flag: The value does not fit: Input should be a valid boolean."),
        ("main: {sector: Energy, limit: 0}", "args.main: The value does not fit: limit: Input should be greater than or equal to 1."),
        ('main: {sector: "{{ ctx.base_currency }}", limit: 0}', "args.main.limit: The value does not fit: Input should be greater than or equal to 1."),
        ('main: {sectr: "{{ ctx.base_currency }}", sector: x}', "args.main.sectr: Filter has no argument 'sectr'. Did you mean 'sector'?"),
        ('main: {limit: "{{ positions.total_positions }}"}', "args.main: Filter needs the argument 'sector' (str)."),
        ('main: ["{{ positions }}"]', "args.main: A list of references is given, and Filter or null is expected."),
        ('symbols: {a: "{{ ctx.base_currency }}"}', "args.symbols: A mapping of references is given, and list[str] is expected."),
        ('symbols: ["{{ positions.total_positions }}"]', "args.symbols[0]: 'positions.total_positions' does not fit: it is int, and str is expected."),
        ('anything: ["{{ nowhere }}"]', "args.anything[0]: There is no step 'nowhere'."),
        ('ratio: "{{ valued_positions.coverage }}"', "args.ratio: 'valued_positions.coverage' does not fit: it is a fraction, and a number is expected."),
        ('shares: {fx: "{{ perf_metrics.twr_1y }}"}', ("args.shares.fx: 'perf_metrics.twr_1y' does not fit: it may be null, and float is "
         "expected. Make the step optional.")),
    ],
)  # fmt: skip
def test_a_nested_argument_that_does_not_fit_is_refused_at_its_place(args, fault):
    assert faults(*step(args))[0] == f"steps[6].{fault}"


def test_null_may_be_given_where_it_is_taken_and_to_an_optional_step():
    nullable = 'ratio: "{{ perf_metrics.sharpe_ratio }}"'
    assert faults(*step(nullable)) == [
        "steps[6].args.ratio: 'perf_metrics.sharpe_ratio' does not fit: it may be null, and float is expected. Make the step optional."
    ]
    assert faults(*step(nullable, more="    optional: true\n")) == []


def test_the_result_of_a_step_that_may_be_left_out_may_be_null():
    optional = ("as: valued_positions\n", "as: valued_positions\n    optional: true\n")
    assert faults(optional) == [
        (
            "steps[4].args.valued_positions: 'valued_positions' does not fit: it may be null, and ValuedPositions is expected. "
            "Make the step optional."
        )
    ]
    assert faults(optional, ("as: sector_allocation\n", "as: sector_allocation\n    optional: true\n")) == []


def conditional(*names):
    when = [(f"as: {name}\n", f'as: {name}\n    when: "{{{{ extra.flag }}}}"\n') for name in names]
    return *step(), *when


def test_a_step_under_the_same_condition_is_certain_for_another():
    assert faults(*conditional("valued_positions", "sector_allocation")) == []
    assert faults(*conditional("valued_positions"))[0].startswith("steps[4].args.valued_positions: 'valued_positions' does not fit")
    may_fail = ("as: valued_positions\n", "as: valued_positions\n    optional: true\n")
    assert faults(may_fail, *step(), ("as: sector_allocation\n", 'as: sector_allocation\n    when: "{{ extra.flag }}"\n')) != []


def test_a_circle_is_named():
    circle = faults(
        *step('anything: "{{ sector_allocation }}", flag: false'),
        ('positions: "{{ positions.positions }}"', 'positions: "{{ extra.payload }}"'),
    )
    assert circle[0] == (
        "steps: The steps wait for each other in a circle: valued_positions → extra → sector_allocation → valued_positions. Break the circle."
    )


def test_a_step_may_refer_to_a_later_one():
    first = "  - capability: ledger.positions\n"
    early = '  - capability: test.everything\n    as: extra\n    args: {anything: "{{ historical_nav }}"}\n\n'
    assert faults((first, early + first), ("outputs: [", "outputs: [extra, "), ("[portfolio_read]", "[portfolio_read, news_read]")) == []


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ("{{ other.name }}", "'other.name' is str, not true or false."),
        ("{{ inputs.lookback_days }}", "'inputs.lookback_days' is int, not true or false."),
        ("{{ other.flagg }}", "'other' has no field 'flagg'. Did you mean 'flag'?"),
        (
            "{{ other.flag == true }}",
            "'{{ other.flag == true }}' is an expression; a reference only names a value. Let a capability compute it.",
        ),
    ],
)
def test_a_condition_that_is_no_truth_value_is_refused(when, fault):
    other = step(name="other")
    assert faults(*other, step(more=f'    when: "{when}"\n')[0]) == [f"steps[7].when: {fault}"]


def test_a_condition_may_be_unknown():
    assert faults(*step(name="other"), step(more='    when: "{{ other.maybe_flag }}"\n')[0]) == []


# --- use ----------------------------------------------------------------------------------------------------------------


def test_an_unused_input_is_refused():
    unused = "    required: true\n    description: The portfolio to look at.\n  spare:\n    type: string\n    description: Not needed.\n"
    assert faults(("    required: true\n    description: The portfolio to look at.\n", unused)) == [
        "inputs.spare: The input 'spare' is never used. Use it or leave it out."
    ]


def test_an_unused_step_is_refused():
    change, right = step()
    assert faults((change[0], change[1].replace("[extra, ", "[")), right) == [
        "steps[6]: Nothing uses the result of step 'extra'. List it under outputs or leave it out."
    ]


def test_a_fact_about_a_portfolio_needs_a_portfolio():
    found = faults(("    required: true\n", ""))
    assert "inputs: ctx.base_currency is a fact about a portfolio, and the pattern asks for none. Require the input portfolio_id." in found


# --- rights -------------------------------------------------------------------------------------------------------------


def test_an_unknown_right_is_refused():
    near = did_you_mean("news_reed", ALL_RIGHTS)
    assert faults(("[portfolio_read]", "[portfolio_read, news_reed]")) == [f"rights_required[1]: There is no right 'news_reed'. {near}"]


def test_the_rights_of_every_capability_are_required():
    assert faults(step()[0]) == ["rights_required: 'news_read' is missing, which steps[6] ('test.everything') needs."]


def test_an_optional_step_under_a_condition_asks_for_its_rights_only_when_it_runs():
    wanted = ("inputs:\n", "inputs:\n  wanted:\n    type: boolean\n    default: false\n    description: Whether it runs.\n")
    condition = '    when: "{{ inputs.wanted }}"\n'
    assert faults(wanted, step(more=condition + "    optional: true\n")[0]) == []
    (left,) = faults(wanted, step(more=condition)[0])
    assert left.startswith("rights_required: 'news_read' is missing")


# --- inputs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("type: whole", ("inputs.lookback_days.type: There is no input type 'whole'. The types are uuid, string, integer, number, decimal, "
         "boolean, date, or capability:argument.")),
        ("type: interger", "inputs.lookback_days.type: There is no input type 'interger'. Did you mean 'integer'?"),
        ("type: integer\n    required: true\n    default: 252", ("inputs.lookback_days.default: A required input has no default. Leave out one "
         "of the two.")),
        ("type: integer\n    default: long", "inputs.lookback_days.default: The default does not fit the type: Input should be a valid integer."),
        ('type: integer\n    default: "{{ ctx.asof_date }}"', ("inputs.lookback_days.default: 'ctx.asof_date' does not fit: it is date, and int "
         "is expected.")),
        ('type: integer\n    default: "{{ positions.total_positions }}"', ("inputs.lookback_days.default: A default is a value or a fact of the "
         "context. The facts are pricing_pack_id, asof_date, portfolio_id, base_currency, ledger_commit_hash.")),
        ('type: integer\n    default: "{{ ctx.asof_date }} x"', ("inputs.lookback_days.default: '{{ ctx.asof_date }} x' holds a reference inside "
         "other text; a reference is the whole string.")),
        ("type: metrics.compute_tvr:lookback_days", ("inputs.lookback_days.type: There is no capability 'metrics.compute_tvr'. Did you mean "
         "'metrics.compute_twr'?")),
        ("type: metrics.compute_twr:lookback", ("inputs.lookback_days.type: 'metrics.compute_twr' has no argument 'lookback'. Did you mean "
         "'lookback_days'?")),
        ("type: metrics.compute_twr:lookback_days\n    default: 0", ("inputs.lookback_days.default: The default does not fit the type: Input "
         "should be greater than or equal to 1.")),
        ("type: integer\n    default: 1\n    choices: [a]", "inputs.lookback_days.choices: Only a string has choices."),
    ],
)  # fmt: skip
def test_an_input_that_is_not_well_declared_is_refused(spec, fault):
    old = "type: metrics.compute_twr:lookback_days\n    default: 252"
    assert faults((old, spec))[0] == fault


def test_an_input_may_have_the_type_of_an_argument_or_a_plain_one():
    assert faults(("type: metrics.compute_twr:lookback_days\n    default: 252", "type: integer\n    default: 252")) == []


def test_an_input_left_out_without_default_may_be_null():
    assert faults(("type: metrics.compute_twr:lookback_days\n    default: 252", "type: integer"))[0] == (
        "steps[2].args.lookback_days: 'inputs.lookback_days' does not fit: it may be null, and int is expected. Make the step optional."
    )


# --- panels -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{{ perf_metrics.twr_1y }}", "{{ perf_metrics.twr1y }}", ("panels[0].metrics[0].value: 'perf_metrics' has no field 'twr1y'. "
         "Did you mean 'twr_1y' or 'twr'?")),
        ("{{ perf_metrics.sharpe_ratio }}", "{{ historical_nav.data.*.nav }}", "panels[0].metrics[2].value: This must be one value, and it is a list."),
        ('sharpe_ratio }}", format: decimal_2', 'sharpe_ratio }}", format: percentage', ("panels[0].metrics[2].format: A number cannot be shown as "
         "percentage, which is for fraction.")),
        ('perf_metrics.volatility }}", format: percentage', 'currency_attr.base_currency }}", format: percentage', ("panels[0].metrics[1].format: "
         "A value of this type cannot be shown as percentage.")),
        ("color_condition: sign", "color_condition: threshold", ("panels[0].metrics[0].threshold: 'threshold' stands exactly where "
         "'color_condition' compares with one.")),
        ("color_condition: sign", "color_condition: sign, threshold: 1.0", ("panels[0].metrics[0].threshold: 'threshold' stands exactly where "
         "'color_condition' compares with one.")),
        ("{{ historical_nav.data.*.nav }}", "{{ historical_nav.end_value }}", ("panels[1].series[0].values: This must be a list of values. "
         "'{{ historical_nav.end_value.*.field }}' takes a field of every item.")),
        ("{{ historical_nav.data.*.date }}", "{{ historical_nav.data.*.day }}", "panels[1].x: 'historical_nav.data.*' has no field 'day'."),
        ("{{ historical_nav.data.*.nav }}", "{{ valued_positions.positions.*.market_value }}", ("panels[1].series[0].values: "
         "'valued_positions.positions.*.market_value' and 'historical_nav.data.*.date' are taken from different lists. Take both from the same items.")),
        ("field: symbol, label", "field: ticker, label", "panels[4].columns[0].field: 'valued_positions.positions.*' has no field 'ticker'."),
        ("field: quantity, label", "field: symbol, label", "panels[4].columns[2].field: The column 'symbol' is already there."),
        ("field: weight, label: Weight, format: percentage", "field: weight, label: Weight, format: currency", ("panels[4].columns[5].format: A fraction "
         "cannot be shown as currency, which is for money or price.")),
        ("key: security_id", "key: security", ("panels[4].key: 'valued_positions.positions.*' has no field 'security'. Did you mean "
         "'security_id'?")),
        ('rows: "{{ valued_positions.positions }}"', 'rows: "{{ valued_positions.position }}"', ("panels[4].rows: 'valued_positions' has no field "
         "'position'. Did you mean 'positions'?")),
        ("{{ sector_allocation.sectors.*.sector }}", "{{ positions.positions.*.sector }}", ("panels[3].values: "
         "'sector_allocation.sectors.*.market_value' and 'positions.positions.*.sector' are taken from different lists. Take both from the "
         "same items.")),
    ],
)  # fmt: skip
def test_a_panel_that_cannot_be_shown_is_refused(old, new, fault):
    assert fault in faults((old, new))


NAV = '"{{ valued_positions.nav }}"'
POSITIONS, NOTHING = '"{{ valued_positions.positions }}"', '"{{ nothing.here }}"'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("type: comparison_table, columns: [a, b], rows: [{label: NAV, values: [" + NAV + "]}]", [
            "panels[0].rows[0].values: There are 1 values for 2 columns."]),
        ("type: comparison_grid, columns: [a], rows: [{label: NAV, format: date, values: [" + NAV + "]}]", [
            "panels[0].rows[0].format: A value of this type cannot be shown as date."]),
        ('type: status, state: "{{ currency_attr.base_currency }}", items: [{label: NAV, value: ' + NAV + "}]", []),
        ("type: status, state: " + NAV, ["panels[0].state: A value of this type cannot be shown as text."]),
        ('type: bar_chart, labels: "{{ historical_nav.data.*.date }}", series: [{label: x, values: "{{ historical_nav.data.*.net }}"}]', [
            "panels[0].series[0].values: 'historical_nav.data.*' has no field 'net'."]),
        ("type: gauge_with_waterfall, label: NAV, value: " + NAV + ', maximum: "{{ perf_metrics.twrr }}"', [
            "panels[0].maximum: 'perf_metrics' has no field 'twrr'. Did you mean 'twr' or 'twr_1y'?"]),
        ("type: gauge_with_waterfall, label: NAV, value: " + NAV + ', waterfall: {slices: [{label: x, value: "{{ nothing.here }}"}]}', [
            "panels[0].waterfall.slices[0].value: There is no step 'nothing'."]),
        ('type: heatmap, rows: "{{ historical_nav.data.*.date }}", columns: "{{ historical_nav.data.*.date }}", values: ' + NAV, [
            "panels[0].values: This must be a list of values. '{{ valued_positions.nav.*.field }}' takes a field of every item."]),
        ("type: report_viewer, text: " + NAV, ["panels[0].text: This must be a text or a list of texts."]),
        ("type: scorecard, passed: x", [
            "panels[0].passed: There are no criteria to be met.", "panels[0]: A scorecard shows at least one of 'metrics' and 'criteria'."]),
        ("type: dual_list, left: {title: a, rows: " + POSITIONS + ", columns: [{field: symbl, label: S}]}, right: {title: b, rows: "
         + NOTHING + ", columns: [{field: symbol, label: S}]}", [
            "panels[0].left.columns[0].field: 'valued_positions.positions.*' has no field 'symbl'. Did you mean 'symbol'?",
            "panels[0].right.rows: There is no step 'nothing'."]),
        ("type: tabbed_content, tabs: [{label: a, parts: [{type: text, text: " + NOTHING + "}]}, {label: a, parts: "
         + "[{type: metrics_grid, metrics: [{label: N, value: " + NAV + ", format: date}]}]}]", [
            "panels[0].tabs[0].parts[0].text: There is no step 'nothing'.",
            "panels[0].tabs[1].label: There is already a tab 'a'.",
            "panels[0].tabs[1].parts[0].metrics[0].format: A value of this type cannot be shown as date."]),
        ("type: tabbed_content, tabs: [{label: a, parts: [{type: text, text: plain}]}]", [
            "panels[0].tabs[0].parts[0].text: 'plain' is no reference; write {{ step.field }}, {{ inputs.name }} or {{ ctx.fact }}."]),
        ('type: table, rows: "{{ valued_positions.positions }}", opens: play, columns: [{field: symbol, label: S}]', [
            "panels[0].opens: A row opens a pattern by its key, and there is none. Give the panel a 'key'."]),
        ('type: metrics_grid, currency: "{{ currency_attr.base_currency }}", metrics: [{label: NAV, value: ' + NAV + "}]", []),
        ("type: metrics_grid, currency: " + NAV + ", metrics: [{label: NAV, value: " + NAV + "}]", [
            "panels[0].currency: A value of this type cannot be shown as text."]),
        ('type: metrics_grid, metrics: [{label: P, value: "{{ nothing.here }}"}]', ["panels[0].metrics[0].value: There is no step 'nothing'."]),
        ('type: waterfall, slices: [{label: FX, value: "{{ currency_attr.fx_return }}"}], format: currency', [
            "panels[0].slices[0].format: A fraction cannot be shown as currency, which is for money or price."]),
    ],
)  # fmt: skip
def test_every_kind_of_panel_is_checked(body, found):
    assert faults(panel(body)) == found


def test_an_amount_is_shown_only_with_its_currency():
    body = 'type: metrics_grid, metrics: [{label: A, value: "{{ extra.record.amount }}", format: currency}]'
    assert faults(*step(), panel(body)) == [
        "panels[0].metrics[0].format: An amount is shown with its currency, and none is known here. Give the panel a 'currency'."
    ]
    with_currency = body.replace("type: metrics_grid,", 'type: metrics_grid, currency: "{{ valued_positions.currency }}",')
    assert faults(*step(), panel(with_currency)) == []


def test_a_value_of_unknown_type_may_stand_anywhere():
    body = 'type: bar_chart, labels: "{{ extra.anything }}", series: [{label: A, values: "{{ extra.anything.*.deep }}"}]'
    assert faults(*step(), panel(body)) == []
    assert faults(*step(), panel('type: metrics_grid, metrics: [{label: A, value: "{{ extra.anything.deep }}", format: date}]')) == []
    assert faults(*step(), panel(body.replace("extra.anything.*.deep", "extra.list_of_anything"))) == []


def test_a_table_needs_no_key():
    body = 'type: table, rows: "{{ historical_nav.data }}", columns: [{field: date, label: Day, format: date}]'
    assert faults(panel(body)) == []


def test_what_an_unknown_capability_gives_is_not_held_against_the_rest():
    assert faults(("portfolio.historical_nav", "portfolio.history")) == [
        f"steps[5].capability: There is no capability 'portfolio.history'. {did_you_mean('portfolio.history', REGISTRY.names)}"
    ]
