"""Tasks t3 and t5 in plain numpy on doubles, and with iminuit where it is installed; best times. Run: bench_numpy.py FOLDER"""
import json
import sys
import time
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
model = json.loads((folder / "model.json").read_text())
n, k = model["N"], model["K"]
yields = np.array([model["S0"], model["B0"]])
a1, a2 = np.array(model["a1"]), np.array(model["a2"])
ratio = np.fromfile(folder / "g.f32", "<f4").astype(float)
linear = np.fromfile(folder / "d1.f32", "<f4").reshape(2, k, n).astype(float)
quadratic = np.fromfile(folder / "d2.f32", "<f4").reshape(2, k, n).astype(float)


def densities(point):
    nu = point[1:]
    expected = yields * np.exp(a1 @ nu + a2 @ nu**2)
    signal = ratio * np.exp(nu @ linear[0] + nu**2 @ quadratic[0]) * expected[0]
    return expected, signal, np.exp(nu @ linear[1] + nu**2 @ quadratic[1]) * expected[1]


def nll(point):
    point = np.asarray(point, float)
    expected, signal, background = densities(point)
    return point[0] * expected[0] + expected[1] - np.log(point[0] * signal + background).sum() + point[1:] @ point[1:] / 2


def gradient(point):
    point = np.asarray(point, float)
    mu, nu = point[0], point[1:]
    expected, signal, background = densities(point)
    density = mu * signal + background
    np.log(density).sum()
    shares = [mu * signal / density, background / density]
    slopes = a1 + 2 * a2 * nu
    found = np.empty(k + 1)
    found[0] = expected[0] - shares[0].sum() / mu
    found[1:] = mu * expected[0] * slopes[0] + expected[1] * slopes[1] + nu
    for p, share in enumerate(shares):
        found[1:] -= linear[p] @ share + 2 * nu * (quadratic[p] @ share) + slopes[p] * share.sum()
    return found


def best(work, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def fraction(excess):
    f = 0.5
    for _ in range(100):
        u = excess / (1 + f * excess)
        step = u.sum() / (u @ u)
        f += step
        if abs(step) < 1e-12:
            return f


at = np.array([0.8, 0.5, -0.5, 0.3, -0.2, 1.0])
print(f"numpy {np.__version__}: t3 NLL {best(lambda: nll(at), 20):.2f} ms, NLL with gradient {best(lambda: gradient(at), 20):.2f} ms")
excess = np.fromfile(folder / "t5/ratio.f32", "<f4").astype(float) - 1
print(f"numpy {np.__version__}: t5 {best(lambda: fraction(excess), 20):.2f} ms")

try:
    import iminuit
except ImportError:
    print("iminuit is not installed")
else:
    minuit = None

    def fit():
        global minuit
        minuit = iminuit.Minuit(nll, [1.0] + [0.0] * k, grad=gradient)
        minuit.errordef = iminuit.Minuit.LIKELIHOOD
        minuit.migrad()
        minuit.hesse()

    fitted = best(fit, 2)
    minos = best(lambda: minuit.minos(minuit.parameters[0]), 1)
    print(f"iminuit {iminuit.__version__}: fit with errors {fitted:.0f} ms, MINOS of mu {minos:.0f} ms")
