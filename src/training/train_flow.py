#!/usr/bin/env python3
"""Learns p(x | m), the features of background events at a mass m, from sidebands, and writes it as ONNX for gbi.

A conditional flow of coupling layers with rational-quadratic splines, the mass as condition, maximises the mean of ln p(x | m) over events
outside the signal region; in the signal region it interpolates. Two files: NET.onnx makes events from normal noise and masses, with ln p of
each; NET.density.onnx gives ln p of given events. Both are densities of the raw features: all Jacobians are inside.
"""
import argparse
import math

import numpy as np
import torch
from torch import nn

import gbi_contract
import gbi_events
import gbi_learning as learning
import gbi_spline
from gbi_events import DataError, UsageError

TOLERANCE = 1e-4
MARGIN = 1e-4   # beyond the lowest and highest value, as a share of the range
NEAREST = 1e-6  # to the end of the range with its margins


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", required=True, metavar="A", help="events: .csv, .npz, .parquet or a folder of .npy files")
    parser.add_argument("--mass", required=True, metavar="COL", help="column with the mass, raw")
    parser.add_argument("--features", required=True, type=gbi_events.names, metavar="a,b,...", help="columns to generate")
    parser.add_argument("--signal-region", type=region, metavar="LOW:HIGH",
                        help="masses whose events are left out, [LOW, HIGH) (default: all events train)")
    parser.add_argument("--weight", metavar="COL", help="column with event weights (default: every event counts 1)")
    parser.add_argument("--bootstrap", action="store_true",
                        help="multiply weights by Poisson(1) numbers of the seed: a member of an ensemble of files")
    parser.add_argument("--transform", choices=("logit", "none"), default="logit",
                        help="before features are standardised: ln(x - low) - ln(high - x), for features with ends; none for those without "
                        "(default: %(default)s)")
    parser.add_argument("--layers", type=learning.integer(1), default=6, metavar="N", help="coupling layers (default: %(default)s)")
    parser.add_argument("--bins", type=learning.integer(2), default=12, metavar="N", help="of a spline (default: %(default)s)")
    parser.add_argument("--bound", type=learning.real(0), default=10.0, metavar="B",
                        help="splines reach from -B to B standard deviations, beyond they are straight (default: %(default)s)")
    learning.add_training_options(parser, hidden="64,64", lr=2e-3)
    gbi_contract.add_output_options(parser)
    return parser.parse_args()


def region(text):
    """'3.3:3.7' as (3.3, 3.7): argparse type."""
    try:
        low, high = map(float, text.split(":"))
    except ValueError:
        low = high = math.nan
    if not low < high:
        raise argparse.ArgumentTypeError(f"'{text}' is not two ascending numbers with a colon between, such as 3.3:3.7")
    return low, high


class Identity(nn.Module):
    """Features as they are."""

    def forward(self, x):
        return x, torch.zeros_like(x)

    inverse = forward


class Logit(nn.Module):
    """u = ln(x - low) - ln(high - x), with ln du/dx; [low, high] is the training events' range and a margin.

    An event outside the range is taken at its nearest end, so that every density is finite.
    """

    def __init__(self, values):
        super().__init__()
        least, most = values.min(axis=0).astype(np.float64), values.max(axis=0).astype(np.float64)
        margin = MARGIN * (most - least)
        for name, end in (("low", least - margin), ("high", most + margin)):
            self.register_buffer(name, torch.tensor(end, dtype=torch.float32))

    def forward(self, x):
        nearest = NEAREST * (self.high - self.low)
        below, above = torch.maximum(x - self.low, nearest).log(), torch.maximum(self.high - x, nearest).log()
        return below - above, (self.high - self.low).log() - below - above

    def inverse(self, u):
        # Softplus keeps the relative accuracy of small shares; the sigmoid of a runtime may keep the absolute one only.
        log_below, log_above = -nn.functional.softplus(-u), -nn.functional.softplus(u)
        return self.low + (self.high - self.low) * log_below.exp(), (self.high - self.low).log() + log_below + log_above


