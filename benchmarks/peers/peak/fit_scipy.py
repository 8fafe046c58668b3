"""The fit of `gbi peak` to the mass alone, by SciPy: yield, position and width with their errors.

fit_scipy.py MASSES.csv COLUMN LOW HIGH DEGREE REGION_LOW REGION_HIGH [RESULT.json]

-2 ln L = 2 (S [Phi(z_high) - Phi(z_low)] + int b dm - sum ln f(m_i)), f = S N(m; mu, sigma) + b, b a polynomial of DEGREE in Legendre's
basis. SciPy's BFGS finds the minimum; Newton steps with the exact gradient and its numeric derivatives polish it until the gradient is
rounding. With RESULT.json, of gbi peak, the relative differences are printed too.
"""

import csv
import json
import sys

import numpy as np
from numpy.polynomial import legendre
from scipy import optimize, stats


class Likelihood:
    def __init__(self, masses, low, high, degree):
        self.masses, self.low, self.high = masses, low, high
        self.basis = legendre.legvander(2 * (masses - low) / (high - low) - 1, degree)
        self.integrals = np.zeros(degree + 1)
        self.integrals[0] = high - low  # other Legendre polynomials integrate to 0

    def value_and_gradient(self, parameters):
        mean, width, peak = parameters[0], np.exp(parameters[1]), parameters[2]
        coefficients = parameters[3:]
        z = (self.masses - mean) / width
        density = stats.norm.pdf(z) / width
        f = peak * density + self.basis @ coefficients
        if np.any(f <= 0):
            return np.inf, np.zeros_like(parameters)
        ends = (np.array([self.low, self.high]) - mean) / width
        share = np.diff(stats.norm.cdf(ends))[0]
        value = peak * share + self.integrals @ coefficients - np.sum(np.log(f))
        inverse = 1 / f
        gradient = np.concatenate([
            [-peak * np.diff(stats.norm.pdf(ends))[0] / width - np.sum(peak * density * z / width * inverse)],
            [-peak * np.diff(ends * stats.norm.pdf(ends))[0] - np.sum(peak * density * (z * z - 1) * inverse)],
            [share - np.sum(density * inverse)],
            self.integrals - self.basis.T @ inverse,
        ])
        return 2 * value, 2 * gradient

    def hessian(self, parameters):
        size = len(parameters)
        hessian = np.zeros((size, size))
        for i in range(size):
            step = 1e-5 * max(1, abs(parameters[i]))
            ahead, behind = parameters.copy(), parameters.copy()
            ahead[i] += step
            behind[i] -= step
            hessian[i] = (self.value_and_gradient(ahead)[1] - self.value_and_gradient(behind)[1]) / (2 * step)
        return (hessian + hessian.T) / 2


def fit(masses, low, high, degree, region):
    likelihood = Likelihood(masses, low, high, degree)
    counts, edges = np.histogram(masses[(masses >= region[0]) & (masses < region[1])], bins=20, range=region)
    mode = (edges[np.argmax(counts)] + edges[np.argmax(counts) + 1]) / 2
    tenth = (high - low) / 10
    level = min(np.sum(masses < low + tenth), np.sum(masses >= high - tenth)) / tenth
    start = np.concatenate([
        [mode, np.log((region[1] - region[0]) / 8), max(1, len(masses) - level * (high - low)), level], np.zeros(degree)])
    # BFGS in units in which all parameters are of the order of 1.
    scale = np.concatenate([[region[1] - region[0], 1, start[2]], np.full(degree + 1, level)])

    def scaled(x):
        value, gradient = likelihood.value_and_gradient(x * scale)
        return value, gradient * scale

    parameters = optimize.minimize(scaled, start / scale, jac=True, method="BFGS", options={"gtol": 1e-3}).x * scale
    for _ in range(20):
        step = np.linalg.solve(likelihood.hessian(parameters), likelihood.value_and_gradient(parameters)[1])
        parameters = parameters - step
        if np.all(np.abs(step) <= 1e-12 * np.abs(scale)):
            break
    covariance = 2 * np.linalg.inv(likelihood.hessian(parameters))
    errors = np.sqrt(np.diag(covariance))
    width = np.exp(parameters[1])
    return {
        "yield": (parameters[2], errors[2]),
        "mean": (parameters[0], errors[0]),
        "width": (width, width * errors[1]),
    }


def main():
    path, column = sys.argv[1:3]
    low, high = float(sys.argv[3]), float(sys.argv[4])
    degree = int(sys.argv[5])
    region = (float(sys.argv[6]), float(sys.argv[7]))
    with open(path, newline="") as file:
        masses = np.array([float(row[column]) for row in csv.DictReader(file)], dtype=np.float32).astype(float)
    masses = masses[(masses >= np.float32(low)) & (masses < np.float32(high))]
    found = fit(masses, low, high, degree, region)
    theirs = None
    if len(sys.argv) > 8:
        result = json.load(open(sys.argv[8]))["massOnly"]
        width = result["categories"][0]["width"]
        theirs = {"yield": result["yield"], "mean": result["mean"], "width": width}
    for name, (value, error) in found.items():
        line = f"| {name} | {value:.10g} ± {error:.6g} |"
        if theirs:
            other = theirs[name]
            line += f" {other['value']:.10g} ± {other['error']:.6g} | {abs(other['value'] / value - 1):.1e} |"
            line += f" {abs(other['error'] / error - 1):.1e} |"
        print(line)


if __name__ == "__main__":
    main()
