"""Compares `gbi` with references.json: python3 compare.py GBI..., such as python3 compare.py dotnet path/to/gbi.dll"""

import json
import subprocess
import sys
import tempfile


def run(verb, *options):
    done = subprocess.run([*sys.argv[1:], verb, *options, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def differences(reference, path):
    with open(path, "w", encoding="utf-8") as out:
        json.dump(reference["workspace"], out)
    options = [path, "--measurement", reference["measurement"]]
    fit = run("fit", *options)
    test = run("hypotest", *options, "--mu", repr(reference["mu"]))
    limit = run("limit", *options)
    pairs = {
        "-2 ln L": [(fit["twiceNll"], reference["twiceNll"])],
        "parameters": [(p["value"], reference["parameters"][p["name"]]) for p in fit["parameters"]],
        "q-tilde": [(test["q"], reference["qTilde"])],
        "CLs": [(test["cls"], reference["cls"])],
        "expected CLs": zip(test["expectedCls"], reference["expectedCls"]),
        "limit": [(limit["upperLimit"] / reference["upperLimit"], 1)],
        "expected limits": [(ours / other, 1) for ours, other in zip(limit["expectedUpperLimit"], reference["expectedUpperLimit"])],
    }
    return {name: max(abs(ours - other) for ours, other in values) for name, values in pairs.items()}


def main():
    with open("references.json", encoding="utf-8") as file:
        references = json.load(file)
    with tempfile.NamedTemporaryFile(suffix=".json") as scratch:
        found = {r["seed"]: differences(r, scratch.name) for r in references}
    for name in next(iter(found.values())):
        worst = max(found, key=lambda seed: found[seed][name])
        print(f"| {name} | {found[worst][name]:.1e} | {worst} |")


if __name__ == "__main__":
    main()
