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


print("| | threads | fit, s | ÷ ours | score 1M, s | ÷ ours | RMSE of ln r |")
print("|---|---|---|---|---|---|---|")
for name, rows in runs.items():
    fit, predict = middle(rows, "fit_s"), middle(rows, "predict_s")
    print(
        f"| {name} | {rows[0]['threads']} | {fit:.2f} | {fit / middle(ours, 'fit_s'):.2f} "
        f"| {predict:.3f} | {predict / middle(ours, 'predict_s'):.2f} | {middle(rows, 'rmse'):.4f} |")
