"""Makes workspaces with every modifier and override of pyhf from seeds, and writes them with their polished reference values.

python3 generate.py            writes references.json
python3 generate.py 7          prints workspace 7 and its reference
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from fits import Tests
from likelihood import Model

COUNT = 50


def rounded(values, digits=2):
    return [round(float(v), digits) for v in np.atleast_1d(values)]


class Generator:
    """A workspace of a seed. Every normsys and histosys has one of a few names, so that samples and channels share them."""

    def __init__(self, seed):
        self.random = np.random.default_rng(1000 + seed)
        self.has_lumi = self.chance(0.4)
        self.kinds = {}

    def chance(self, p):
        return bool(self.random.random() < p)

    def uniform(self, low, high, size=None):
        return self.random.uniform(low, high, size)

    def norm(self, name):
        high, low = self.uniform(1.03, 1.3), self.uniform(0.75, 0.97)
        if self.chance(0.1):
            low = self.uniform(1.01, 1.1)
        self.kinds[name] = "normsys"
        return {"name": name, "type": "normsys", "data": {"hi": round(high, 3), "lo": round(low, 3)}}

    def histo(self, name, nominal):
        up, down = (nominal * (1 + sign * self.uniform(-0.05, 0.2, len(nominal))) for sign in (1, -1))
        self.kinds[name] = "histosys"
        return {"name": name, "type": "histosys", "data": {"hi_data": rounded(up), "lo_data": rounded(down)}}

    def sample(self, name, nominal, extra):
        modifiers = list(extra)
        if self.has_lumi:
            modifiers.append({"name": "lumi", "type": "lumi", "data": None})
        for k in range(3):
            if self.chance(0.35):
                modifiers.append(self.norm(f"n{k}"))
        for k in range(2):
            if self.chance(0.3):
                modifiers.append(self.histo(f"h{k}", nominal))
        if self.chance(0.2):
            modifiers += [self.norm("both"), self.histo("both", nominal)]
        return {"name": name, "data": rounded(nominal), "modifiers": modifiers}

    def add_uncorrelated(self, channel):
        sample = channel["samples"][-1]
        data = np.array(sample["data"]) * self.uniform(0.05, 0.3, len(sample["data"]))
        if len(data) > 1 and self.chance(0.3):
            data[0] = 0
        name = f"uncorrelated_{channel['name']}"
        sample["modifiers"].append({"name": name, "type": "shapesys", "data": rounded(data)})
        self.kinds[name] = "shapesys"

    def add_statistics(self, name, channel, backgrounds):
        for sample in channel["samples"]:
            if sample["name"] in backgrounds:
                data = np.array(sample["data"]) * self.uniform(0.03, 0.2, len(sample["data"]))
                sample["modifiers"].append({"name": name, "type": "staterror", "data": rounded(data)})
        self.kinds[name] = "staterror"

    def channel(self, number):
        bins = int(self.random.integers(1, 5))
        signal = self.sample(
            "signal", self.uniform(2, 15, bins), [{"name": "mu", "type": "normfactor", "data": None}])
        scale = [{"name": "k0", "type": "normfactor", "data": None}]
        others = [
            self.sample(f"background{k}", self.uniform(10, 80, bins), scale if k == 0 else [])
            for k in range(int(self.random.integers(1, 4)))]
        return {"name": f"region{number}", "samples": [signal, *others]}

    def control(self, channels):
        """Channels without signal that determine a scale, k0, and a shape of the first channel."""
        first = channels[0]
        bins = len(first["samples"][0]["data"])
        shape = {"name": "shape", "type": "shapefactor", "data": None}
        has_shape = self.chance(0.4)
        if has_shape:
            first["samples"].append(self.sample("shaped", self.uniform(10, 40, bins), [shape]))
        scale = {"name": "k0", "type": "normfactor", "data": None}
        samples = [self.sample("background0", self.uniform(100, 300, bins), [scale]), self.sample("other", self.uniform(5, 20, bins), [])]
        result = [{"name": "control", "samples": samples}]
        if has_shape:
            result.append({"name": "shapes", "samples": [self.sample("shaped", self.uniform(50, 200, bins), [shape])]})
        return result

    def workspace(self):
        channels = [self.channel(i) for i in range(int(self.random.integers(1, 3)))]
        channels += self.control(channels)
        for channel in channels:
            if self.chance(0.35):
                self.add_uncorrelated(channel)
        shared = [c for c in channels if c["name"].startswith("region")]
        if len(shared) > 1 and self.chance(0.3):
            for channel in shared:
                self.add_statistics("statistics", channel, ["background0"])
        else:
            for channel in shared:
                if self.chance(0.5):
                    names = [s["name"] for s in channel["samples"] if s["name"].startswith("background")]
                    self.add_statistics(f"statistics_{channel['name']}", channel, names)
        observations = [{"name": c["name"], "data": self.counts(c)} for c in channels]
        names = ["main", "second", "third"][:int(self.random.integers(1, 4))]
        measurements = [{"name": n, "config": self.config(channels)} for n in names]
        return {"channels": channels, "observations": observations, "measurements": measurements, "version": "1.0.0"}

    def counts(self, channel):
        mu = self.random.choice([0.0, 0.5, 1.0])
        mean = sum(np.array(s["data"]) * (mu if s["name"] == "signal" else 1) for s in channel["samples"])
        counts = self.random.poisson(mean).astype(float)
        return rounded(counts + 0.25) if self.chance(0.1) else rounded(counts)

    def config(self, channels):
        parameters = []
        if self.has_lumi:
            width = round(self.uniform(0.01, 0.05), 3)
            centre = self.random.choice([1.0, 1.02])
            parameters.append({
                "name": "lumi", "auxdata": [centre], "sigmas": [width], "inits": [centre], "bounds": [[0.5, 1.5]],
                **({"fixed": True} if self.chance(0.2) else {})})
        for name, kind in self.kinds.items():
            if self.chance(0.5):
                setting = self.setting(name, kind, channels)
                if setting:
                    parameters.append({"name": name, **setting})
        if self.chance(0.5):
            bounds = [[0, 20], [0, 5], [-3, 10], [0, 1.5]][int(self.random.integers(4))]
            parameters.append({"name": "mu", "bounds": [bounds], "inits": [round(self.uniform(0.2, 1.4), 2)]})
        return {"poi": "k0" if self.chance(0.1) else "mu", "parameters": parameters}

    def setting(self, name, kind, channels):
        if kind in ("normsys", "histosys"):
            return [
                {"inits": [round(self.uniform(-1, 1), 2)]}, {"bounds": [[-0.3, 0.4]]}, {"fixed": True, "inits": [0.5]},
                {"auxdata": [round(self.uniform(-1, 1), 2)]}, {"fixed": True}][int(self.random.integers(5))]
        uses = [m["data"] for c in channels for s in c["samples"][-1:] for m in s["modifiers"] if m["name"] == name]
        bins = sum(map(len, uses)) if kind == "shapesys" else sum(
            len(c["samples"][0]["data"]) for c in channels if any(m["name"] == name for s in c["samples"] for m in s["modifiers"]))
        if kind == "shapesys":
            return [
                {"inits": [1.1] * bins}, {"bounds": [[0.5, 1.5]] * bins},
                {"factors": rounded(self.uniform(20, 200, bins)), "auxdata": rounded(self.uniform(20, 200, bins))},
            ][int(self.random.integers(3))]
        return [
            {"auxdata": rounded(self.uniform(0.9, 1.1, bins))}, {"sigmas": rounded(self.uniform(0.02, 0.2, bins))}, {"fixed": True},
        ][int(self.random.integers(3))]


def reference(seed):
    workspace = Generator(seed).workspace()
    names = [m["name"] for m in workspace["measurements"]]
    name = names[seed % len(names)]
    model = Model(workspace, name)
    tests = Tests(model, 7 * seed)
    value, best = tests.observed.free()
    unbounded = Tests(model, 7 * seed, high=np.inf)
    limit, expected = unbounded.limits()
    at_one = 1.0 if model.high[model.poi] > 1 else model.high[model.poi]
    return {
        "seed": seed, "measurement": name, "workspace": workspace, "twiceNll": value, "parameters": dict(zip(model.names, best)),
        "mu": at_one, "qTilde": tests.observed.q_tilde(at_one), "cls": float(np.exp(tests.log_cls(at_one))),
        "expectedCls": [float(v) for v in np.exp(tests.expected_log_cls(at_one))], "upperLimit": limit, "expectedUpperLimit": expected,
        "worstDistance": max(t.worst for t in (tests.observed, tests.expected, unbounded.observed, unbounded.expected))}


def main():
    if len(sys.argv) > 1:
        print(json.dumps(reference(int(sys.argv[1])), indent=1))
        return
    with ProcessPoolExecutor() as pool:
        lines = [json.dumps(found) for found in pool.map(reference, range(1, COUNT + 1))]
    with open("references.json", "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
