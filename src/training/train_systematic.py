#!/usr/bin/env python3
"""Learns how nuisance parameters nu move the density, in shape and rate, and writes the coefficients as ONNX for gbi.

exp(sum_A nu_A Delta_A(x)) = dsigma(x|nu) / dsigma(x|0), positive by construction, with nu_A the monomials nu_a, nu_a^2 and nu_a nu_b. The
network's outputs Delta_A minimise, with R = sum_A nu_A Delta_A(x), over all varied samples

    sum_nominal w [softplus(R) - ln 2] + sum_varied w [softplus(-R) - ln 2].

Weights are not normalised: all samples have to be in the same unit, such as expected events at one luminosity.
"""
import argparse
import math

import numpy as np
import torch
from torch import nn

import gbi_contract
import gbi_events
import gbi_learning as learning
from gbi_events import DataError, UsageError


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nominal", required=True, metavar="FILE",
                        help="events with all parameters 0: .csv, .npz, .parquet or a folder of .npy files")
    parser.add_argument("--varied", required=True, action="append", type=varied, metavar="NU=VALUE,...:FILE",
                        help="events at other values, such as nu=1:up.csv; parameters not named are 0. Once for each sample")
    parser.add_argument("--features", required=True, type=gbi_events.names, metavar="a,b,...", help="columns of all samples")
    parser.add_argument("--weight", metavar="COL", help="column with event weights in all (default: every event counts 1)")
    parser.add_argument("--monomials", type=gbi_events.names, metavar="nu,nu^2,a*b",
                        help="terms of the exponent (default: all up to second order)")
    learning.add_training_options(parser, hidden="64,64")
    gbi_contract.add_output_options(parser)
    return parser.parse_args()


def varied(text):
    """'a=1,b=-0.5:file.csv' as ({'a': 1.0, 'b': -0.5}, 'file.csv'): argparse type."""
    point, colon, path = text.partition(":")
    try:
        values = {name.strip(): float(value) for name, value in (side.split("=") for side in point.split(","))}
    except ValueError:
        values = {}
    if not (colon and path and values and all(math.isfinite(value) for value in values.values()) and any(values.values())):
        raise argparse.ArgumentTypeError(f"'{text}' is not parameters with values, not all 0, a colon and a file, such as nu=1:up.csv")
    return values, path


def up_to_second_order(parameters):
    """First the parameters, then squares and products, in order."""
    second = [f"{a}^2" if a == b else f"{a}*{b}" for i, a in enumerate(parameters) for b in parameters[i:]]
    return parameters + second


def factors(monomial, parameters):
    """The parameters whose product a monomial is."""
    product = [monomial[:-2]] * 2 if monomial.endswith("^2") else monomial.split("*")
    if len(product) > 2 or not set(product) <= set(parameters):
        raise UsageError(f"The monomial '{monomial}' is none of first or second order in {', '.join(parameters)}, "
                         "expected one such as a, a^2 or a*b.")
    return product


class BasePoints:
    """Values nu_A of the monomials at the varied samples: matrix [samples, A]."""

    def __init__(self, samples, monomials):
        self.parameters = list(dict.fromkeys(name for point, _ in samples for name in point))
        self.monomials = monomials or up_to_second_order(self.parameters)
        products = [factors(monomial, self.parameters) for monomial in self.monomials]
        self.matrix = np.array([[math.prod(point.get(name, 0.0) for name in product) for product in products] for point, _ in samples])
        if np.linalg.matrix_rank(self.matrix) < len(self.monomials):
            raise UsageError(f"{len(samples)} varied samples do not determine the {len(self.monomials)} coefficients of "
                             f"{','.join(self.monomials)}; give more samples, or fewer --monomials.")


