"""Monotone rational-quadratic splines (Durkan et al., arXiv:1906.04032) and the coupling layers of a flow made of them."""
import math

import torch
from torch import nn

import gbi_learning as learning

LEAST_SIZE = 5e-3  # of a bin, as a share of the interval: in narrower ones float32 rounding grows beyond 1e-4
LEAST_SLOPE = 1e-3
MOST_BINS = 100
SLOPE_OFFSET = math.log(math.expm1(1 - LEAST_SLOPE))  # softplus of it plus the least slope is 1


class Spline:
    """y(x) on [-bound, bound] from unconstrained numbers [..., 3 bins - 1]; outside it is the identity.

    Between knots k and k + 1, of width w and height h, slope s = h / w, with slopes d_k at the knots and t = (x - x_k) / w:
    y = y_k + h (s t^2 + d_k t (1-t)) / (s + (d_k + d_k+1 - 2 s) t (1-t)).
    """

    def __init__(self, numbers, bins, bound):
        widths, heights, slopes = numbers.split([bins, bins, bins - 1], dim=-1)
        self.bound = bound
        self.x, self.y = _knots(widths, bound), _knots(heights, bound)
        inner = LEAST_SLOPE + nn.functional.softplus(slopes + SLOPE_OFFSET)
        one = torch.ones_like(inner[..., :1])
        self.slopes = torch.cat([one, inner, one], dim=-1)

    def forward(self, x):
        """y and ln dy/dx."""
        inside = x.clamp(-self.bound, self.bound)
        x0, y0, width, height, slope, low, high = self._bin(inside, self.x)
        t = (inside - x0) / width
        middle = t * (1 - t)
        denominator = slope + (low + high - 2 * slope) * middle
        y = y0 + height * (slope * t * t + low * middle) / denominator
        return self._outside(x, y, _log_slope(t, middle, slope, low, high, denominator))

    def inverse(self, y):
        """x and ln dx/dy: the root of a quadratic in t, in the form without cancellation."""
        inside = y.clamp(-self.bound, self.bound)
        x0, y0, width, height, slope, low, high = self._bin(inside, self.y)
        rest, bend = inside - y0, low + high - 2 * slope
        a = height * (slope - low) + rest * bend
        b = height * low - rest * bend
        c = -slope * rest
        t = (2 * c / (-b - (b * b - 4 * a * c).clamp(min=0).sqrt())).clamp(0, 1)
        middle = t * (1 - t)
        log_slope = _log_slope(t, middle, slope, low, high, slope + bend * middle)
        return self._outside(y, x0 + width * t, -log_slope)

    def _bin(self, values, knots):
        """Of every value's bin: both coordinates of its low end, width, height, mean slope, slopes at both ends."""
        index = (values[..., None] >= knots[..., 1:-1]).long().sum(dim=-1, keepdim=True)

        def at(table, shift=0):
            return table.gather(-1, index + shift).squeeze(-1)

        x0, y0 = at(self.x), at(self.y)
        width, height = at(self.x, 1) - x0, at(self.y, 1) - y0
        return x0, y0, width, height, height / width, at(self.slopes), at(self.slopes, 1)

    def _outside(self, given, found, log_slope):
        """The identity beyond the bounds."""
        beyond = given.abs() > self.bound
        return torch.where(beyond, given, found), torch.where(beyond, torch.zeros_like(log_slope), log_slope)


def _knots(numbers, bound):
    """Ascending knots from -bound to bound, exactly."""
    bins = numbers.shape[-1]
    shares = LEAST_SIZE + (1 - LEAST_SIZE * bins) * numbers.softmax(dim=-1)
    inner = bound * (2 * shares.cumsum(dim=-1)[..., :-1] - 1)
    end = torch.full_like(inner[..., :1], bound)
    return torch.cat([-end, inner, end], dim=-1)


def _log_slope(t, middle, slope, low, high, denominator):
    numerator = high * t * t + 2 * slope * middle + low * (1 - t) * (1 - t)
    return 2 * slope.log() + numerator.log() - 2 * denominator.log()


class Coupling(nn.Module):
    """Splines on some columns, set by the other columns and by the condition; columns: those that move, of d in all; given: columns of the
    condition."""

    def __init__(self, columns, d, settings, given):
        super().__init__()
        self.moved, self.kept = sorted(columns), [column for column in range(d) if column not in columns]
        self.back = [(self.kept + self.moved).index(column) for column in range(d)]
        self.bins, self.bound = settings.bins, settings.bound
        self.net = learning.network(len(self.kept) + given, settings.hidden, len(self.moved) * (3 * self.bins - 1), settings.activation)

    def forward(self, x, condition):
        return self._transform(x, condition, Spline.forward)

    def inverse(self, y, condition):
        return self._transform(y, condition, Spline.inverse)

    def _transform(self, values, condition, direction):
        # One column alone keeps none, and a runtime need not take tensors without columns.
        kept = [values[:, self.kept]] if self.kept else []
        numbers = self.net(torch.cat([*kept, condition], dim=1)).reshape(-1, len(self.moved), 3 * self.bins - 1)
        moved, log_slope = direction(Spline(numbers, self.bins, self.bound), values[:, self.moved])
        return torch.cat([*kept, moved], dim=1)[:, self.back], log_slope.sum(dim=1)


def couplings(d, settings, given=1):
    """Layers in pairs, each pair moving one half of the columns and then the other; the halves change from pair to pair. given: columns of
    the condition."""
    return nn.ModuleList(Coupling(_halves(d, layer // 2)[layer % 2], d, settings, given) for layer in range(settings.layers))


def _halves(d, step):
    """Two halves of the columns: the first stays in its place, the others turn by a step, as in a tournament, so that every two part.

    An odd number of columns leaves one place free; one column is both halves.
    """
    if d == 1:
        return [0], [0]
    places = d + d % 2
    turned = [0] + [1 + (place + step) % (places - 1) for place in range(places - 1)]
    low, high = turned[:places // 2], turned[places // 2:]
    return [column for column in high if column < d], [column for column in low if column < d]
