"""Minima of the likelihood, and tests and limits by asymptotic formulas: Cowan, Cranmer, Gross and Vitells, arXiv:1007.1727.

Gradients are complex steps, exact to rounding; Hessians are differences of them.
"""

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import log_ndtr


class Fits:
    """Minima of data: by L-BFGS-B from several starts, polished by Newton steps within bounds."""

    def __init__(self, model, data, seed, high=None):
        self.model, self.data, self.random = model, data, np.random.default_rng(seed)
        self.low, self.high = model.low.copy(), model.high.copy()
        if high is not None:
            self.high[model.poi] = high
        self.best, self.last, self.worst, self.known, self.minima = None, None, 0.0, {}, []

    def value(self, x):
        return self.model.twice_nll(x, self.data)[0].real

    def gradient(self, x, free):
        steps = np.repeat(x[None].astype(complex), len(free), 0)
        steps[range(len(free)), free] += 1e-30j
        return self.model.twice_nll(steps, self.data).imag / 1e-30

    def hessian(self, x, free):
        h = 1e-5 * (1e-3 + np.abs(x[free]))
        columns = []
        for at, width in zip(free, h):
            up, down = x.copy(), x.copy()
            up[at] += width
            down[at] -= width
            columns.append((self.gradient(up, free) - self.gradient(down, free)) / (2 * width))
        matrix = np.array(columns)
        return (matrix + matrix.T) / 2

    def polish(self, x, free):
        for _ in range(200):
            g = self.gradient(x, free)
            held = ((x[free] <= self.low[free]) & (g > 0)) | ((x[free] >= self.high[free]) & (g < 0))
            moving = free[~held]
            if len(moving) == 0:
                return x, 0.0
            g = g[~held]
            values, vectors = np.linalg.eigh(self.hessian(x, moving))
            values = np.maximum(np.abs(values), 1e-12 * np.abs(values).max())
            step = -vectors @ ((vectors.T @ g) / values)
            expected = -g @ step
            if expected < 1e-20:
                return x, expected
            before, size = self.value(x), 1.0
            while True:
                new = x.copy()
                new[moving] = np.clip(x[moving] + size * step, self.low[moving], self.high[moving])
                if self.value(new) < before + 1e-13 * abs(before) or size < 1e-6:
                    break
                size /= 2
            if np.array_equal(new, x) or (expected < 1e-16 and self.value(new) >= before):
                return x, expected
            x = new
        return x, expected

    def minimum(self, start, free, thorough):
        start = np.clip(start, self.low, self.high)
        x = start.copy()
        if not np.isfinite(self.value(x)):
            return np.inf, x, np.inf

        def both(part):
            x[free] = part
            return self.value(x), self.gradient(x, free)

        if len(free) and thorough:
            box = [(l, h if np.isfinite(h) else None) for l, h in zip(self.low[free], self.high[free])]
            with np.errstate(all="ignore"):
                found = minimize(both, start[free], jac=True, method="L-BFGS-B", bounds=box, options={"maxiter": 2000})
            x[free] = np.clip(found.x, self.low[free], self.high[free])
        x, distance = self.polish(x, free)
        return self.value(x), x, distance

    def lowest(self, starts, free, thorough=True):
        found = [f for f in (self.minimum(s, free, thorough) for s in starts) if np.isfinite(f[0])]
        value, x, distance = min(found, key=lambda f: f[0])
        self.worst = max(self.worst, distance)
        for _, other, _ in found:
            if all(np.max(np.abs(other - known)) > 1e-3 for known in self.minima):
                self.minima.append(other)
        return value, x

    def starts(self, count):
        """The initial values, and others near them."""
        yield self.model.init
        for _ in range(count - 1):
            scale = np.where(self.model.fixed, 0, np.minimum(1, self.high - self.low) * 0.3)
            yield np.clip(self.model.init + scale * self.random.standard_normal(len(self.low)), self.low, self.high)

    def free(self):
        if self.best is None:
            self.best = self.lowest(self.starts(8), np.flatnonzero(~self.model.fixed))
        return self.best

    def at(self, mu, thorough=True):
        """The fit at a value of the parameter of interest, from the fit before and known minima, or from the initial values too."""
        if mu not in self.known or thorough:
            held = self.model.fixed.copy()
            held[self.model.poi] = True
            starts = [] if self.last is None else [self.last]
            starts += [self.free()[1], *self.minima[-12:]] if thorough or not starts or len(self.minima) > 1 else []
            starts = [s.copy() for s in starts + (list(self.starts(8)) if thorough else [])]
            for s in starts:
                s[self.model.poi] = mu
            self.low, low = np.where(held, -np.inf, self.low), self.low
            self.high, high = np.where(held, np.inf, self.high), self.high
            try:
                self.known[mu] = self.lowest(starts, np.flatnonzero(~held), thorough)
            finally:
                self.low, self.high = low, high
            self.last = self.known[mu][1]
        return self.known[mu]

    def q_tilde(self, mu, thorough=True):
        value, best = self.free()
        if best[self.model.poi] > mu:
            return 0.0
        reference = self.at(0.0)[0] if best[self.model.poi] < 0 else value
        return max(0.0, self.at(mu, thorough)[0] - reference)


class Tests:
    """CLs of the parameter of interest, observed and expected, by asymptotic formulas."""

    def __init__(self, model, seed, high=None):
        self.observed = Fits(model, model.observed(), seed, high)
        self.expected = Fits(model, model.asimov(self.observed.at(0.0)[1]), seed + 1, high)

    def log_cls(self, mu, thorough=True):
        q, asimov = self.observed.q_tilde(mu, thorough), self.expected.q_tilde(mu, thorough)
        root, width = np.sqrt(q), np.sqrt(asimov)
        shift = root - width if root <= width else (q - asimov) / (2 * width)
        return log_ndtr(-shift - width) - log_ndtr(-shift)

    def expected_log_cls(self, mu, thorough=True):
        width = np.sqrt(self.expected.q_tilde(mu, thorough))
        return [log_ndtr(-n - width) - log_ndtr(-n) for n in (2, 1, 0, -1, -2)]

    def limits(self, level=0.05):
        """Searched for with fits from the neighbour and known minima, again until fits from other starts give the level there too."""
        for _ in range(6):
            expected = [crossing(lambda mu, n=n: self.expected_log_cls(mu, False)[n] - np.log(level)) for n in range(5)]
            observed = crossing(lambda mu: self.log_cls(mu, False) - np.log(level))
            at = [self.expected_log_cls(mu)[n] for n, mu in enumerate(expected)] + [self.log_cls(observed)]
            if np.max(np.abs(np.array(at) - np.log(level))) < 1e-8:
                return observed, expected
            self.observed.known.clear()
            self.expected.known.clear()
        raise ValueError(f"other starts lead to other minima: {np.exp(at)}")


def crossing(falling):
    low, high = 1e-3, 1.0
    while falling(low) < 0:
        low /= 4
    while falling(high) > 0:
        low, high = high, 2 * high
        if high > 1e6:
            return None
    return brentq(falling, low, high, xtol=1e-11, rtol=1e-11)