class SystematicNet(nn.Module):
    """features [events, d] -> Delta [events, A].

    Delta_A = rate_A + f_A(x) / rms(nu_A): `rate` is the least-squares solution of sum_A nu_A rate_A = ln(sigma(nu) / sigma(0)), so that f,
    0 at first, learns the shape; the scale gives all outputs one size.
    """

    def __init__(self, standardise, base_points, log_rates, settings):
        super().__init__()
        self.standardise = standardise
        self.net = learning.network(len(settings.features), settings.hidden, len(base_points.monomials), settings.activation)
        rate = np.linalg.pinv(base_points.matrix) @ log_rates
        size = np.sqrt(np.square(base_points.matrix).mean(axis=0))
        self.register_buffer("rate", torch.tensor(rate, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(1 / size, dtype=torch.float32))

    def forward(self, features):
        return self.rate + self.net(self.standardise(features)) * self.scale


def main():
    settings = parse()
    path = gbi_contract.require_output(settings.out, settings)
    base_points = BasePoints(settings.varied, settings.monomials)
    learning.start(settings)
    samples = [gbi_events.Events.read(file, settings.features, settings.weight)
               for file in [settings.nominal] + [file for _, file in settings.varied]]
    for name, sample in zip(["nominal"] + [_text(point) for point, _ in settings.varied], samples):
        print(f"{name}: {len(sample):,} events, sum of weights {sample.weights.sum():g}")
    x = np.concatenate([sample.values for sample in samples])
    w = np.concatenate([sample.weights for sample in samples])
    sample = np.repeat(np.arange(len(samples)), [len(one) for one in samples])
    log_rates = np.log([one.weights.sum() / samples[0].weights.sum() for one in samples[1:]])
    net = SystematicNet(learning.Standardise(samples[0].values, samples[0].weights, settings.features), base_points, log_rates, settings)
    held_out = _train(net, x, sample, w, base_points, settings)
    _report(net, x[held_out], sample[held_out], _scaled(w, sample, held_out), base_points, settings)
    rows = samples[0].values[np.random.default_rng(settings.seed).permutation(len(samples[0]))[:settings.parity_events]]
    gbi_contract.write(_graph(net, rows, base_points, settings), path, settings)


def _text(point):
    return ",".join(f"{name}={value:g}" for name, value in point.items())


def _train(net, x, sample, w, base_points, settings):
    """Minimises the loss; returns the rows that were held out."""
    training, held_out = learning.split(len(x), settings.held_out, settings.seed)
    values = torch.tensor(base_points.matrix, dtype=torch.float32, device=settings.device)
    sides = torch.tensor(_sides(len(values)), dtype=torch.float32, device=settings.device)

    def loss(x, sample, w):
        side = sides[sample.long()]
        exponent = net(x) @ values.T
        return w * (side.abs() * (nn.functional.softplus(side * exponent) - math.log(2))).sum(dim=1)

    parts = [learning.tensors(settings.device, x[rows], sample[rows], _scaled(w, sample, rows)) for rows in (training, held_out)]
    learning.minimise(net, loss, *parts, settings)
    return held_out


def _sides(count):
    """The sign of R in an event's terms, [1 + count samples, count base points].

    A nominal event stands in every one, a varied event in its own.
    """
    return np.concatenate([np.ones((1, count)), -np.eye(count)])


def _scaled(w, sample, rows):
    """Weights of some rows in which every sample keeps the rate that it has over all rows, of mean 1 over nominal events."""
    scaled = np.empty(len(rows))
    nominal = w[sample == 0].sum() / np.count_nonzero(sample[rows] == 0)
    for one in np.unique(sample):
        mine = sample[rows] == one
        total = w[rows][mine].sum()
        if not total > 0:
            raise DataError(f"Sample {one} (0 is the nominal one) has weights that sum to {total:g} in a part of its events, "
                            "expected a sum above 0; use more events or another --seed.")
        scaled[mine] = w[rows][mine] * (w[sample == one].sum() / total / nominal)
    return scaled


def _report(net, x, sample, w, base_points, settings):
    """On held-out events: the mean of exp R over nominal events, over the rate of the sample to nominal."""
    coefficients = learning.evaluate(_Transposed(net), x[sample == 0]).astype(np.float64)
    nominal = w[sample == 0] / w[sample == 0].sum()
    for index, (point, _) in enumerate(settings.varied):
        rate = w[sample == index + 1].sum() / w[sample == 0].sum()
        ratio = np.exp(base_points.matrix[index] @ coefficients) / rate
        mean = nominal @ ratio
        error = math.sqrt(np.square(nominal) @ np.square(ratio - mean))
        print(f"Held out, {_text(point)}: mean ratio over nominal {mean * rate:.4f} +- {error * rate:.4f}, rate of the sample {rate:.4f}")


class _Transposed(nn.Module):
    """Events in the last dimension."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, features):
        return self.module(features).T


def _graph(net, rows, base_points, settings):
    metadata = {"kind": "systematic", "features": ",".join(settings.features), "parameters": ",".join(base_points.parameters),
                "monomials": ",".join(base_points.monomials)}
    return gbi_contract.Graph(net, {"features": (settings.features, rows)}, {"coefficients": 0}, metadata)


if __name__ == "__main__":
    gbi_events.run(main)
