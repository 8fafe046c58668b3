"""Prints the lines of JSON on standard input, ours last in each round, as one Markdown table of medians with ratios to ours."""
import json
import sys
from statistics import median

runs = {}
for line in sys.stdin:
    if line.startswith("{"):
        run = json.loads(line)
        runs.setdefault(run["name"], []).append(run)
ours = list(runs.values())[-1]


def middle(rows, key):
    return median(row[key] for row in rows)


def best(rows, key):
    return min(row[key] for row in rows)


# On a machine that others use too the best round is the one that was disturbed least.
print("| | threads | fit, s: median | best | ÷ our best | score 1M, s: median | best | ÷ our best | RMSE of ln r | memory of the fit, MB |")
print("|---|---|---|---|---|---|---|---|---|---|")
for name, rows in runs.items():
    columns = [name, rows[0]["threads"]]
    for key in ("fit_s", "predict_s"):
        columns += [f"{middle(rows, key):.2f}", f"{best(rows, key):.2f}", f"{best(rows, key) / best(ours, key):.2f}"]
    print("|", " | ".join(map(str, [*columns, f"{middle(rows, 'rmse'):.4f}", f"{middle(rows, 'fit_mb'):.0f}"])), "|")
