"""Writes the events of task t6 into a folder: raw, little-endian, row-major.

x.f32, basepoint.u8, w.f32: 40,000 events of three features at each of nu = -2, -1, 0, 1, 2 (basepoint 0 to 4), drawn from
N(nu a, I), a = (0.2, -0.1, 0.05), with weights 1 + 0.02 nu. xtest.f32: 50,000 events at nu = 0. Run: gen.py FOLDER
"""
import sys
from pathlib import Path

import numpy as np

SHIFT = np.array([0.2, -0.1, 0.05])
POINTS = np.arange(-2.0, 3.0)
EVENTS_OF_A_POINT = 40_000
TEST_EVENTS = 50_000


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.Generator(np.random.PCG64(20260107))
    features = [random.standard_normal((EVENTS_OF_A_POINT, len(SHIFT))) + nu * SHIFT for nu in POINTS]
    np.concatenate(features).astype("<f4").tofile(folder / "x.f32")
    np.repeat(np.arange(len(POINTS)), EVENTS_OF_A_POINT).astype("u1").tofile(folder / "basepoint.u8")
    np.repeat(1 + 0.02 * POINTS, EVENTS_OF_A_POINT).astype("<f4").tofile(folder / "w.f32")
    random.standard_normal((TEST_EVENTS, len(SHIFT))).astype("<f4").tofile(folder / "xtest.f32")


main(Path(sys.argv[1]))
