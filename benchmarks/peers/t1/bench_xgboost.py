"""Task t1 in XGBoost. Run: bench_xgboost.py FOLDER THREADS"""
import sys

import xgboost

from task import Task

threads = int(sys.argv[2])
settings = dict(
    objective="binary:logistic", tree_method="hist", grow_policy="lossguide", max_depth=0, max_leaves=31, max_bin=256,
    learning_rate=0.1, reg_lambda=1, min_child_weight=1, base_score=0.5, nthread=threads, verbosity=0)


def fit(task):
    # Making the matrix bins the features, which the other two do inside their fit.
    matrix = xgboost.QuantileDMatrix(task.x, task.y, weight=task.w, max_bin=256, nthread=threads)
    return xgboost.train(settings, matrix, num_boost_round=100)


def margin(model, x):
    return model.inplace_predict(x, predict_type="margin")


Task(sys.argv[1]).report(f"XGBoost {xgboost.__version__}", threads, fit, margin)
