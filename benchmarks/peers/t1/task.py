"""What the peers' scripts share: the files of gen.py, the clock and the measure of task t1."""
import json
import time

import numpy as np


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

    @staticmethod
    def resident(field):
        """A line of Linux's account of this process, in MB: VmRSS is what it holds, VmHWM the most it held."""
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1000 for line in status if line.startswith(field))

    def report(self, name, threads, fit, predict):
        """fit(task) -> model; predict(model, x) -> the margin of each event."""
        with open("/proc/self/clear_refs", "w") as peak:
            peak.write("5")  # the most it held starts anew
        before = self.resident("VmRSS")
        start = time.perf_counter()
        model = fit(self)
        fitted = time.perf_counter()
        memory = self.resident("VmHWM") - before
        scoring = time.perf_counter()
        predict(model, self.x)
        end = time.perf_counter()
        rmse = self.rmse(predict(model, self.test))
        print(json.dumps(dict(name=name, threads=threads, fit_s=fitted - start, predict_s=end - scoring, rmse=rmse, fit_mb=memory)))
