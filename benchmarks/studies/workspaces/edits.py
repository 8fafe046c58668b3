"""Edits of random workspaces by gbi, next to those of pyhf's own class.

edits.py WORKSPACE_PY COUNT GBI...: WORKSPACE_PY is src/pyhf/workspace.py of a release of pyhf, of which nothing else is needed; GBI is the
command line of gbi. Prints how many outputs have the same bytes, how many edits both refuse, and each difference.
"""
import copy
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import types


class Refused(Exception):
    """What pyhf raises where an edit is impossible."""


class Summary:
    """What pyhf's class inherits: names of channels, samples and modifiers."""

    def __init__(self, *arguments, **options):
        channels = options.pop("channels")
        super().__init__(*arguments, **options)
        samples = [sample for channel in channels for sample in channel["samples"]]
        self.channels = sorted({channel["name"] for channel in channels})
        self.samples = sorted({sample["name"] for sample in samples})
        self.modifiers = sorted({(one["name"], one["type"]) for sample in samples for one in sample["modifiers"]})


def workspace_class(path):
    """pyhf's Workspace without the packages that it imports."""
    modules = {name: types.ModuleType(name) for name in ("jsonpatch", "pyhf", "pyhf.exceptions", "pyhf.schema", "pyhf.mixins", "pyhf.pdf")}
    modules["pyhf.exceptions"].InvalidWorkspaceOperation = Refused
    modules["pyhf.exceptions"].InvalidMeasurement = Refused
    modules["pyhf.schema"].validate = lambda *arguments, **options: None
    modules["pyhf.schema"].version = "1.0.0"
    modules["pyhf.mixins"]._ChannelSummaryMixin = Summary
    modules["pyhf.pdf"].Model = object
    modules["pyhf"].exceptions = modules["pyhf.exceptions"]
    modules["pyhf"].schema = modules["pyhf.schema"]
    sys.modules.update(modules)
    spec = importlib.util.spec_from_file_location("pyhf.workspace", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Workspace


def number(source):
    return source.choice(
        [source.randint(1, 50), round(source.uniform(0.1, 99), source.randint(0, 9)), source.uniform(0, 1) * 10 ** source.randint(-6, 6)])


def modifier(source, name, bins):
    kind = {"mu": "normfactor", "lumi": "lumi"}.get(name) or (
        "staterror" if name.startswith("stat") else source.choice(["normsys", "histosys", "shapesys"]))
    numbers = [number(source) for _ in range(bins)]
    data = {
        "normfactor": None, "lumi": None, "normsys": {"lo": 0.9, "hi": numbers[0]},
        "histosys": {"lo_data": numbers, "hi_data": numbers[::-1]}, "shapesys": numbers, "staterror": numbers}[kind]
    return {"name": name, "type": kind, "data": data}


def workspace(source, names):
    channels = []
    for name in names:
        bins = source.randint(1, 3)
        channels.append({"name": name, "samples": [
            {"name": sample, "data": [number(source) for _ in range(bins)], "modifiers": [
                modifier(source, one, bins)
                for one in source.sample(["mu", "jes", "jer", "γ", "stat_" + name, "lumi"], source.randint(0, 4))]}
            for sample in source.sample(["sig", "bkg", "top", "W+jets é"], source.randint(1, 3))]})
    settings = [{"name": name, "inits": [number(source)]} for name in source.sample(["mu", "jes", "jer"], source.randint(0, 3))]
    return {
        "channels": channels,
        "observations": [{"name": one["name"], "data": [number(source) for _ in one["samples"][0]["data"]]} for one in channels],
        "measurements": [{"name": name, "config": {"poi": "mu", "parameters": copy.deepcopy(settings)}}
                         for name in source.sample(["nominal", "alt"], source.randint(1, 2))],
        "version": "1.0.0"}


def edits(source, kind, left, right):
    """(what pyhf makes, words of gbi) of a few edits."""
    join = source.choice(["none", "outer", "left outer", "right outer"])
    merges = join != "none" and source.random() < 0.4
    yield (lambda: kind.combine(left, right, join=join, merge_channels=merges),
           ["combine", "a.json", "b.json", "--join", join.replace(" ", "-")] + ["--merge-channels"] * merges)
    yield lambda: kind.sorted(left), ["sort", "a.json"]
    name, type_ = source.choice(left.modifiers) if left.modifiers else (None, None)
    channel, sample = source.choice(left.channels), source.choice(left.samples)
    parts, words = {}, ["prune", "a.json"]
    for option, key, value, isPossible in (
            ("--channel", "channels", channel, len(left.channels) > 1), ("--modifier", "modifiers", name, name),
            ("--modifier-type", "modifier_types", type_, type_)):
        if isPossible and source.random() < 0.5:
            parts[key] = [value]
            words += [option, value]
    yield lambda: left.prune(**parts), words
    names = {"channels": {channel: "neu ü"}, "samples": {sample: "x"}}
    words = ["rename", "a.json", "--channel", channel + "=neu ü", "--sample", sample + "=x"]
    if name and name != "lumi":
        names["modifiers"] = {name: "nü"}
        words += ["--modifier", name + "=nü"]
    yield lambda: left.rename(**names), words


def main(path, count, gbi):
    kind = workspace_class(path)
    same = refused = 0
    folder = tempfile.mkdtemp()
    for seed in range(int(count)):
        source = random.Random(seed)
        a = workspace(source, source.sample(["SR", "CR", "VR"], source.randint(1, 3)))
        b = workspace(source, source.sample(["SR", "CR", "VR2", "VR3"], source.randint(1, 3)))
        if source.random() < 0.5:
            for member in ("channels", "observations"):
                b[member] = [next((copy.deepcopy(one) for one in a[member] if one["name"] == other["name"]), other) for other in b[member]]
        for file, document in (("a.json", a), ("b.json", b)):
            with open(os.path.join(folder, file), "w") as stream:
                json.dump(document, stream)
        for make, words in edits(source, kind, kind(a), kind(b)):
            paths = [os.path.join(folder, word) if word in ("a.json", "b.json") else word for word in words]
            run = subprocess.run([*gbi, "workspace", *paths, "--out", "-"], capture_output=True, text=True)
            try:
                expected = json.dumps(make(), indent=4, sort_keys=True) + "\n"
            except Refused as failure:
                expected = None
                reason = failure
            if expected is None and run.returncode == 1:
                refused += 1
            elif expected is not None and run.stdout == expected:
                same += 1
            else:
                found = f"pyhf refuses: {reason}" if expected is None else run.stderr.strip() or "other bytes"
                print(f"seed {seed}: {' '.join(words)}: {found}")
    print(f"{same} with the same bytes, {refused} refused by both")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
