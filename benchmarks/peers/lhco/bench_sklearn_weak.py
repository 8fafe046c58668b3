"""Idealised weak supervision on LHC Olympics events in scikit-learn's histogram gradient boosting, and the supervised search beside it.

The settings are those of arXiv:2309.13111 (200 iterations, 31 leaves, half of the events held out for early stopping, probabilities
averaged) with 20 members in each of five folds. Splits and measures are those of `bench lhco-weak`, which writes the orders.
Run: OMP_NUM_THREADS=THREADS bench_sklearn_weak.py FOLDER SPLITS SUPERVISED_SPLITS
"""
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

FOLDS, MEMBERS = 5, 20


def read(folder, name):
    return np.fromfile(f"{folder}/{name}.f32", "<f4").reshape(-1, 5)[:, 1:]


def cross_fit(first, second, others, seed):
    """Out-of-fold probabilities of both samples, and those of other events, each by the members of one fold."""
    x, y = np.r_[first, second], np.r_[np.ones(len(first)), np.zeros(len(second))]
    weights = np.where(y == 1, len(second) / len(first), 1.0)
    fold_of = [np.random.default_rng(seed).integers(0, FOLDS, len(rest)) for rest in others]
    probability, of_others = np.zeros(len(y)), [np.zeros(len(rest)) for rest in others]
    for fold, (training, rest) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(x, y)):
        for member in range(MEMBERS):
            model = HistGradientBoostingClassifier(
                max_iter=200, max_leaf_nodes=31, early_stopping=True, validation_fraction=0.5,
                random_state=1000 * seed + MEMBERS * fold + member)
            model.fit(x[training], y[training], sample_weight=weights[training])
            probability[rest] += model.predict_proba(x[rest])[:, 1] / MEMBERS
            for events, which, result in zip(others, fold_of, of_others):
                result[which == fold] += model.predict_proba(events[which == fold])[:, 1] / MEMBERS
    return probability[:len(first)], probability[len(first):], of_others


def measures(signal, background, seconds):
    """Largest SIC with 25 background events or more, SIC at 1e-3, signal efficiency at 10 % background, AUC, time."""
    falling = np.sort(background)[::-1]
    passed = np.arange(1, len(falling))
    efficiency = 1 - np.searchsorted(np.sort(signal), falling[passed - 1], "left") / len(signal)
    efficiency[falling[passed - 1] == falling[passed]] = 0  # equal scores pass together
    sic = efficiency / np.sqrt(passed / len(falling))
    y = np.r_[np.ones(len(signal)), np.zeros(len(background))]
    return (sic[passed >= 25].max(), last(sic, passed, len(falling) // 1000), last(efficiency, passed, len(falling) // 10),
            roc_auc_score(y, np.r_[signal, background]), seconds)


def last(values, passed, most):
    allowed = values[passed <= most]
    return allowed[np.nonzero(allowed)[0][-1]]


def weak(folder, injected, seed):
    simulation, background, hidden = (read(folder, name) for name in ("signal", "background", "hidden"))
    order = np.fromfile(f"{folder}/order{seed}.i32", "<i4")
    of_background, of_hidden = order[:len(background)], order[len(background):]
    half = len(background) // 2
    data = np.r_[background[of_background[:half]], hidden[of_hidden[:injected]]]
    others = [np.r_[simulation, hidden[of_hidden[injected:]]]]
    start = time.perf_counter()
    of_data, of_template, (of_signal,) = cross_fit(data, background[of_background[half:]], others, seed)
    return measures(of_signal, np.r_[of_data[:half], of_template], time.perf_counter() - start)


def supervised(folder, seed):
    simulation, background, hidden = (read(folder, name) for name in ("signal", "background", "hidden"))
    of_background = np.fromfile(f"{folder}/order{seed}.i32", "<i4")[:len(background)]
    half = len(background) // 2
    start = time.perf_counter()
    _, of_template, (of_hidden, of_rest) = cross_fit(
        simulation, background[of_background[half:]], [hidden, background[of_background[:half]]], seed)
    return measures(of_hidden, np.r_[of_template, of_rest], time.perf_counter() - start)


def row(name, splits, measure):
    table = np.array([measure(seed) for seed in range(1, splits + 1)])
    mean, spread = table.mean(0), table.std(0, ddof=1)
    cells = [f"{mean[k]:.{digits}f} ± {spread[k]:.{digits}f}" for k, digits in enumerate((2, 2, 3, 4))]
    print(f"| scikit-learn {sklearn.__version__} | {name} | {splits} | {' | '.join(cells)} | {mean[4]:.1f} |", flush=True)


folder, splits, supervised_splits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for injected in (386, 772):
    row(f"weak, {injected}", splits, lambda seed: weak(folder, injected, seed))
row("supervised", supervised_splits, lambda seed: supervised(folder, seed))
