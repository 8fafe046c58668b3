"""Writes the events of task t1 into a folder: raw, little-endian, row-major.

x.f32, y.u8, w.f32: 1,000,000 training events of ten features, N(0.3, I) where y = 1 and N(0, I) where y = 0, with weights
uniform in (0.5, 1.5). xtest.f32: 200,000 more. Run: gen.py FOLDER
"""
import sys
from pathlib import Path

import numpy as np

WIDTH = 10
SHIFT = np.float32(0.3)


def draw(random, count):
    labels = (np.arange(count) % 2).astype(np.uint8)
    features = random.standard_normal((count, WIDTH), dtype=np.float32)
    features[labels == 1] += SHIFT
    return features, labels


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.Generator(np.random.PCG64(20260101))
    features, labels = draw(random, 1_000_000)
    features.astype("<f4").tofile(folder / "x.f32")
    labels.tofile(folder / "y.u8")
    random.uniform(0.5, 1.5, len(labels)).astype("<f4").tofile(folder / "w.f32")
    draw(random, 200_000)[0].astype("<f4").tofile(folder / "xtest.f32")


main(Path(sys.argv[1]))
