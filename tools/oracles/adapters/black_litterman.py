"""Black–Litterman: what the market implies, what views change, and the weights of each convention."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dawsos.compute.optimizer.black_litterman import (
    Posterior,
    equilibrium_returns,
    idzorek_omega,
    implied_risk_aversion,
    posterior,
    proportional_omega,
    unconstrained_weights,
    view_variances,
)
from tools.oracles.adapters.moments import Array, Moments, file_of, read_moments
from tools.oracles.cases import NoFunction, Question


def _risk_aversion(question: Question, content: Mapping[str, Any] | None) -> float:
    for name in ("delta", "lambda", "risk_aversion"):
        given = question.inputs.get(name)
        if isinstance(given, int | float):
            return float(given)
    if content is None or "spy_returns_mean_daily" not in content:
        return 1.0
    return implied_risk_aversion(
        content["spy_returns_mean_daily"],
        content["spy_returns_var_daily"],
        risk_free=float(question.inputs.get("rf", 0.02)),
        periods_per_year=float(question.inputs.get("periods", 252)),
    )


def _market_weights(question: Question, moments: Moments) -> Array:
    for name in ("w_eq", "w_mkt", "market_weights"):
        if name in question.inputs:
            return np.array(question.inputs[name], dtype=float)
    caps = (moments.content or {}).get("market_caps")
    if not caps:
        raise NoFunction("no weights of the market")
    values = np.array([float(caps[name]) for name in moments.names])
    return np.asarray(values / values.sum())


def _prior(question: Question, moments: Moments, delta: float) -> Array:
    given = question.inputs.get("prior", question.inputs.get("pi"))
    if isinstance(given, list):
        return np.array(given, dtype=float)
    if isinstance(given, int | float):
        return np.full(len(moments.names), float(given))
    # A prior published in total returns has the riskless rate added back.
    added = float(question.inputs.get("rf", 0.0)) if moments.content else 0.0
    return equilibrium_returns(moments.covariance, _market_weights(question, moments), delta, risk_free=added)


def _views(question: Question, names: list[str]) -> tuple[Array, Array]:
    absolute = question.inputs.get("views")
    if isinstance(absolute, Mapping):
        rows = np.zeros((len(absolute), len(names)))
        for place, name in enumerate(absolute):
            rows[place, names.index(name)] = 1.0
        return rows, np.array(list(absolute.values()), dtype=float)
    return np.array(question.inputs.get("P", np.zeros((0, len(names)))), dtype=float), np.array(question.inputs.get("Q", []), dtype=float)


def _omega(question: Question, covariance: Array, views: Array, tau: float) -> Array:
    given = question.inputs.get("omega")
    if isinstance(given, list):
        return np.array(given, dtype=float)
    confidences = question.inputs.get("confidences") or question.inputs.get("view_confidences")
    if confidences is not None and ("idzorek" in question.words or given == "idzorek" or not isinstance(given, str)):
        return idzorek_omega(covariance, views, tau, confidences)
    return proportional_omega(covariance, views, tau)


def _weights(question: Question, found: Posterior, covariance: Array, delta: float) -> Array:
    """He and Litterman by default; what the case says otherwise."""
    words = question.words
    if "normalised" in words and "unnormalised" not in words:
        return unconstrained_weights(found.mean, covariance, delta, normalised=True)
    plain = "idzorek" in words or "uses sigma" in words or "unnormalised" in words
    return unconstrained_weights(found.mean, covariance if plain else found.covariance, delta)


def _of_views(question: Question, moments: Moments, delta: float) -> dict[str, Any]:
    tau = float(question.inputs["tau"])
    views, expected = _views(question, moments.names)
    omega = _omega(question, moments.covariance, views, tau)
    results: dict[str, Any] = {
        "view_variance": view_variances(moments.covariance, views).tolist(),
        "omega_diag": (omega if omega.ndim == 1 else np.diag(omega)).tolist(),
    }
    if not question.asked.keys() - results.keys():
        return results
    prior = _prior(question, moments, delta)
    found = posterior(prior, moments.covariance, views, expected, omega, tau=tau)
    weights = _weights(question, found, moments.covariance, delta)
    risk = found.covariance if "posterior covariance" in question.words else moments.covariance
    volatility = float(np.sqrt(weights @ risk @ weights))
    total = float(found.mean @ weights)
    results |= {
        "mu": found.mean.tolist(),
        "mu_pct": (100.0 * found.mean).tolist(),
        "w": weights.tolist(),
        "weights": weights.tolist(),
        "w_pct": (100.0 * weights).tolist(),
        "return": total,
        "volatility": volatility,
        "sharpe": (total - float(question.inputs.get("rf", 0.0))) / volatility,
    }
    return results | dict(zip(moments.names, weights.tolist(), strict=True))


def answer(question: Question) -> Mapping[str, Any]:
    """Implied risk aversion and returns, uncertainties of views, posterior means and weights."""
    content = question.read(file_of(question.inputs["data"])) if "data" in question.inputs else None
    delta = _risk_aversion(question, content)
    if question.asked.keys() <= {"delta", "lambda"}:
        return {"delta": delta, "lambda": delta}
    moments = read_moments(question)
    if "tau" in question.inputs and ("P" in question.inputs or "views" in question.inputs):
        return _of_views(question, moments, delta)
    prior = _prior(question, moments, delta)
    return {"pi": prior.tolist(), "prior": prior.tolist(), "pi_pct": (100.0 * prior).tolist()}
