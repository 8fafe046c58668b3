"""The likelihood of pyhf workspaces, from the papers alone: nothing here is shared with Gbi.MLNet.

HistFactory: Cranmer et al., CERN-OPEN-2012-016; pyhf: Heinrich, Feickert, Stark and Cranmer, JOSS 6 (2021) 2823 and its documentation.
"""

import numpy as np
from scipy.special import gammaln

POWERS = np.arange(1, 7)


def sextic(hi, lo):
    """Coefficients of code 4: a polynomial with the value, slope and curvature of hi**a at 1 and of lo**-a at -1."""
    lines = np.array([
        [1.0 for k in POWERS], [(-1.0) ** k for k in POWERS],
        [k for k in POWERS], [k * (-1.0) ** (k - 1) for k in POWERS],
        [k * (k - 1) for k in POWERS], [k * (k - 1) * (-1.0) ** k for k in POWERS]])
    right = [hi - 1, lo - 1, hi * np.log(hi), -lo * np.log(lo), hi * np.log(hi) ** 2, lo * np.log(lo) ** 2]
    return np.linalg.solve(lines, right)


class Model:
    """Rates and constraints of a workspace's measurement. Points are rows; they may be complex."""

    def __init__(self, workspace, measurement):
        config = next(m for m in workspace["measurements"] if m["name"] == measurement)["config"]
        settings = {p["name"]: p for p in config["parameters"]}
        self.channels = sorted(workspace["channels"], key=lambda c: c["name"])
        observed = {o["name"]: o["data"] for o in workspace["observations"]}
        self.counts = np.concatenate([observed[c["name"]] for c in self.channels]).astype(float)
        self.names, self.init, self.low, self.high, self.fixed = [], [], [], [], []
        self.gauss, self.poisson, self.at = [], [], {}
        every = [(c, s, m) for c in self.channels for s in c["samples"] for m in s["modifiers"]]
        for channel, sample, modifier in every:
            if modifier["name"] not in self.at:
                self._add(modifier, sample, settings.get(modifier["name"], {}))
        for values in ("init", "low", "high"):
            setattr(self, values, np.array(getattr(self, values), float))
        self.fixed = np.array(self.fixed, bool)
        self.poi = self.at[config["poi"]][0]
        self.aux = [np.array([g[1] for g in self.gauss], float), np.array([p[1] for p in self.poisson], float)]
        self._prepare()

    def _add(self, modifier, sample, setting):
        kind, name = modifier["type"], modifier["name"]
        init, bounds, fixed, aux, sigma, factor = [1.0], (0.0, 10.0), [False], None, None, None
        if kind in ("normsys", "histosys"):
            init, bounds, aux, sigma = [0.0], (-5.0, 5.0), [0.0], [1.0]
        elif kind == "lumi":
            aux, sigma = [1.0], [1.0]
        elif kind == "shapefactor":
            init = [1.0] * len(sample["data"])
        elif kind == "shapesys":
            pairs = list(zip(sample["data"], modifier["data"]))
            fixed = [not (b > 0 and d > 0) for b, d in pairs]
            factor = [1.0 if f else (b / d) ** 2 for (b, d), f in zip(pairs, fixed)]
            init, bounds, aux = [1.0] * len(pairs), (1e-10, 10.0), factor
        elif kind == "staterror":
            widths = []
            for channel in self.channels:
                sharing = [(s, m) for s in channel["samples"] for m in s["modifiers"] if m["name"] == name]
                if sharing:
                    total = np.sum([s["data"] for s, _ in sharing], axis=0)
                    squares = np.sum(np.square([m["data"] for _, m in sharing]), axis=0)
                    self.at[name, channel["name"]] = len(widths)
                    widths += [np.sqrt(v) / t if t > 0 else 0.0 for v, t in zip(squares, total)]
            fixed = [not w > 0 for w in widths]
            init, bounds, aux, sigma = [1.0] * len(widths), (1e-10, 10.0), [1.0] * len(widths), [w or 1.0 for w in widths]
        count = len(init)
        aux = setting.get("auxdata", aux)
        sigma = setting.get("sigmas", sigma)
        changed = setting.get("factors", factor)
        fixed = [setting["fixed"]] * count if "fixed" in setting else (fixed if len(fixed) == count else fixed * count)
        self.at[name] = list(range(len(self.names), len(self.names) + count))
        scalar = kind in ("normfactor", "normsys", "histosys", "lumi")
        for i in range(count):
            number = len(self.names)
            self.names.append(name if scalar else f"{name}[{i}]")
            self.init.append(setting.get("inits", init)[i])
            low, high = setting["bounds"][i] if "bounds" in setting else bounds
            self.low.append(low)
            self.high.append(high)
            self.fixed.append(fixed[i])
            if factor is not None:
                self.poisson.append((number, aux[i], changed[i]))
            elif sigma is not None:
                self.gauss.append((number, aux[i], sigma[i]))

    def _prepare(self):
        self.samples = []
        for channel in self.channels:
            for sample in channel["samples"]:
                strength, norm, shift, bins = [], [], [], []
                for m in sample["modifiers"]:
                    index = self.at[m["name"]]
                    if m["type"] in ("normfactor", "lumi"):
                        strength.append(index[0])
                    elif m["type"] == "normsys":
                        norm.append((index[0], m["data"]["hi"], m["data"]["lo"], sextic(m["data"]["hi"], m["data"]["lo"])))
                    elif m["type"] == "histosys":
                        up = np.array(m["data"]["hi_data"], float) - sample["data"]
                        down = np.array(sample["data"], float) - m["data"]["lo_data"]
                        shift.append((index[0], up, down))
                    else:
                        first = self.at.get((m["name"], channel["name"]), 0)
                        bins.append(index[first:first + len(sample["data"])])
                self.samples.append((channel["name"], np.array(sample["data"], float), strength, norm, shift, bins))

    def rates(self, points):
        parts, name = [], None
        for channel, nominal, strength, norm, shift, bins in self.samples:
            rate = np.zeros((len(points), len(nominal)), points.dtype) + nominal
            for index, up, down in shift:
                a = points[:, index, None]
                inside = a * ((up + down) / 2 + a * (up - down) / 16 * (15 + a * a * (3 * a * a - 10)))
                rate = rate + np.where(a.real > 1, a * up, np.where(a.real < -1, a * down, inside))
            for index in strength:
                rate = rate * points[:, index, None]
            for index, hi, lo, c in norm:
                a = points[:, index]
                inside = 1 + (a[:, None] ** POWERS) @ c
                rate = rate * np.where(a.real >= 1, hi ** a, np.where(a.real <= -1, lo ** -a, inside))[:, None]
            for indices in bins:
                rate = rate * points[:, indices]
            if channel == name:
                parts[-1] = parts[-1] + rate
            else:
                parts.append(rate)
                name = channel
        return np.concatenate(parts, axis=1)

    def twice_nll(self, points, data):
        """-2 ln L with all constants; data are counts and observed values of Gaussian and Poisson constraints."""
        points = np.atleast_2d(points)
        counts, gauss, poisson = data
        rates = self.rates(points)
        result = 2 * counted(counts, rates)
        if self.gauss:
            index, _, sigma = map(np.array, zip(*self.gauss))
            index = index.astype(int)
            result = result + np.sum(((gauss - points[:, index]) / sigma) ** 2, axis=1) + np.sum(np.log(2 * np.pi * sigma ** 2))
        if self.poisson:
            index, _, factor = map(np.array, zip(*self.poisson))
            result = result + 2 * counted(poisson, points[:, index.astype(int)] * factor)
        return result

    def observed(self):
        return self.counts, self.aux[0], self.aux[1]

    def asimov(self, point):
        gauss = np.array([point[i] for i, _, _ in self.gauss])
        return self.rates(point[None])[0], gauss, np.array([point[i] * f for i, _, f in self.poisson])


def counted(counts, rates):
    with np.errstate(all="ignore"):
        logs = np.where(counts > 0, counts * np.log(np.where(counts > 0, rates, 1)), 0)
        value = np.sum(rates - logs + gammaln(counts + 1), axis=1)
    bad = np.any((rates.real < 0) | ((rates.real <= 0) & (counts > 0)), axis=1)
    return np.where(bad, np.inf, value)
