#!/usr/bin/env python3
"""Writes the events that make_fixtures.sh trains the tests' small networks on; numpy alone, PCG64 seed 20260501.

Usage: make_fixture_events.py FOLDER. Closed forms:
  gauss-*.csv    N(m, 1) over N(0, 1) in x, y, z with m = (0.5, -0.3, 0.2), weights w from U(0.5, 1.5): ln r = m.(x,y,z) - 0.19
  theta-*.csv    N(t, 1) with t from U(-1, 1) over N(0, 1.5) in x, N(0, 1) in y: ln r = -(x-t)^2/2 + x^2/4.5 + ln 1.5
  nu-*.csv       N(0.3 nu, 1) in x at the rate exp(0.05 nu): Delta_nu = 0.3 x + 0.05, Delta_nu^2 = -0.045
  linear.csv     a, b ~ N(0, 0.1), x ~ N(a, 0.1), y ~ N(b, 0.1), variances: p(a, b|x, y) is normal, means x/2, y/2, variances 0.05
  dijet.csv      background of `gbi simulate dijet`, from 2.6 to 7 TeV: the laws that DijetSimulator had in version 0.1.0
"""
import json
import sys
from pathlib import Path

import numpy as np

MEAN = np.array([0.5, -0.3, 0.2])
TAU21 = ((0.58, 6.9), (0.48, 6.2))


def write(path, **columns):
    rows = np.stack([column.astype(np.float32) for column in columns.values()], axis=1)
    np.savetxt(path, rows, fmt="%.9g", delimiter=",", header=",".join(columns), comments="")


def gauss(folder, random):
    for name, mean in (("numerator", MEAN), ("denominator", 0 * MEAN)):
        x = random.standard_normal((100_000, 3)) + mean
        write(folder / f"gauss-{name}.csv", x=x[:, 0], y=x[:, 1], z=x[:, 2], w=random.uniform(0.5, 1.5, len(x)))


def theta(folder, random):
    count = 100_000
    t = random.uniform(-1, 1, count)
    write(folder / "theta-numerator.csv", x=random.standard_normal(count) + t, y=random.standard_normal(count), t=t)
    write(folder / "theta-denominator.csv", x=1.5 * random.standard_normal(count), y=random.standard_normal(count))


def nuisance(folder, random):
    for nu in (-2, -1, 0, 1, 2):
        x = random.standard_normal(50_000) + 0.3 * nu
        write(folder / f"nu-{nu}.csv", x=x, w=np.full(len(x), np.exp(0.05 * nu)))


def linear(folder, random):
    """Its own random numbers, so that the events of the others stay as they were."""
    theta, noise = np.random.Generator(np.random.PCG64(20260801)).normal(0, 0.1 ** 0.5, (2, 20_000, 2))
    x = theta + noise
    write(folder / "linear.csv", a=theta[:, 0], b=theta[:, 1], x=x[:, 0], y=x[:, 1])
    parameters = [{"name": name, "normal": {"mean": 0, "sd": 0.1 ** 0.5}} for name in "ab"]
    (folder / "linear.json").write_text(json.dumps({"gbiPrior": "1", "parameters": parameters}))


def dijet(folder, random):
    mjj = masses(100_000, random)
    drift, slope = (mjj / 3.5) ** 0.8, 0.06 * (mjj - 3.5)
    light, splitting = random.standard_normal(len(mjj)), random.exponential(1, len(mjj))
    shifts = -0.05 * light, -0.08 * (splitting - 1)
    first, second = (tau21(random, mean + slope + shift, size) for (mean, size), shift in zip(TAU21, shifts))
    write(folder / "dijet.csv", mjj=mjj, mj1=0.108 * drift * np.exp(0.6 * light), delta_mj=0.175 * drift * splitting,
          tau21_j1=first, tau21_j2=second)


def masses(count, random):
    """Falling as (1 - y)^10 y^-0.8 with y = m / 13 TeV, by inversion of its integral."""
    grid = np.linspace(2.6, 7, 10_001)
    y = (grid[1:] + grid[:-1]) / 26
    cumulative = np.concatenate([[0], np.cumsum((1 - y) ** 10 * y ** -0.8)])
    return np.interp(random.uniform(0, cumulative[-1], count), cumulative, grid)


def tau21(random, mean, size):
    mean = np.clip(mean, 0.08, 0.92)
    return random.beta(size * mean, size * (1 - mean))


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.Generator(np.random.PCG64(20260501))
    for make in (gauss, theta, nuisance, dijet, linear):
        make(folder, random)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(sys.argv[1])
