"""Writes the events of tasks t3 and t5 into a folder: raw singles, little-endian.

t3: a million events of signal N(1, 1) over background N(0, 1) in t, so that ln r = t - 1/2, and five further coordinates z_k, on which
the nuisance parameter nu_k acts with an exponent d1 nu + d2 nu^2, d1 = c z, d2 = -c^2/2 - e (z^2 - 1); yields have exponents
a1 nu + a2 nu^2. g.f32 is r; d1.f32 and d2.f32 have shape [process, parameter, event], signal first; model.json holds the rest.
t5 (in the folder t5): 500,000 events, a fifth of them signal, of the same t; ratio.f32 is r. Run: gen.py FOLDER
"""
import json
import sys
from pathlib import Path

import numpy as np

EVENTS = 1_000_000
YIELDS = np.array([50_617.0, 961_723.0])
C = np.array([[0.05, 0.10, -0.03, 0.08, 0.02], [0.02, -0.03, 0.06, 0.01, 0.04]])
E = np.array([[0.002, 0.001, 0.003, 0.0, 0.002], [0.001, 0.002, 0.0, 0.003, 0.001]])
A1 = np.array([[0.03, 0.00, 0.05, -0.02, 0.01], [0.00, 0.01, -0.01, 0.02, 0.015]])
A2 = np.array([[0.001, 0.0, 0.002, 0.001, 0.0], [0.0, 0.0005, 0.0, 0.001, 0.0]])
NU = np.array([0.5, -0.3, 0.2, 0.0, -0.6])


def unbinned(folder):
    random = np.random.Generator(np.random.PCG64(20260103))
    yields = YIELDS * np.exp(A1 @ NU + A2 @ NU**2)
    process = (random.random(EVENTS) >= yields[0] / yields.sum()).astype(int)
    t = random.standard_normal(EVENTS) + (process == 0)
    z = random.standard_normal((len(NU), EVENTS)) + (C * NU)[process].T
    np.exp(t - 0.5).astype("<f4").tofile(folder / "g.f32")
    np.stack([c[:, None] * z for c in C]).astype("<f4").tofile(folder / "d1.f32")
    np.stack([-0.5 * c[:, None] ** 2 - e[:, None] * (z**2 - 1) for c, e in zip(C, E)]).astype("<f4").tofile(folder / "d2.f32")
    model = {"N": EVENTS, "K": len(NU), "S0": YIELDS[0], "B0": YIELDS[1], "a1": A1.tolist(), "a2": A2.tolist()}
    (folder / "model.json").write_text(json.dumps(model, indent=1))


def fraction(folder):
    folder.mkdir(exist_ok=True)
    random = np.random.Generator(np.random.PCG64(20260105))
    signal = random.random(500_000) < 0.2
    np.exp(random.standard_normal(500_000) + signal - 0.5).astype("<f4").tofile(folder / "ratio.f32")


target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
unbinned(target)
fraction(target / "t5")
