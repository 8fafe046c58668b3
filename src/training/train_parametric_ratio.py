#!/usr/bin/env python3
"""Learns ln p(x | theta) / p_denominator(x) as one function of x and theta and writes it as ONNX for gbi.

The numerator's table holds events x with the parameters theta that they were simulated at. Events of the denominator get parameters drawn
from the numerator's, anew for every epoch, so that p(theta) cancels. The network minimises the weighted cross entropy of train_ratio.py;
then r is divided by its mean over held-out events of the denominator, all theta together. With one table as numerator and denominator it
learns p(x | theta) / p(x), the ratio of amortised inference.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

import gbi_contract
import gbi_events
import gbi_learning as learning
from train_ratio import balanced, cross_entropy, normalise


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numerator", required=True, metavar="A",
                        help="events with parameters: .csv, .npz, .parquet or a folder of .npy files")
    parser.add_argument("--denominator", required=True, metavar="B", help="events")
    parser.add_argument("--features", required=True, type=gbi_events.names, metavar="a,b,...", help="columns of both")
    parser.add_argument("--theta", required=True, type=gbi_events.names, metavar="t,u,...",
                        help="columns of the numerator with its parameters")
    parser.add_argument("--weight", metavar="COL", help="column with event weights in both (default: every event counts 1)")
    parser.add_argument("--balance", type=learning.real(0, closed=True), default=0.0, metavar="L",
                        help="weight of the penalty (E_num[s] + E_den[s] - 1)^2, which makes ratios cautious; 100 is usual (default: none)")
    learning.add_training_options(parser)
    gbi_contract.add_output_options(parser)
    return parser.parse_args()


class ParametricRatioNet(nn.Module):
    """features [events, d], theta [events, k] -> ln r [events]."""

    def __init__(self, features, theta, inputs, settings):
        super().__init__()
        self.features, self.theta = features, theta
        self.net = learning.network(inputs, settings.hidden, 1, settings.activation)

    def forward(self, features, theta):
        return self.net(torch.cat([self.features(features), self.theta(theta)], dim=1)).squeeze(-1)


class Prior:
    """The parameters of numerator events, drawn in proportion to their weights."""

    def __init__(self, theta, weights, device):
        self.theta = torch.as_tensor(theta, device=device)
        self.cumulative = torch.as_tensor(np.cumsum(weights) / weights.sum(), dtype=torch.float64)

    def draw(self, count, generator):
        at = torch.rand(count, dtype=torch.float64, generator=generator)
        rows = torch.searchsorted(self.cumulative, at, right=True).clamp(max=len(self.cumulative) - 1)
        return self.theta[rows.to(self.theta.device)]


def main():
    settings = parse()
    path = gbi_contract.require_output(settings.out, settings)
    learning.start(settings)
    numerator, denominator = _read(settings)
    d = len(settings.features)
    x = np.concatenate([numerator.values[:, :d], denominator.values])
    y = np.arange(len(x)) < len(numerator)
    theta = np.zeros((len(x), len(settings.theta)), np.float32)
    theta[y] = numerator.values[:, d:]
    w = np.concatenate([numerator.weights, denominator.weights])
    parts = learning.split(len(x), settings.held_out, settings.seed)
    priors = [Prior(theta[rows][y[rows]], w[rows][y[rows]], settings.device) for rows in parts]
    generator = torch.Generator().manual_seed(settings.seed)
    samples = [learning.tensors(settings.device, x[rows], theta[rows], y[rows], balanced(w[rows], y[rows])) for rows in parts]
    training, held_out = (_with_theta(sample, prior, generator) for sample, prior in zip(samples, priors))
    net = ParametricRatioNet(learning.Standardise(x, balanced(w, y), settings.features),
                             learning.Standardise(theta[y], w[y], settings.theta), d + len(settings.theta), settings)
    learning.minimise(net, _loss(net, settings.balance), training, held_out, settings,
                      redraw=lambda rows, generator: _with_theta(rows, priors[0], generator))
    _normalise(net, held_out)
    rows = np.random.default_rng(settings.seed).permutation(len(numerator))[:settings.parity_events]
    gbi_contract.write(_graph(net, numerator.values[rows], settings), path, settings)


def _read(settings):
    both = sorted(set(settings.features) & set(settings.theta))
    if both:
        raise gbi_events.UsageError(f"'{both[0]}' is a feature and a parameter; leave it out of one.")
    numerator = gbi_events.Events.read(settings.numerator, settings.features + settings.theta, settings.weight)
    denominator = gbi_events.Events.read(settings.denominator, settings.features, settings.weight)
    if (numerator.weights < 0).any():
        raise gbi_events.DataError(f"{numerator.source} holds negative weights, by which the denominator's parameters cannot be drawn; "
                                   "expected weights of 0 or more.")
    print(f"Numerator {len(numerator):,} events, denominator {len(denominator):,} events")
    return numerator, denominator


def _with_theta(rows, prior, generator):
    """The same rows with new parameters for the events of the denominator."""
    x, theta, y, w = rows
    drawn = prior.draw(len(y), generator)
    return x, torch.where(y[:, None] > 0.5, theta, drawn), y, w


def _loss(net, balance):
    """Cross entropy plus balance (E_num[s] + E_den[s] - 1)^2, arXiv:2208.13624; the weights make 2 mean(w s) that sum of means."""
    def loss(x, theta, y, w):
        log_ratio = net(x, theta)
        entropy = cross_entropy(log_ratio, y, w)
        return entropy if balance == 0 else entropy + balance * (2 * (w * torch.sigmoid(log_ratio)).mean() - 1).square()
    return loss


def _normalise(net, held_out):
    """Divides r by its mean over p_den(x) p(theta), on held-out events."""
    x, theta, y, w = (column.cpu().numpy() for column in held_out)
    unseen = y < 0.5
    normalise([net], learning.evaluate(net, x[unseen], theta[unseen])[None], w[unseen].astype(np.float64))


def _graph(net, rows, settings):
    d = len(settings.features)
    metadata = {"kind": "ratio", "features": ",".join(settings.features), "theta": ",".join(settings.theta),
                "numerator": Path(settings.numerator).stem, "denominator": Path(settings.denominator).stem}
    inputs = {"features": (settings.features, np.ascontiguousarray(rows[:, :d])),
              "theta": (settings.theta, np.ascontiguousarray(rows[:, d:]))}
    return gbi_contract.Graph(net, inputs, {"log_ratio": 0}, metadata)


if __name__ == "__main__":
    gbi_events.run(main)
