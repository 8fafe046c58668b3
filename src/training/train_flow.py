#!/usr/bin/env python3
"""Learns p(x | m), the features of background events at a mass m, from sidebands, and writes it as ONNX for gbi.

A conditional flow of coupling layers with rational-quadratic splines, the mass as condition, maximises the mean of ln p(x | m) over events
outside the signal region; in the signal region it interpolates. Two files: NET.onnx makes events from normal noise and masses, with ln p of
each; NET.density.onnx gives ln p of given events. Both are densities of the raw features: all Jacobians are inside.
"""
import argparse
import math

import numpy as np

import gbi_contract
import gbi_events
import gbi_flow
import gbi_learning as learning
from gbi_events import DataError, UsageError

MARGIN = 1e-4  # beyond the lowest and highest value, as a share of the range


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
    gbi_flow.add_flow_options(parser, layers=6, bins=12, bound=10.0)
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


def ranges(x, transform):
    """The range of each feature: of the training events with a margin, or none."""
    if transform == "none":
        return gbi_flow.endless(x.shape[1])
    least, most = x.min(axis=0).astype(np.float64), x.max(axis=0).astype(np.float64)
    margin = MARGIN * (most - least)
    return gbi_flow.Ranges(least - margin, most + margin)


def main():
    settings = parse()
    if settings.mass in settings.features:
        raise UsageError(f"'{settings.mass}' is the mass and a feature; the condition cannot be generated: leave it out of --features.")
    path = gbi_contract.require_output(settings.out, settings)
    density_path = gbi_contract.require_output(path.with_name(f"{path.stem}.density.onnx"), settings)
    learning.start(settings)
    x, m, w = _sidebands(settings)
    flow = gbi_flow.Flow(x, m, w, ranges(x, settings.transform), (settings.features, [settings.mass]), settings)
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
    return gbi_contract.Graph(gbi_flow.Method(flow, "sample"), inputs, outputs, _metadata("generator", settings), gbi_flow.TOLERANCE)


def _density(flow, x, m, settings):
    return gbi_contract.Graph(gbi_flow.Method(flow, "log_density"), {"features": (settings.features, x), "mass": ([settings.mass], m)},
                              {"log_density": 0}, _metadata("density", settings), gbi_flow.TOLERANCE)


if __name__ == "__main__":
    gbi_events.run(main)
