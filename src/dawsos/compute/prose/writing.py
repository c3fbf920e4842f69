"""Texts about results by rule: one writer for each kind of result, told by the figures it has, and a general one for all others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dawsos.compute.prose.showing import is_share, listed, sentence, shown, words
from dawsos.compute.prose.topics import Figure, Topic

#: So many items of a list are named, and so many figures of a topic nobody knows more of.
NAMED: Final = 3
FIGURES: Final = 8
#: Figures that say nothing to a reader.
_DULL: Final = frozenset(
    {
        "method_version",
        "pricing_pack_id",
        "is_stale",
        "reason",
        "currency",
        "base_currency",
        "net_cash_currency",
        "url",
        "unit",
    }
)
#: Figures an item of a list is called by.
_TITLES: Final = (
    "symbol",
    "label",
    "name",
    "title",
    "strategy",
    "headline",
    "sector",
    "phase_label",
    "phase",
    "factor",
    "indicator",
    "figure",
    "date",
)


@dataclass(frozen=True, slots=True)
class Written:
    """Sentences: ``findings`` say what is, ``risks`` what speaks against it, ``gaps`` what is not known and why."""

    findings: tuple[str, ...]
    risks: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it in one paragraph each."""
        return "\n\n".join(" ".join(part) for part in (self.findings, self.risks, self.gaps) if part)


@dataclass(slots=True)
class _Page:
    findings: list[str]
    risks: list[str]
    gaps: list[str]

    def find(self, text: str) -> None:
        self.findings.append(sentence(text))

    def warn(self, text: str) -> None:
        self.risks.append(sentence(text))

    def miss(self, text: str) -> None:
        self.gaps.append(sentence(text))


def write(topics: Sequence[Topic]) -> Written:
    """What ``topics`` say, each in its turn; every number in it is one of theirs, rounded for reading."""
    page = _Page([], [], [])
    for topic in topics:
        _write(topic, page, ())
    return Written(*(tuple(dict.fromkeys(part)) for part in (page.findings, page.risks, page.gaps)))


def _write(topic: Topic, page: _Page, around: tuple[str, ...]) -> None:
    for needed, writer in _WRITERS:
        if topic.has(*needed):
            writer(topic, page)
            return
    _anything(topic, page, around)


def _value(topic: Topic, name: str) -> str | None:
    found = topic.known(name)
    return None if found is None else shown(found)


def _is_negative(figure: Figure | None) -> bool:
    return figure is not None and isinstance(figure.value, float | int | Decimal) and figure.value < 0


