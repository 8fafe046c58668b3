"""Task t1 in scikit-learn's histogram gradient boosting. Run: OMP_NUM_THREADS=THREADS bench_sklearn.py FOLDER THREADS"""
import sys

import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier

from task import Task


def fit(task):
    # min_samples_leaf=4 is about the peers' least Hessian of 1: an event has at most 1/4.
    model = HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=31, learning_rate=0.1, max_bins=255, l2_regularization=1, min_samples_leaf=4, early_stopping=False)
    return model.fit(task.x, task.y, sample_weight=task.w)


def margin(model, x):
    return model.decision_function(x)


Task(sys.argv[1]).report(f"scikit-learn {sklearn.__version__}", int(sys.argv[2]), fit, margin)
