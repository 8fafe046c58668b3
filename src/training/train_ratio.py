#!/usr/bin/env python3
"""Learns ln p_numerator(x) / p_denominator(x) from two samples of events and writes it as ONNX for gbi.

A network f minimises the weighted cross entropy -sum_num w ln s(f) - sum_den w ln(1 - s(f)), s(f) = 1 / (1 + exp(-f)), with the weights
of both samples scaled to equal sums; its minimum is the log ratio of the normalised densities, whatever the sample sizes. Then r is divided
by its mean over held-out events of the denominator. Members of an ensemble differ in first weights and order of events, with --bootstrap
also in the events' weights; their ratios are averaged as r.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

import gbi_contract
import gbi_events
import gbi_learning as learning


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numerator", required=True, metavar="A", help="events: .csv, .npz, .parquet or a folder of .npy files")
    parser.add_argument("--denominator", required=True, metavar="B", help="events")
    parser.add_argument("--features", required=True, type=gbi_events.names, metavar="a,b,...", help="columns of both")
    parser.add_argument("--weight", metavar="COL", help="column with event weights in both (default: every event counts 1)")
    parser.add_argument("--members", type=learning.integer(1), default=1, metavar="M",
                        help="networks in the ensemble (default: %(default)s)")
    parser.add_argument("--separate-members", action="store_true",
                        help="a file a member, NET.1.onnx and so on, instead of one graph whose output is [members, events]")
    parser.add_argument("--bootstrap", action="store_true", help="multiply weights by Poisson(1) numbers, others for every member")
    learning.add_training_options(parser)
    gbi_contract.add_output_options(parser)
    return parser.parse_args()


class RatioNet(nn.Module):
    """features [events, d] -> ln r [events]."""

    def __init__(self, standardise, settings):
        super().__init__()
        self.standardise = standardise
        self.net = learning.network(len(settings.features), settings.hidden, 1, settings.activation)

    def forward(self, features):
        return self.net(self.standardise(features)).squeeze(-1)


class Ensemble(nn.Module):
    """features [events, d] -> ln r of every member [members, events]."""

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, features):
        return torch.stack([member(features) for member in self.members])


def balanced(weights, is_numerator):
    """Weights scaled so that numerator and denominator each sum to half the number of events.

    DataError: a sum is not above 0, which signed weights make possible in a part of a sample.
    """
    scaled = np.empty_like(weights)
    for side, word in ((is_numerator, "numerator"), (~is_numerator, "denominator")):
        total = weights[side].sum()
        if not total > 0:
            raise gbi_events.DataError(f"The weights of the {word} sum to {total:g} in a part of its events, expected a sum above 0; "
                                       "use more events or another --seed.")
        scaled[side] = weights[side] * (0.5 * len(weights) / total)
    return scaled


def cross_entropy(log_ratio, y, w):
    """w softplus(-f) for the numerator (y = 1), w softplus(f) for the denominator (y = 0)."""
    return w * nn.functional.softplus(torch.where(y > 0.5, -log_ratio, log_ratio))


def normalise(members, log_ratio, weights):
    """Divides every r by C = E_den[r], measured on denominator events that were not trained on, r being the members' mean.

    members: networks whose last layer's bias shifts ln r. log_ratio: [members, events]. DataError: C is no number above 0.
    """
    ratio = np.exp(np.float64(log_ratio)).mean(axis=0)
    weights = weights / weights.sum()
    mean = weights @ ratio
    error = np.sqrt(np.square(weights) @ np.square(ratio - mean))
    print(f"Mean ratio over the denominator before normalisation: {mean:.4f} +- {error:.4f} (1 if it closes); "
          f"largest |ln r| {np.abs(log_ratio).max():.2f}")
    if not 0 < mean < np.inf:
        raise gbi_events.DataError(f"The mean ratio over held-out events of the denominator is {mean:g}, expected a number above 0; "
                                   "use more events, or fewer with negative weights.")
    with torch.no_grad():
        for member in members:
            member.net[-1].bias -= np.log(mean)


def main():
    settings = parse()
    outputs = _outputs(settings)
    learning.start(settings)
    x, y, w = _read(settings)
    training, held_out = learning.split(len(x), settings.held_out, settings.seed)
    standardise = learning.Standardise(x, balanced(w, y), settings.features)
    members = [_train(member, standardise, (x, y, w), training, held_out, settings) for member in range(settings.members)]
    ensemble = Ensemble(members)
    unseen = held_out[~y[held_out]]
    normalise(members, learning.evaluate(ensemble, x[unseen]), w[unseen])
    rows = x[np.random.default_rng(settings.seed).permutation(len(x))[:settings.parity_events]]
    modules = members if settings.separate_members or settings.members == 1 else [ensemble]
    for module, path in zip(modules, outputs):
        gbi_contract.write(_graph(module, rows, settings), path, settings)


def _outputs(settings):
    out = Path(settings.out)
    separate = settings.separate_members and settings.members > 1
    paths = [out.with_name(f"{out.stem}.{member}{out.suffix}") for member in range(1, settings.members + 1)] if separate else [out]
    return [gbi_contract.require_output(path, settings) for path in paths]


def _read(settings):
    """Features, whether of the numerator, weights: one row an event of either sample."""
    numerator = gbi_events.Events.read(settings.numerator, settings.features, settings.weight)
    denominator = gbi_events.Events.read(settings.denominator, settings.features, settings.weight)
    print(f"Numerator {len(numerator):,} events, denominator {len(denominator):,} events")
    return (np.concatenate([numerator.values, denominator.values]),
            np.arange(len(numerator) + len(denominator)) < len(numerator),
            np.concatenate([numerator.weights, denominator.weights]))


def _train(member, standardise, events, training, held_out, settings):
    own = argparse.Namespace(**{**vars(settings), "seed": settings.seed + 1000 * member})
    torch.manual_seed(own.seed)
    x, y, w = events
    counts = np.random.default_rng(own.seed).poisson(1, len(w)) if settings.bootstrap else 1
    net = RatioNet(standardise, settings)
    parts = [learning.tensors(settings.device, x[rows], y[rows], balanced((w * part)[rows], y[rows]))
             for rows, part in ((training, counts), (held_out, 1))]
    name = f"member {member + 1}/{settings.members}  " if settings.members > 1 else ""
    learning.minimise(net, lambda x, y, w: cross_entropy(net(x), y, w), *parts, own, name)
    return net


def _graph(module, rows, settings):
    metadata = {"kind": "ratio", "features": ",".join(settings.features), "numerator": Path(settings.numerator).stem,
                "denominator": Path(settings.denominator).stem}
    outputs = {"log_ratio": 1 if isinstance(module, Ensemble) else 0}
    return gbi_contract.Graph(module, {"features": (settings.features, rows)}, outputs, metadata)


if __name__ == "__main__":
    gbi_events.run(main)
