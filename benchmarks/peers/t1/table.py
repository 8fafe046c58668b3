"""Prints the lines of JSON on standard input, ours last, as one Markdown table with ratios to ours."""
import json
import sys

from task import median

rows = [json.loads(line) for line in sys.stdin if line.startswith("{")]
ours = rows[-1]
print("| | threads | fit, s | / ours | score 1M, s | / ours | RMSE of ln r |")
print("|---|---|---|---|---|---|---|")
for row in rows:
    fit, predict = median(row["fit_s"]), median(row["predict_s"])
    print(
        f"| {row['name']} | {row['threads']} | {fit:.2f} | {fit / median(ours['fit_s']):.2f} "
        f"| {predict:.3f} | {predict / median(ours['predict_s']):.2f} | {row['rmse']:.4f} |")
