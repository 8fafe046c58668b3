"""Priors as the JSON documents of `gbi` (docs/json.md, "The prior document"): names of the parameters and the ranges of their values."""
import json
import math
from pathlib import Path

import numpy as np

import gbi_events
from gbi_events import DataError

ANY = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)
DISCRETE = ("integer", "category")


class Prior:
    """names; low, high: float64 arrays, infinite where a parameter has no end; text: the document, which needs no other file."""

    def __init__(self, document, folder):
        if not isinstance(document, dict) or document.get("gbiPrior") != "1":
            raise ValueError("it has no \"gbiPrior\": \"1\"")
        entries = [_entry(entry, folder) for entry in document["parameters"]]
        self.names = [name for names, _ in entries for name in names]
        ranges = np.array([each for _, ranges in entries for each in ranges], np.float64).reshape(-1, 2)
        self.low, self.high = ranges[:, 0], ranges[:, 1]
        if not self.names or len(set(self.names)) != len(self.names) or any("," in name for name in self.names):
            raise ValueError(f"its parameters are {', '.join(self.names) or 'none'}, expected different names without commas")
        self.text = json.dumps(document, separators=(",", ":"))

    @classmethod
    def read(cls, path):
        """DataError: no such file, no prior, or a parameter that has no density of real numbers."""
        path = Path(path)
        if not path.is_file():
            raise DataError(f"There is no file {path}.")
        try:
            return cls(json.loads(path.read_text(encoding="utf-8-sig")), path.parent)
        except KeyError as missing:
            raise DataError(f"{path} is no prior that gbi reads: it lacks {missing}.") from None
        except (ValueError, TypeError, AttributeError) as wrong:
            raise DataError(f"{path} is no prior that a flow can be learnt for: {str(wrong).rstrip('.')}.") from None

    def require_inside(self, values, source):
        """DataError: a parameter of the simulations lies outside its range."""
        for name, column, low, high in zip(self.names, values.T.astype(np.float64), self.low, self.high):
            rounding = 1e-6 * (high - low) if math.isfinite(high - low) else 0
            outside = np.flatnonzero((column < low - rounding) | (column > high + rounding))
            if len(outside):
                raise DataError(f"Parameter '{name}' is {column[outside[0]]:g} in row {outside[0] + 1:,} of {source}, outside the prior's "
                                f"range from {low:g} to {high:g}; give the prior that the simulations were drawn from.")


def _entry(entry, folder):
    """The names of an entry and the range of each. Rows of a file are taken into the document."""
    names = [entry["name"]] if "name" in entry else entry["names"]
    kinds = [key for key in entry if key not in ("name", "names")]
    if len(kinds) != 1:
        raise ValueError(f"{', '.join(names)} has {' and '.join(kinds) or 'no density'}, expected one density")
    kind, density = kinds[0], entry[kinds[0]]
    if kind in DISCRETE:
        raise ValueError(f"parameter '{names[0]}' is {'an integer' if kind == 'integer' else 'a category'}, and a flow is a density of "
                         "real numbers; learn this posterior with 'gbi infer'")
    if kind == "rows" and "file" in density:
        _take_in(density, names, folder)
    ranges = {
        "uniform": lambda: density["range"] if isinstance(density, dict) else density,
        "normal": lambda: (density.get("lower", ANY[0]), density.get("upper", ANY[1])),
        "logNormal": lambda: POSITIVE,
        "halfNormal": lambda: POSITIVE,
        "beta": lambda: density.get("range", (0, 1)),
        "dirichlet": lambda: (0, 1),
        "rows": lambda: ANY,
    }
    if kind not in ranges:
        raise ValueError(f"{', '.join(names)} has the density '{kind}', expected one of {', '.join(ranges)}")
    low, high = map(float, ranges[kind]())
    if not low < high:
        raise ValueError(f"the range of '{names[0]}' is from {low:g} to {high:g}")
    return names, [(low, high)] * len(names)


def _take_in(density, names, folder):
    events = gbi_events.Events.read(Path(folder) / density.pop("file"), names, weight := density.pop("weight", None))
    density["values"] = [[float(str(value)) for value in column] for column in events.values.T]
    if weight:
        density["weights"] = events.weights.tolist()
