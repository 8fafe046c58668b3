"""Conditional flows: densities q(y|c) of columns y, given columns c, that are also drawn from."""
import math

import numpy as np
import torch
from torch import nn

import gbi_learning as learning
import gbi_spline

TOLERANCE = 1e-4  # of a parity check
NEAREST = 1e-6    # to an end, as a share of the range
SMALLEST = 1e-30  # distance to the end of a range with one end
NO_DENSITY = -1e31


class Ranges(nn.Module):
    """From columns with ends to real numbers: u = ln(y - low) - ln(high - y) between two ends, ln(y - low) above one, -ln(high - y)
    below one, y without.

    Events beyond an end, or nearer to it than the numbers above, are taken at that distance, so that every density is finite; samples lie
    within. low, high: one number a column, infinite for no end.
    """

    def __init__(self, low, high):
        super().__init__()
        low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
        has_low, has_high = np.isfinite(low), np.isfinite(high)
        both = has_low & has_high
        width = np.where(both, high - low, 1)
        numbers = {"low": np.where(has_low, low, 0), "high": np.where(has_high, high, 0),
                   "nearest": np.where(both, NEAREST * width, SMALLEST),
                   "has_low": has_low, "has_high": has_high, "has_none": ~has_low & ~has_high, "has_both": both}
        for name, values in numbers.items():
            self.register_buffer(name, torch.tensor(values, dtype=torch.float32))
        # Single-precision numbers within the ends, which rounding may miss.
        self.register_buffer("least", torch.tensor(_float_at_or_above(low)))
        self.register_buffer("most", torch.tensor(-_float_at_or_above(-high)))

    def forward(self, y):
        """u and ln du/dy."""
        below = torch.maximum(y - self.low, self.nearest).log() * self.has_low
        above = torch.maximum(self.high - y, self.nearest).log() * self.has_high
        return below - above + y * self.has_none, self._width().log() - below - above

    def inverse(self, u):
        """y and ln dy/du."""
        # Softplus keeps the relative accuracy of small shares; the sigmoid of a runtime may keep the absolute one only.
        log_below, log_above = -nn.functional.softplus(-u), -nn.functional.softplus(u)
        width = self._width()
        between = torch.where(u < 0, self.low + width * log_below.exp(), self.high - width * log_above.exp())
        one = torch.where(self.has_low > 0, self.low + u.exp(), self.high - (-u).exp())
        y = torch.where(self.has_both > 0, between, torch.where(self.has_none > 0, u, one))
        log_slope = self.has_both * (width.log() + log_below + log_above) \
            + (1 - self.has_both) * (self.has_low - self.has_high) * u
        return torch.minimum(torch.maximum(y, self.least), self.most), log_slope

    def _width(self):
        """Of columns with two ends; 1 of others."""
        return self.has_both * (self.high - self.low) + (1 - self.has_both)

    def contains(self, y):
        """Whether all columns are within their ends; [events]."""
        return ((y >= self.least) & (y <= self.most)).all(dim=1)


def endless(d):
    """Ranges of columns without ends."""
    return Ranges(np.full(d, -np.inf), np.full(d, np.inf))


def _float_at_or_above(values):
    rounded = values.astype(np.float32)
    return np.where(rounded < values, np.nextafter(rounded, np.float32(np.inf)), rounded).astype(np.float32)


class Affine(nn.Module):
    """(y - location(c)) exp(-l(c)), by a network of the condition: what couplings learn from there on moves less with c.

    |l| is below MOST_LOG_SCALE.
    """

    MOST_LOG_SCALE = 3.0

    def __init__(self, d, given, settings):
        super().__init__()
        self.net = learning.network(given, settings.hidden, 2 * d, settings.activation)

    def forward(self, y, c):
        """The result and the logarithm of its slope in y; [events]."""
        location, log_scale = self._parts(c)
        return (y - location) * (-log_scale).exp(), -log_scale.sum(dim=1)

    def inverse(self, z, c):
        location, log_scale = self._parts(c)
        return z * log_scale.exp() + location, log_scale.sum(dim=1)

    def _parts(self, c):
        location, log_scale = self.net(c).chunk(2, dim=1)
        return location, self.MOST_LOG_SCALE * torch.tanh(log_scale / self.MOST_LOG_SCALE)


class Flow(nn.Module):
    """z = couplings(affine(standardise(ranges(y)), c), c), c standardised, with z of a standard normal distribution.

    y, c: float32 arrays of the training events, whose names are for messages; w: their weights; settings: layers, bins, bound, hidden,
    activation; is_affine: whether there is an affine layer.
    """

    def __init__(self, y, c, w, ranges, names, settings, is_affine=False):
        super().__init__()
        of_y, of_c = names
        self.ranges = ranges
        self.standardise = learning.Standardise(ranges(torch.from_numpy(y))[0].numpy(), w, of_y)
        self.condition = learning.Standardise(c, w, of_c)
        layers = gbi_spline.couplings(len(of_y), settings, len(of_c))
        self.layers = nn.ModuleList([Affine(len(of_y), len(of_c), settings), *layers] if is_affine else layers)
        self.log_norm = 0.5 * len(of_y) * math.log(2 * math.pi)

    def log_density(self, y, c):
        """ln q(y|c) = ln N(z) + sum of the logarithms of all slopes dz/dy; [events]."""
        u, log_slopes = self.ranges(y)
        z, log_density = self.standardise(u), (log_slopes + self.standardise.scale.log()).sum(dim=1)
        condition = self.condition(c)
        for layer in self.layers:
            z, log_slope = layer(z, condition)
            log_density = log_density + log_slope
        return log_density + self._log_normal(z)

    def log_density_within(self, y, c):
        """The same; NO_DENSITY for events beyond an end."""
        found = self.log_density(y, c)
        return torch.where(self.ranges.contains(y), found, torch.full_like(found, NO_DENSITY))

    def sample(self, noise, c):
        """y of z = noise, and ln q(y|c) = ln N(z) - sum of the logarithms of all slopes dy/dz."""
        log_density, z = self._log_normal(noise), noise
        condition = self.condition(c)
        for layer in reversed(self.layers):
            z, log_slope = layer.inverse(z, condition)
            log_density = log_density - log_slope
        y, log_slopes = self.ranges.inverse(z / self.standardise.scale + self.standardise.mean)
        return y, log_density - (log_slopes - self.standardise.scale.log()).sum(dim=1)

    def _log_normal(self, z):
        return -0.5 * z.square().sum(dim=1) - self.log_norm


class Method(nn.Module):
    """One method of a module as a module, for export."""

    def __init__(self, module, name):
        super().__init__()
        self.module, self.name = module, name

    def forward(self, *inputs):
        return getattr(self.module, self.name)(*inputs)


def add_flow_options(parser, layers, bins, bound):
    """The options of every recipe about the flow."""
    parser.add_argument("--layers", type=learning.integer(1), default=layers, metavar="N", help="coupling layers (default: %(default)s)")
    parser.add_argument("--bins", type=learning.integer(2, gbi_spline.MOST_BINS), default=bins, metavar="N",
                        help="of a spline (default: %(default)s)")
    parser.add_argument("--bound", type=learning.real(0), default=bound, metavar="B",
                        help="splines reach from -B to B standard deviations, beyond they are straight (default: %(default)s)")
