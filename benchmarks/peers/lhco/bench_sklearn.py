"""The supervised LHC Olympics search in scikit-learn's histogram gradient boosting, cross-fitted in five folds.

Five models a fold, each with its own seed and thus its own early-stopping sample; probabilities are averaged. The settings are those of
arXiv:2309.13111 (200 iterations, 31 leaves, balanced class weights) but for the share of events held out for early stopping: the first
argument after the folder. Run: OMP_NUM_THREADS=THREADS bench_sklearn.py FOLDER HELD_OUT
"""
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

FOLDS = MEMBERS = 5


def read(folder, name):
    return np.fromfile(f"{folder}/{name}.f32", "<f4").reshape(-1, 5)


def cross_fit(x, y, held_out, seed):
    weights = np.where(y == 1, (y == 0).sum() / (y == 1).sum(), 1.0)
    probability = np.zeros(len(y))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(x, y)
    for fold, (training, rest) in enumerate(folds):
        for member in range(MEMBERS):
            model = HistGradientBoostingClassifier(
                max_iter=200, max_leaf_nodes=31, learning_rate=0.1, early_stopping=True, validation_fraction=held_out,
                random_state=1000 * seed + MEMBERS * fold + member)
            model.fit(x[training], y[training], sample_weight=weights[training])
            probability[rest] += model.predict_proba(x[rest])[:, 1] / MEMBERS
    return probability


def improvement(signal, background):
    """SIC at 1e-3 and largest SIC with 25 background events or more; a cut lies just above a background event."""
    falling = np.sort(background)[::-1]
    passed = np.arange(1, len(falling))
    efficiency = 1 - np.searchsorted(np.sort(signal), falling[passed], "right") / len(signal)
    sic = efficiency / np.sqrt(passed / len(falling))
    return sic[len(falling) // 1000 - 1], sic[passed >= 25].max()


def main(folder, held_out):
    signal, background = read(folder, "signal"), read(folder, "background")
    y = np.r_[np.ones(len(signal)), np.zeros(len(background))]
    for first in (1, 0):
        x = np.r_[signal, background][:, first:]
        for seed in (1, 2):
            start = time.perf_counter()
            p = cross_fit(x, y, held_out, seed)
            seconds = time.perf_counter() - start
            at, largest = improvement(p[y == 1], p[y == 0])
            print(f"| scikit-learn {sklearn.__version__}, {held_out:.0%} held out | {x.shape[1]} | {seed} | {at:.2f} | {largest:.2f} | "
                  f"{roc_auc_score(y, p):.4f} | {seconds:.1f} | | |", flush=True)


main(sys.argv[1], float(sys.argv[2]))