class Flow(nn.Module):
    """z = couplings(standardise(transform(x)), m), with z of a standard normal distribution."""

    def __init__(self, x, m, w, settings):
        super().__init__()
        d = len(settings.features)
        self.transform = Logit(x) if settings.transform == "logit" else Identity()
        inner = self.transform(torch.from_numpy(x))[0].numpy()
        self.standardise = learning.Standardise(inner, w, settings.features)
        self.condition = learning.Standardise(m, w, [settings.mass])
        self.couplings = gbi_spline.couplings(d, settings)
        self.log_norm = 0.5 * d * math.log(2 * math.pi)

    def log_density(self, x, m):
        """ln p(x|m) = ln N(z) + sum of the logarithms of all slopes dz/dx; [events]."""
        u, log_slopes = self.transform(x)
        z, log_density = self.standardise(u), (log_slopes + self.standardise.scale.log()).sum(dim=1)
        for coupling in self.couplings:
            z, log_slope = coupling(z, self.condition(m))
            log_density = log_density + log_slope
        return log_density + self._log_normal(z)

    def sample(self, noise, m):
        """x of z = noise, and ln p(x|m) = ln N(z) - sum of the logarithms of all slopes dx/dz."""
        log_density, z = self._log_normal(noise), noise
        for coupling in reversed(self.couplings):
            z, log_slope = coupling.inverse(z, self.condition(m))
            log_density = log_density - log_slope
        x, log_slopes = self.transform.inverse(z / self.standardise.scale + self.standardise.mean)
        return x, log_density - (log_slopes - self.standardise.scale.log()).sum(dim=1)

    def _log_normal(self, z):
        return -0.5 * z.square().sum(dim=1) - self.log_norm


class Method(nn.Module):
    """One method of a module as a module, for export."""

    def __init__(self, module, name):
        super().__init__()
        self.module, self.name = module, name

    def forward(self, *inputs):
        return getattr(self.module, self.name)(*inputs)


def main():
    settings = parse()
    if settings.mass in settings.features:
        raise UsageError(f"'{settings.mass}' is the mass and a feature; the condition cannot be generated: leave it out of --features.")
    if settings.bins > gbi_spline.MOST_BINS:
        raise UsageError(f"--bins is {settings.bins}, expected at most {gbi_spline.MOST_BINS}.")
    path = gbi_contract.require_output(settings.out, settings)
    density_path = gbi_contract.require_output(path.with_name(f"{path.stem}.density.onnx"), settings)
    learning.start(settings)
    x, m, w = _sidebands(settings)
    flow = Flow(x, m, w, settings)
    _train(flow, x, m, w, settings)
    rows = np.random.default_rng(settings.seed).permutation(len(x))[:settings.parity_events]
    for graph, file in ((_generator(flow, m[rows], settings), path), (_density(flow, x[rows], m[rows], settings), density_path)):
        gbi_contract.write(graph, file, settings)


def _sidebands(settings):
    """Features, masses [events, 1] and weights of mean 1."""
    events = gbi_events.Events.read(settings.events, settings.features + [settings.mass], settings.weight)
    x, m, w = events.values[:, :-1], events.values[:, -1:], events.weights
    low, high = settings.signal_region or (math.inf, math.inf)
    outside = (m[:, 0] < np.float32(low)) | (m[:, 0] >= np.float32(high))
    where = f", outside {low:g} <= {settings.mass} < {high:g}" if settings.signal_region else ""
    print(f"{np.count_nonzero(outside):,} of {len(events):,} events train{where}")
    if settings.signal_region and not ((m[outside] < low).any() and (m[outside] >= high).any()):
        raise DataError(f"The events of {events.source} lie on one side of the signal region [{low:g}, {high:g}) only; "
                        "expected sidebands on both.")
    w = w[outside]
    if settings.bootstrap:
        w = w * np.random.default_rng(settings.seed).poisson(1, len(w))
    if not w.sum() > 0:
        raise DataError(f"The weights of the sidebands sum to {w.sum():g}, expected a sum above 0.")
    return np.ascontiguousarray(x[outside]), np.ascontiguousarray(m[outside]), w * (len(w) / w.sum())


def _train(flow, x, m, w, settings):
    parts = [learning.tensors(settings.device, x[rows], m[rows], w[rows])
             for rows in learning.split(len(x), settings.held_out, settings.seed)]
    held_out = learning.minimise(flow, lambda x, m, w: -w * flow.log_density(x, m), *parts, settings)
    print(f"Held out: mean ln p(x|{settings.mass}) {-held_out / parts[1][2].mean().item():.4f} an event")


def _metadata(kind, settings):
    return {"kind": kind, "features": ",".join(settings.features), "mass": settings.mass}


def _generator(flow, m, settings):
    noise = np.random.default_rng(settings.seed).standard_normal((len(m), len(settings.features)), dtype=np.float32)
    inputs = {"noise": (gbi_contract.numbered("noise", noise.shape[1]), noise), "mass": ([settings.mass], m)}
    outputs = {"features": 0, "log_density": 0}
    return gbi_contract.Graph(Method(flow, "sample"), inputs, outputs, _metadata("generator", settings), TOLERANCE)


def _density(flow, x, m, settings):
    return gbi_contract.Graph(Method(flow, "log_density"), {"features": (settings.features, x), "mass": ([settings.mass], m)},
                              {"log_density": 0}, _metadata("density", settings), TOLERANCE)


if __name__ == "__main__":
    gbi_events.run(main)
