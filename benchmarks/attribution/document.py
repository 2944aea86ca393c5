"""docs/attribution.md: what was measured, as tables, between sentences that say how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.attribution.choosing import REGIMES as FITTED_REGIMES
from benchmarks.attribution.fitting import FOLDS, RIDGE, SEED, interval
from benchmarks.attribution.incidents import REGIMES
from benchmarks.attribution.measuring import RESAMPLES, Interval, bootstrap
from benchmarks.attribution.methods import BASELINE_METHOD, CHOSEN_METHOD, METHODS, SIZE
from graphcorr.attribution.confidence import FEATURES, LEAST_KNOWN, LEAST_SEEN, LIKELY, POSSIBLE

if TYPE_CHECKING:
    from benchmarks.attribution.choosing import Choices
    from benchmarks.attribution.fitting import Quality
    from benchmarks.attribution.measuring import Hit
    from graphcorr.attribution.confidence import Model

DOCUMENT: Final = Path(__file__).parents[2] / "docs/attribution.md"
PLOT: Final = DOCUMENT.with_name("attribution-reliability.svg")
_TEXT: Final = Path(__file__).parent / "document.md"

Hits = dict[str, dict[str, list["Hit"]]]
"""Regime to method to one hit an incident."""


def write(  # noqa: PLR0917 - one argument for each part of the document
    hits: Hits,
    scorings: list[tuple[str, Interval, Interval]],
    qualities: dict[str, Quality],
    choices: Choices,
    unattributed: tuple[int, list[str]],
    software: list[Hit],
    model: Model,
) -> str:
    """The document; ``_TEXT`` has its sentences."""
    return _TEXT.read_text(encoding="utf-8").format(
        regimes=regime_table(hits),
        gains=gain_table(hits),
        choices=choice_table(scorings),
        thresholds=threshold_table(choices),
        shifted=shift_table(choices),
        unattributed=unattributed_sentence(*unattributed),
        calibration=calibration_table(qualities),
        constants=constant_table(model),
        software=software_table(software),
        resamples=f"{RESAMPLES:,}",
        folds=FOLDS,
        seed=SEED,
        ridge=RIDGE,
        least_seen=LEAST_SEEN,
        least_known=LEAST_KNOWN,
        possible=f"{POSSIBLE:g}".lstrip("0"),
        likely=f"{LIKELY:g}".lstrip("0"),
    )


def regime_table(hits: Hits) -> str:
    head = [f"{regime} ({len(hits[regime][BASELINE_METHOD.name])})" for regime in REGIMES]
    rows = [
        [
            method.name,
            *(
                f"{_mean(hits[regime][method.name], 'reciprocal'):.3f} / {_mean(hits[regime][method.name], 'first'):.3f}"
                for regime in REGIMES
            ),
        ]
        for method in METHODS
    ]
    return table(["method", *head], rows)


def gain_table(hits: Hits) -> str:
    """The chosen scoring against the baseline and against profile size, in pairs."""
    rows = []
    for regime in REGIMES:
        ours = hits[regime][CHOSEN_METHOD.name]
        gains = [
            said(difference(ours, hits[regime][against], what))
            for against in (BASELINE_METHOD.name, SIZE.name)
            for what in ("reciprocal", "first")
        ]
        absolute = bootstrap(np.array([hit.reciprocal for hit in ours]))
        rows.append([regime, *gains, f"{absolute.low:.2f} to {absolute.high:.2f}"])
    return table(["regime", "MRR over baseline", "hit@1 over baseline", "MRR over size", "hit@1 over size", "MRR, 95 % interval"], rows)


def choice_table(choices: list[tuple[str, Interval, Interval]]) -> str:
    return table(
        ["change of the baseline", "LORO", "LORO prospective"], [[name, said(first), said(second)] for name, first, second in choices]
    )


def calibration_table(qualities: dict[str, Quality]) -> str:
    rows = [
        [
            name,
            str(each.cases),
            f"{each.spoken} ({each.spoken / max(each.cases, 1):.0%})",
            _part(each.right, each.spoken),
            _part(each.named, each.unknown),
            f"{each.error:.3f} ({each.chance:.3f})",
        ]
        for name, each in qualities.items()
    ]
    return table(["incidents", "known", "named somebody", "right", "named somebody for an unknown", "calibration error (by chance)"], rows)


def unattributed_sentence(campaigns: int, named: list[str]) -> str:
    whom = f"{len(named)} get a name: {', '.join(named)}" if named else "none gets a name"
    return f"Of the {campaigns} campaigns that ATT&CK attributes to nobody, on all that is known, {whom}."


def threshold_table(choices: Choices) -> str:
    rows = [
        [f"{least:g}", f"{each.spoken} ({each.spoken / each.cases:.0%})", _part(each.right, each.spoken), _part(each.named, each.unknown)]
        for least, each in choices.thresholds.items()
    ]
    return table(["named from", "named somebody", "right", "named somebody for an unknown"], rows)


def shift_table(choices: Choices) -> str:
    rows = [[name, *(f"{each.error:.3f} ({each.chance:.3f})" for each in qualities)] for name, qualities in choices.shifted.items()]
    return table(["while the model was fitted they were", *FITTED_REGIMES], rows)


def _part(part: float, whole: int) -> str:
    low, high = interval(part, whole)
    share = f"{100 * part / whole:.1f} %, {100 * low:.1f} to {100 * high:.1f}" if whole else "-"
    return f"{part:.0f} of {whole} ({share})"


def constant_table(model: Model) -> str:
    rows = [
        [name, f"{mean:.3f}", f"{deviation:.3f}", f"{weight:+.3f}"]
        for name, mean, deviation, weight in zip(FEATURES, model.mean, model.deviation, model.coefficients, strict=True)
    ]
    return table(["feature", "mean", "deviation", "coefficient"], [*rows, ["intercept", "", "", f"{model.intercept:+.3f}"]])


def software_table(hits: list[Hit]) -> str:
    rows = []
    for name, what in (("MRR", "reciprocal"), ("hit@1", "first")):
        each = bootstrap(np.array([getattr(hit, what) for hit in hits]))
        rows.append([name, f"{each.mean:.3f}", f"{each.low:.3f} to {each.high:.3f}"])
    return table([f"{len(hits)} reports", "BM25", "95 % interval"], rows)


def difference(ours: list[Hit], theirs: list[Hit], what: str) -> Interval:
    """The mean of what one has over the other on the same incidents."""
    return bootstrap(np.array([getattr(one, what) - getattr(other, what) for one, other in zip(ours, theirs, strict=True)]))


def said(gain: Interval) -> str:
    text = f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
    return f"**{text}**" if gain.beyond_chance else text


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _mean(hits: list[Hit], what: str) -> float:
    return float(np.mean([getattr(hit, what) for hit in hits]))
