"""A race written straight from its formulas, slow and from the start each time, to compare the engine's with.

Scores are ``F[fold, size]``, the means over repeats; ``m`` are means over folds of the smoothed ``G``, ``b`` is the
best of them, ``d`` is how far the others are behind, ``v`` is the variance over folds of ``F_b - F_s``.
"""

# ruff: noqa: N806  # the names are those of the formulas

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.settings.search import SizeSettings

EQUAL = 1e-12
Array = NDArray[np.float64]
Fits = Mapping[tuple[int, int], float | None]


@dataclass
class Curve:
    """The sizes of one combination."""

    all: list[Candidate]
    tried: list[Candidate]
    out: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Folds, and score behind, by candidate."""

    m: dict[int, float] = field(default_factory=dict)
    F: dict[int, list[float]] = field(default_factory=dict)
    b: int | None = None
    recommended: int | None = None
    slack: float = 0.0
    is_out: bool = False

    def active(self) -> list[Candidate]:
        return [one for one in self.tried if one.number not in self.out]

    def m_b(self) -> float:
        assert self.b is not None
        return self.m[self.b]

    def of_b(self) -> list[float]:
        assert self.b is not None
        return self.F[self.b]


@dataclass
class Outcome:
    """The state of the race."""

    wanted: set[tuple[int, int]]
    tried: set[int]
    out: dict[int, tuple[int, float]]
    recommended: int | None


class ObviousRace:
    """One race, computed from the start."""

    def __init__(self, settings: SizeSettings, fits: Fits) -> None:
        self.settings, self.fits = settings, fits
        self.finds = settings.finds_sizes
        self.z = 1.0 if self.finds else 1.5
        self.is_bounded = not settings.scoring.startswith("neg_")
        by_others: dict[object, list[Candidate]] = {}
        for one in list_candidates(settings):
            by_others.setdefault(one.parameters, []).append(one)
        self.curves = []
        for members in by_others.values():
            ordered = sorted(members, key=lambda one: one.weights)
            octaves = [one for one in ordered[::2] if one.hidden_layer_sizes[0] <= 64]
            self.curves.append(Curve(all=ordered, tried=octaves if self.finds else ordered))

    def run(self) -> Outcome:
        cv = self.settings.cv
        for folds in range(min(2, cv), cv + 1):
            while True:
                live = [curve for curve in self.curves if not curve.is_out]
                wanted = {
                    (one.number, repeat * cv + fold)
                    for curve in live
                    for one in curve.active()
                    for fold in range(folds)
                    for repeat in range(self.settings.repeats)
                } - self.fits.keys()
                if wanted:
                    return self.outcome(wanted)
                for curve in live:
                    self.decide(curve, folds)
                grown = [self.grow(curve, is_last=folds == cv) for curve in live if not curve.is_out]
                if not any(grown):
                    break
            if folds < cv and any(not curve.is_out for curve in self.curves):
                self.drop(folds)
        return self.outcome(set())

    def outcome(self, wanted: set[tuple[int, int]]) -> Outcome:
        live = [curve for curve in self.curves if not curve.is_out and curve.b is not None]
        best = self.top(live) if live else None
        return Outcome(
            wanted=wanted,
            tried={one.number for curve in self.curves for one in curve.tried},
            out={number: why for curve in self.curves for number, why in curve.out.items()},
            recommended=None if best is None else best.recommended,
        )

    def top(self, live: Sequence[Curve]) -> Curve:
        bests = [curve.m_b() for curve in live]
        return next(c for c, m in zip(live, bests, strict=True) if m >= max(bests) - EQUAL * max(map(abs, bests)))

    def score(self, number: int, fold: int) -> float | None:
        """The mean over repeats, added as NumPy adds a few numbers."""
        scores = [self.fits[number, repeat * self.settings.cv + fold] for repeat in range(self.settings.repeats)]
        known = [one for one in scores if one is not None]
        return float(np.mean(known)) if len(known) == len(scores) else None

    def decide(self, curve: Curve, folds: int) -> None:
        known = {
            one.number: [self.score(one.number, fold) for fold in range(curve.out.get(one.number, (folds, 0.0))[0])]
            for one in curve.tried
        }
        usable = [one for one in curve.tried if None not in known[one.number]]
        choosable = [one for one in usable if one.number not in curve.out]
        curve.b = curve.recommended = None
        if not choosable:
            curve.is_out = True
            return
        curve.F = self.filled({one.number: known[one.number] for one in usable}, folds)  # type: ignore[misc]
        F = np.array([curve.F[one.number] for one in usable]).T
        G = F @ smoother([one.hidden_layer_sizes for one in usable]).T
        m = G.mean(axis=0)
        curve.m = {one.number: float(value) for one, value in zip(usable, m, strict=True)}
        near = EQUAL * float(np.abs(m).max())
        of_all = int(np.flatnonzero(m >= m.max() - near)[0])
        SE = G[:, of_all].std(ddof=1) / math.sqrt(folds)
        share = 0.15 if self.finds else 1.0
        curve.slack = share * min(0.25 * SE, 0.1 * float(m.max() - m.min()))
        highest = max(curve.m[one.number] for one in choosable)
        curve.b = next(one.number for one in choosable if curve.m[one.number] >= highest - near)
        within = [one for one in choosable if curve.m[one.number] >= highest - curve.slack - near]
        curve.recommended = min(within, key=lambda one: (one.weights, -curve.m[one.number])).number

    def filled(self, known: Mapping[int, list[float]], folds: int) -> dict[int, list[float]]:
        """Missing cells are the fold's effect and the size's."""
        whole = [scores for scores in known.values() if len(scores) == folds]
        effect = [statistics.fmean(scores[fold] for scores in whole) for fold in range(folds)]
        table = {}
        for number, scores in known.items():
            level = statistics.fmean(scores) - statistics.fmean(effect[: len(scores)])
            table[number] = [*scores, *(level + effect[fold] for fold in range(len(scores), folds))]
        return table

    def grow(self, curve: Curve, *, is_last: bool) -> bool:
        if not self.finds:
            return False
        numbers = [one.number for one in curve.all]
        largest = curve.all.index(curve.tried[-1])
        assert curve.recommended is not None
        recommended = numbers.index(curve.recommended)
        new = None
        if recommended >= largest - 2 and largest + 1 < len(curve.all):
            new = curve.all[min(largest + 2, len(curve.all) - 1)]
        elif is_last and 0 < recommended < len(numbers) - 1 and curve.all[recommended - 1] not in curve.tried:
            new = curve.all[recommended - 1]
        if new is not None:
            curve.tried = sorted([*curve.tried, new], key=lambda one: one.weights)
        return new is not None

    def drop(self, folds: int) -> None:
        live = [curve for curve in self.curves if not curve.is_out]
        top = self.top(live)
        behind = {} if self.must_wait(top, folds) else self.combinations_behind(live, top, folds)
        for place, curve in enumerate(live):
            if place in behind:
                curve.is_out = True
                curve.out |= {one.number: (folds, behind[place]) for one in curve.active()}
            elif not self.must_wait(curve, folds):
                self.drop_sizes(curve, folds)

    def must_wait(self, curve: Curve, folds: int) -> bool:
        is_near = self.is_bounded and max(curve.m.values()) > 0.95
        return is_near and folds == 2 and self.settings.cv > 2

    def combinations_behind(self, live: Sequence[Curve], top: Curve, folds: int) -> dict[int, float]:
        F_b = np.array(top.of_b())
        v = {place: (F_b - np.array(curve.of_b())).var(ddof=1) for place, curve in enumerate(live) if curve is not top}
        means = [max(statistics.fmean(scores) for scores in curve.F.values()) for curve in live]
        found = {}
        for place, se in errors(v, folds).items():
            behind = top.m_b() - live[place].m_b() - 1.5 * se
            if behind > EQUAL * abs(top.m_b()) and place != means.index(max(means)):
                found[place] = behind
        return found

    def drop_sizes(self, curve: Curve, folds: int) -> None:
        assert curve.b is not None
        of = {one.number: one for one in curve.all}
        F_b = np.array(curve.F[curve.b])
        v = {number: (F_b - np.array(scores)).var(ddof=1) for number, scores in curve.F.items() if number != curve.b}
        means = {number: statistics.fmean(scores) for number, scores in curve.F.items()}
        argmax = next(number for number, mean in means.items() if mean == max(means.values()))
        assert curve.recommended is not None
        active = curve.active()
        stays = {near for number in (curve.b, curve.recommended, argmax) for near in neighbours(of[number], active)}
        near = EQUAL * max(map(abs, curve.m.values()))
        for number, se in errors(v, folds).items():
            behind = curve.m[curve.b] - curve.m[number] - self.z * se
            limit = 0.0 if of[number].weights > of[curve.recommended].weights else curve.slack
            if behind > limit + near and number not in stays and number not in curve.out:
                curve.out[number] = (folds, behind)


def errors(v: Mapping[int, float], folds: int) -> dict[int, float]:
    """Standard errors of differences, with variances shrunk towards their median."""
    if not v:
        return {}
    typical = statistics.median(v.values())
    return {number: math.sqrt((4 * typical + (folds - 1) * one) / (folds + 3) / folds) for number, one in v.items()}


def neighbours(centre: Candidate, active: Sequence[Candidate]) -> set[int]:
    """A candidate, and in each layer the nearest with fewer and the nearest with more neurons."""
    own = centre.hidden_layer_sizes
    found = {centre.number}
    for layer in range(len(own)):
        for sign in (-1, 1):
            sided = [
                one
                for one in active
                if len(one.hidden_layer_sizes) == len(own) and sign * (one.hidden_layer_sizes[layer] - own[layer]) > 0
            ]
            if sided:
                found.add(min(sided, key=lambda one: octaves(one.hidden_layer_sizes, own)).number)
    return found


def octaves(one: Sequence[int], other: Sequence[int]) -> float:
    return math.hypot(*(math.log2(a / b) for a, b in zip(one, other, strict=True)))


def smoother(sizes: Sequence[tuple[int, ...]]) -> Array:
    """Local linear regression over log2 of each layer; each number of layers is a curve of its own."""
    L = np.zeros((len(sizes), len(sizes)))
    for depth in {len(layers) for layers in sizes}:
        places = [place for place, layers in enumerate(sizes) if len(layers) == depth]
        x = np.log2([sizes[place] for place in places])
        if len(places) < 3:
            L[places, places] = 1.0
            continue
        for row, place in enumerate(places):
            u = x - x[row]
            w = np.exp(-0.5 * (u**2).sum(axis=1))
            if depth == 1:
                A, B, C = w.sum(), (w * u[:, 0]).sum(), (w * u[:, 0] ** 2).sum()
                L[place, places] = w * (C - B * u[:, 0]) / (A * C - B**2)
            else:
                design = np.sqrt(w)[:, np.newaxis] * np.column_stack([np.ones(len(u)), u])
                L[place, places] = np.linalg.pinv(design, rcond=1e-9)[0] * np.sqrt(w)
    return L
