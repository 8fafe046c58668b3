"""What the peers' scripts share: the files of gen.py, the clock and the measure of task t1."""
import json
import statistics
import time

import numpy as np

REPETITIONS = 3


class Task:
    def __init__(self, folder):
        self.x = np.fromfile(f"{folder}/x.f32", "<f4").reshape(-1, 10)
        self.y = np.fromfile(f"{folder}/y.u8", np.uint8)
        self.w = np.fromfile(f"{folder}/w.f32", "<f4")
        self.test = np.fromfile(f"{folder}/xtest.f32", "<f4").reshape(-1, 10)

    def rmse(self, margin):
        """RMSE of ln r over the test events; a classifier's margin is ln r + ln W1/W0."""
        log_prior_odds = np.log(self.w[self.y == 1].sum(dtype="f8") / self.w[self.y == 0].sum(dtype="f8"))
        truth = 0.3 * self.test.sum(axis=1, dtype="f8") - 0.45
        return float(np.sqrt(np.mean((margin - log_prior_odds - truth) ** 2)))

    def report(self, name, threads, fit, predict, margin):
        """fit() -> model; predict(model, x) and margin(model, x) -> one number an event."""
        fit_seconds, predict_seconds = [], []
        for _ in range(REPETITIONS):
            start = time.perf_counter()
            model = fit(self)
            fit_seconds.append(time.perf_counter() - start)
            start = time.perf_counter()
            predict(model, self.x)
            predict_seconds.append(time.perf_counter() - start)
        print(json.dumps(dict(
            name=name, threads=threads, fit_s=fit_seconds, predict_s=predict_seconds, rmse=self.rmse(margin(model, self.test)))))


def median(values):
    return statistics.median(values)
