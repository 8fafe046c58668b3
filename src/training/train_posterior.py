#!/usr/bin/env python3
"""Learns a posterior q(theta|x) or a likelihood q(x|theta) from simulations and writes it as ONNX for gbi.

A conditional flow of an affine layer and coupling layers with rational-quadratic splines maximises the mean of ln q over simulations:
rows of parameters theta, drawn from the prior, and of features x, simulated at them. A posterior is two files: NET.onnx makes theta from
normal noise and x, with ln q of each; NET.density.onnx gives ln q of given theta. Parameters with ends are mapped to real numbers first,
so that no draw lies beyond. A likelihood is one file, NET.onnx, ln q(x|theta).
"""
import argparse

import numpy as np

import gbi_contract
import gbi_events
import gbi_flow
import gbi_learning as learning
from gbi_events import DataError, UsageError
from gbi_prior import Prior

SEED_COLUMN = "seed"  # that simulations of `gbi infer` have
FEWEST_VALUES = 20


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=("posterior", "likelihood"), default="posterior",
                        help="posterior: q(theta|x); likelihood: q(x|theta) (default: %(default)s)")
    parser.add_argument("--simulations", required=True, nargs="+", metavar="A",
                        help="columns of parameters and features: .csv, .npz, .parquet or folders of .npy files; several are joined")
    parser.add_argument("--prior", required=True, metavar="PRIOR.json", help="what the parameters were drawn from")
    parser.add_argument("--features", type=gbi_events.names, metavar="a,b,...",
                        help=f"columns of x (default: all but the parameters, the weight and '{SEED_COLUMN}')")
    parser.add_argument("--weight", metavar="COL", help="column with weights of simulations (default: every simulation counts 1)")
    gbi_flow.add_flow_options(parser, layers=5, bins=10, bound=5.0)
    learning.add_training_options(parser, hidden="50,50", epochs=100, batch=200, lr=2e-3, early_stopping=20, held_out=0.1)
    gbi_contract.add_output_options(parser)
    return parser.parse_args()


def main():
    settings = parse()
    path = gbi_contract.require_output(settings.out, settings)
    is_posterior = settings.target == "posterior"
    density_path = gbi_contract.require_output(path.with_name(f"{path.stem}.density.onnx"), settings) if is_posterior else path
    prior = Prior.read(settings.prior)
    features = settings.features or _other_columns(settings.simulations[0], prior, settings.weight)
    theta, x, w = _simulations(settings, prior, features)
    learning.start(settings)
    if is_posterior:
        y, c, ranges, names = theta, x, gbi_flow.Ranges(prior.low, prior.high), (prior.names, features)
    else:
        _require_continuous(x, features)
        y, c, ranges, names = x, theta, gbi_flow.endless(len(features)), (features, prior.names)
    flow = gbi_flow.Flow(y, c, w, ranges, names, settings, is_affine=True)
    _train(flow, y, c, w, settings)
    rows = np.random.default_rng(settings.seed).permutation(len(x))[:settings.parity_events]
    inputs = {"theta": (prior.names, theta[rows]), "features": (features, x[rows])}
    if is_posterior:
        gbi_contract.write(_sampler(flow, inputs, prior, settings), path, settings)
        gbi_contract.write(_density(flow, inputs, "posterior_density", prior), density_path, settings)
    else:
        inputs = {"features": inputs["features"], "theta": inputs["theta"]}
        gbi_contract.write(_density(flow, inputs, "likelihood_density", prior), path, settings)


def _other_columns(file, prior, weight):
    columns = [name for name in gbi_events.columns(file) if name not in (*prior.names, weight, SEED_COLUMN)]
    if not columns:
        raise DataError(f"{file} has no column besides parameters and weights, expected one feature or more.")
    return columns


def _simulations(settings, prior, features):
    """Parameters, features, and weights of mean 1."""
    both = [name for name in features if name in prior.names]
    if both:
        raise UsageError(f"'{both[0]}' is a parameter of {settings.prior} and among --features; name it as one of them.")
    parts = [gbi_events.Events.read(file, prior.names + features, settings.weight) for file in settings.simulations]
    for part in parts:
        prior.require_inside(part.values[:, :len(prior.names)], part.source)
    values, w = np.concatenate([part.values for part in parts]), np.concatenate([part.weights for part in parts])
    print(f"{len(values):,} simulations of {', '.join(prior.names)} with {len(features)} features")
    theta, x = np.split(values, [len(prior.names)], axis=1)
    return np.ascontiguousarray(theta), np.ascontiguousarray(x), w * (len(w) / w.sum())


def _require_continuous(x, features):
    for name, column in zip(features, x.T):
        count = len(np.unique(column))
        if count < FEWEST_VALUES:
            raise DataError(f"Feature '{name}' takes {count} values only, and a density of it has no limit; leave it out, or learn the "
                            "posterior.")


def _train(flow, y, c, w, settings):
    parts = [learning.tensors(settings.device, y[rows], c[rows], w[rows])
             for rows in learning.split(len(y), settings.held_out, settings.seed)]
    held_out = learning.minimise(flow, lambda y, c, w: -w * flow.log_density(y, c), *parts, settings)
    print(f"Held out: mean ln q {-held_out / parts[1][2].mean().item():.4f} a simulation")


def _metadata(kind, names, prior):
    return {"kind": kind, "features": ",".join(names), "theta": ",".join(prior.names), "prior": prior.text}


def _sampler(flow, inputs, prior, settings):
    names, x = inputs["features"]
    noise = np.random.default_rng(settings.seed).standard_normal((len(x), len(prior.names)), dtype=np.float32)
    return gbi_contract.Graph(
        gbi_flow.Method(flow, "sample"), {"noise": (gbi_contract.numbered("noise", noise.shape[1]), noise), "features": (names, x)},
        {"theta": 0, "log_density": 0}, _metadata("posterior", names, prior), gbi_flow.TOLERANCE)


def _density(flow, inputs, kind, prior):
    return gbi_contract.Graph(
        gbi_flow.Method(flow, "log_density_within" if kind == "posterior_density" else "log_density"), inputs, {"log_density": 0},
        _metadata(kind, inputs["features"][0], prior), gbi_flow.TOLERANCE)


if __name__ == "__main__":
    gbi_events.run(main)
