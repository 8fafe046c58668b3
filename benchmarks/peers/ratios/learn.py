"""Density ratios by scikit-learn's histogram gradient boosting and by LightGBM's C library, both with early stopping, on the files of
`bench ratio-defaults-export`: each folder gets NAME.logratio, ln r of the test events.

Defaults of both but for early stopping: a tenth of the events is held out, at most 1,000 trees, of learning rate 0.1, the best after 10
(scikit-learn's tolerance of 1e-7) or 20 rounds (LightGBM) without gain. "15 models" is the mean r of fifteen with other seeds, which is
what ours averages by default. The class balance is removed from the margin. Run: LIGHTGBM=lib_lightgbm.so learn.py FOLDER [THREADS]
"""
import ctypes
import glob
import os
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

MODELS = 15
F32 = 0


class LightGbm:
    """As much of the C library as training with early stopping takes."""

    def __init__(self, path, threads):
        self.library = ctypes.CDLL(path)
        self.library.LGBM_GetLastError.restype = ctypes.c_char_p
        self.threads = threads

    def call(self, name, *arguments):
        if getattr(self.library, name)(*arguments):
            raise RuntimeError(self.library.LGBM_GetLastError().decode())

    def margin(self, x, y, held_out, test, seed):
        parameters = (f"objective=binary metric=binary_logloss learning_rate=0.1 num_threads={self.threads} verbosity=-1 "
                      f"deterministic=true force_col_wise=true seed={seed}").encode()
        training, validation, booster = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        self.dataset(x[~held_out], y[~held_out], parameters, None, training)
        self.dataset(x[held_out], y[held_out], parameters, training, validation)
        self.call("LGBM_BoosterCreate", training, parameters, ctypes.byref(booster))
        self.call("LGBM_BoosterAddValidData", booster, validation)
        best, least, done, count = 0, np.inf, ctypes.c_int(), ctypes.c_int()
        loss = ctypes.c_double()
        for tree in range(1, 1001):
            self.call("LGBM_BoosterUpdateOneIter", booster, ctypes.byref(done))
            self.call("LGBM_BoosterGetEval", booster, 1, ctypes.byref(count), ctypes.byref(loss))
            if loss.value < least:
                best, least = tree, loss.value
            if done.value or tree >= best + 20:
                break
        out, length = np.empty(len(test)), ctypes.c_int64()
        self.call("LGBM_BoosterPredictForMat", booster, pointer(test), F32, len(test), test.shape[1], 1, 1, 0, best, parameters,
                  ctypes.byref(length), pointer(out))
        self.call("LGBM_BoosterFree", booster)
        self.call("LGBM_DatasetFree", training)
        self.call("LGBM_DatasetFree", validation)
        return out

    def dataset(self, x, y, parameters, reference, handle):
        x = np.ascontiguousarray(x)
        label = y.astype("f4")
        self.call("LGBM_DatasetCreateFromMat", pointer(x), F32, len(x), x.shape[1], 1, parameters, reference, ctypes.byref(handle))
        self.call("LGBM_DatasetSetField", handle, b"label", pointer(label), len(label), F32)


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def scikit(x, y, test, seed):
    model = HistGradientBoostingClassifier(max_iter=1000, early_stopping=True, random_state=seed)
    return model.fit(x, y).decision_function(test)


def main(folder, threads):
    library = os.environ.get("LIGHTGBM") or sorted(
        glob.glob(os.path.expanduser("~/.nuget/packages/lightgbm/*/runtimes/linux-x64/native/lib_lightgbm.so")))[-1]
    light = LightGbm(library, threads)

    def lightgbm(x, y, test, seed):
        return light.margin(x, y, np.random.default_rng(seed).random(len(y)) < 0.1, test, seed)

    for task in sorted(glob.glob(f"{folder}/*/")):
        y = np.fromfile(f"{task}/y.u8", np.uint8)
        x = np.fromfile(f"{task}/x.f32", "<f4").reshape(len(y), -1)
        test = np.fromfile(f"{task}/xtest.f32", "<f4").reshape(-1, x.shape[1])
        log_prior_odds = np.log((y == 1).sum() / (y == 0).sum())
        for name, learn in ("scikit-learn", scikit), ("LightGBM", lightgbm):
            start = time.perf_counter()
            margins = [learn(x, y, test, seed) - log_prior_odds for seed in range(1, MODELS + 1)]
            seconds = (time.perf_counter() - start) / MODELS
            np.asarray(margins[0], "<f4").tofile(f"{task}/{name}.logratio")
            np.asarray(np.log(np.mean(np.exp(margins), axis=0)), "<f4").tofile(f"{task}/{name}, {MODELS} models.logratio")
            print(f"{os.path.basename(task[:-1])} {name}: {seconds:.2f} s a model", flush=True)


main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2")
