"""Counters and histograms of the house, in a registry of their own so that two applications in one process never mix."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Meters:
    """What is counted; one instance per application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.derivations = Counter(
            "dawsos_derivation_requests_total",
            "Results asked for, by derivation and by whether they were stored or had to be computed.",
            ["derivation", "outcome"],
            registry=self.registry,
        )
        self.derivation_age = Histogram(
            "dawsos_derivation_age_seconds",
            "Age of stored results when they were served.",
            ["derivation"],
            buckets=(1, 60, 3600, 86_400, 604_800, 2_592_000),
            registry=self.registry,
        )
        self.derivation_duration = Histogram(
            "dawsos_derivation_compute_seconds", "Time spent computing a result.", ["derivation"], registry=self.registry
        )
        self.answer_bytes = Gauge(
            "dawsos_kept_answer_bytes", "Length of the answers of patterns that are kept in memory.", registry=self.registry
        )
        self.pattern_duration = Histogram(
            "dawsos_pattern_seconds", "Time to answer a pattern.", ["pattern", "outcome"], registry=self.registry
        )
        self.capability_calls = Counter(
            "dawsos_capability_calls_total", "Calls of capabilities.", ["capability", "agent", "outcome"], registry=self.registry
        )
        self.packs_built = Counter("dawsos_packs_built_total", "Pricing packs built, by status.", ["status"], registry=self.registry)
        self.nightly_duration = Histogram(
            "dawsos_nightly_step_seconds",
            "Time a step of the nightly chain took.",
            ["job", "outcome"],
            buckets=(0.1, 1, 5, 30, 120, 600, 1800),
            registry=self.registry,
        )
        self.reconciliation_error = Gauge(
            "dawsos_reconciliation_error_bps",
            "The largest difference between a ledger and the database under the newest pack.",
            ["policy"],
            registry=self.registry,
        )
        self.dead_letters = Gauge(
            "dawsos_dead_letters", "Messages of background work that wait for somebody.", ["queue"], registry=self.registry
        )
        self.source_bytes = Gauge("dawsos_source_bytes", "Bytes a source has answered with this month.", ["source"], registry=self.registry)
        self.source_allowance = Gauge(
            "dawsos_source_allowance_used", "Share of a source's monthly allowance that is used.", ["source"], registry=self.registry
        )
        self.logins = Counter("dawsos_logins_total", "Login attempts, by outcome.", ["outcome"], registry=self.registry)
        self.http_duration = Histogram(
            "dawsos_http_request_seconds", "Time to answer a request.", ["method", "route", "status"], registry=self.registry
        )