def _said(topic: Topic, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """``label value`` for each of the figures that is known."""
    return [f"{label} {value}" for name, label in pairs if (value := _value(topic, name)) is not None]


def _missing(topic: Topic, names: Sequence[str], page: _Page) -> None:
    for name in names:
        found = topic.figure(name)
        if found is not None and found.value is None:
            page.miss(f"{words(name)} is not known" + (f": {found.reason}" if found.reason else ""))


def _title(topic: Topic) -> str:
    return next((str(value) for name in _TITLES if (value := _value(topic, name)) is not None), words(topic.name))


def _named(rows: Sequence[Topic], by: str) -> str:
    return listed([f"{_title(row)} ({_value(row, by)})" for row in rows[:NAMED]])


def _rating(topic: Topic, page: _Page) -> None:
    kind = words((_value(topic, "rating_type") or topic.name).lower())
    score, why = topic.known("overall_score"), topic.figure("overall_score")
    if score is None:
        page.miss(f"{kind} is not rated" + (f": {why.reason}" if why is not None and why.reason else ""))
        return
    flag = _value(topic, "risk_flag")
    judged = _value(topic, "completeness")
    page.find(f"{kind} scores {shown(score)}" + (f", with {judged} of the criteria judged" if judged else ""))
    scored = sorted(
        (row for row in topic.rows("components") if row.known("score")),
        key=lambda row: _size(row.known("score")),
    )
    if scored:
        best, worst = scored[-1], scored[0]
        page.find(f"its best criterion is {words(_title(best))} with {_value(best, 'score')}")
        if best is not worst:
            page.find(f"its weakest is {words(_title(worst))} with {_value(worst, 'score')}")
    if flag in {"high", "medium"}:
        page.warn(f"the risk seen in {kind} is {flag}")
    if missing := topic.names.get("missing"):
        page.miss(f"{kind} does without {listed([words(name) for name in missing])}, which is not known")


def _aggregate(topic: Topic, page: _Page) -> None:
    overall = _value(topic, "overall")
    if overall is None:
        _missing(topic, ["overall"], page)
        return
    page.find(f"taken together the quality scores {overall}" + (f", grade {grade}" if (grade := _value(topic, "grade")) else ""))
    parts = _said(topic, [("moat_strength", "moat"), ("dividend_safety", "dividend safety"), ("resilience", "resilience")])
    if parts:
        page.find(f"it is made up of {listed(parts)}")
    covered = topic.known("covered")
    if covered is not None and covered.value != 1:
        page.miss(f"only {shown(covered)} of the value is rated")


def _fundamentals(topic: Topic, page: _Page) -> None:
    who = _value(topic, "name") or _value(topic, "symbol") or "the company"
    when = _value(topic, "asof")
    marks = topic.rows("checklist")
    met = [_mark(row) for row in marks if _value(row, "is_met") == "yes"]
    missed = [_mark(row) for row in marks if _value(row, "is_met") == "no"]
    year = f" in the fiscal year to {when}" if when else ""
    if met:
        page.find(f"{who} meets the marks for {listed(met)}{year}")
    if missed:
        page.warn(f"it misses the marks for {listed(missed)}")
    unknown = [(_title(row).lower(), _value(row, "reason")) for row in marks if row.known("is_met") is None]
    if unknown:
        page.miss(f"not known are {listed([name for name, _ in unknown])}" if met or missed else f"of {who} no figure is known")


def _mark(row: Topic) -> str:
    name, value = _title(row).lower(), row.known("value")
    if value is None:
        return name
    return f"{name} ({shown(Figure('value', value.value, _value(row, 'unit') or 'number'))})"


def _portfolio(topic: Topic, page: _Page) -> None:
    nav = _value(topic, "nav")
    when = _value(topic, "asof_date")
    if nav is not None:
        cash = _value(topic, "cash")
        page.find(f"the portfolio is worth {nav}" + (f" on {when}" if when else "") + (f", of which {cash} is cash" if cash else ""))
    held = sorted((row for row in topic.rows("positions") if row.known("weight")), key=lambda row: -_size(row.known("weight")))
    if held:
        page.find(f"its largest positions are {_named(held, 'weight')}")
    profit = topic.known("unrealized_pl")
    if profit is not None:
        share = _value(topic, "unrealized_pl_pct")
        page.find(f"the unrealised result is {shown(profit)}" + (f", or {share} of cost" if share else ""))
    losers = sorted((row for row in held if _is_negative(row.known("unrealized_pl"))), key=lambda row: _signed(row.known("unrealized_pl")))
    if losers:
        page.warn(f"the largest unrealised losses are in {_named(losers, 'unrealized_pl')}")
    _missing(topic, ["nav", "cash"], page)


def _performance(topic: Topic, page: _Page) -> None:
    said = _said(
        topic,
        [("twr", "a time-weighted return of"), ("twr_1y", "a return over a year of"), ("volatility", "a volatility of"),
         ("sharpe_ratio", "a Sharpe ratio of")],
    )  # fmt: skip
    if said:
        page.find(f"the window shows {listed(said)}")
    deepest = _value(topic, "max_drawdown")
    if deepest is not None:
        page.warn(f"the deepest fall from a peak was {deepest}")
    _missing(topic, ["twr", "volatility", "sharpe_ratio", "max_drawdown"], page)


def _attribution(topic: Topic, page: _Page) -> None:
    total = _value(topic, "total_return")
    parts = _said(topic, [("local_return", "local prices"), ("fx_return", "exchange rates"), ("interaction_return", "both together")])
    if parts:
        page.find((f"of a return of {total}, " if total else "") + f"this came from {listed(parts)}")
    if _is_negative(topic.known("fx_return")):
        page.warn("exchange rates took away from the return")
    _missing(topic, ["total_return", "local_return", "fx_return"], page)


def _news(topic: Topic, page: _Page) -> None:
    articles, mood = _value(topic, "total_items"), _value(topic, "overall_sentiment")
    page.find(f"{articles} articles were looked through" + (f"; the mood of those that matter is {mood}" if mood else ""))
    exposed, weighted = _value(topic, "exposed_portfolio_pct"), _value(topic, "weighted_impact")
    if topic.rows("news_with_impact"):
        first = topic.rows("news_with_impact")[0]
        page.find(f"they touch {exposed} of the portfolio, with a weighted impact of {weighted}")
        page.find(f"the strongest is “{_title(first)}”, with an impact of {_value(first, 'impact_score')}")
    else:
        page.find("none of them matters to a holding")
    if mood == "negative":
        page.warn("the news weighs on the holdings it touches")


def _standing(topic: Topic, page: _Page) -> None:
    kind = _value(topic, "cycle_type")
    state = next((value for name in ("phase_label", "regime_name", "regime", "phase") if (value := _value(topic, name))), None)
    what = f"the cycle {kind}" if kind else "the economy"
    if state is None:
        _missing(topic, ["phase", "regime"], page)
        return
    sure = _value(topic, "confidence")
    page.find(f"{what} stands in {state}" + (f", with a confidence of {sure}" if sure else ""))
    drivers = [words(_title(row).lower()) for row in topic.rows("drivers")[:NAMED]]
    if drivers:
        page.find(f"what counts most is {listed(drivers)}")
    if missing := topic.names.get("missing"):
        page.miss(f"not known were {listed(list(missing))}")


def _scenario(topic: Topic, page: _Page) -> None:
    name = _value(topic, "scenario_name") or words(_value(topic, "scenario_id") or "the scenario")
    change, share = topic.known("total_delta_pl"), _value(topic, "return_delta")
    if change is None and share is None:
        _anything(topic, page, ())
        return
    by = listed([one for one in (shown(change) if change else "", share or "") if one])
    page.find(f"{name} would change the portfolio by {by}")
    if _is_negative(change):
        page.warn(f"{name} is a loss")
    for key, told in (("losers", "most of the loss is in"), ("winners", "what gains is")):
        if topic.rows(key):
            page.find(f"{told} {_named(topic.rows(key), 'delta_value')}")
    causes = sorted(topic.rows("factor_contributions"), key=lambda row: -_size(row.known("delta_value")))
    if causes:
        page.find(f"by cause it comes from {_named(causes, 'delta_value')}")
    _missing(topic, ["total_delta_pl", "return_delta"], page)


def _size(figure: Figure | None) -> float:
    return abs(_signed(figure))


def _signed(figure: Figure | None) -> float:
    value = None if figure is None else figure.value
    return float(value) if isinstance(value, float | int | Decimal) else 0.0


def _anything(topic: Topic, page: _Page, around: tuple[str, ...]) -> None:
    """Labelled figures, then what is in the lists, then the parts."""
    told = [one for one in topic.figures if one.value is not None and one.name not in _DULL]
    title = " ".join((*around, words(topic.name))).strip()
    figures = [f"{words(one.name)} {shown(one)}" for one in told[:FIGURES]]
    if figures:
        page.find(f"{title}: {listed(figures)}" if title else listed(figures))
    for one in topic.figures:
        if _is_negative(one) and (one.unit in {"money", "fraction"} or is_share(one)):
            page.warn(f"{words(one.name)} is negative, at {shown(one)}")
    for listing in topic.lists:
        named = [_item(row) for row in listing.rows[:NAMED]]
        if named:
            more = f" (of {len(listing.rows)})" if len(listing.rows) > NAMED else ""
            page.find(f"{words(listing.name)}{more}: {listed(named)}")
    for name, names in topic.names.items():
        if names:
            page.find(f"{words(name)}: {listed([words(each) for each in names[:FIGURES]])}")
    for part in topic.parts:
        _write(part, page, around)
    _missing(topic, [one.name for one in topic.figures if one.reason], page)


def _item(row: Topic) -> str:
    title = _title(row)
    telling = next((one for one in row.figures if one.unit in {"fraction", "money", "score"} and one.value is not None), None)
    telling = telling or next((one for one in row.figures if isinstance(one.value, float | Decimal) and one.value is not None), None)
    return title if telling is None else f"{title} ({words(telling.name)} {shown(telling)})"


#: What a result must have to be written about in its own words, the most particular first.
_WRITERS: Final[tuple[tuple[tuple[str, ...], Callable[[Topic, _Page], None]], ...]] = (
    (("overall_score", "components", "rating_type"), _rating),
    (("overall", "grade", "companies"), _aggregate),
    (("checklist", "roe", "symbol"), _fundamentals),
    (("positions", "nav", "coverage"), _portfolio),
    (("local_return", "fx_return", "interaction_return"), _attribution),
    (("twr", "volatility", "max_drawdown"), _performance),
    (("high_impact_count", "news_with_impact"), _news),
    (("cycle_type", "phase", "phases"), _standing),
    (("regime", "drivers", "confidence"), _standing),
    (("scenario_id",), _scenario),
)
