"""Networks as ONNX files of the contract that `gbi` executes, and the check that the file gives what PyTorch gave.

Inputs and outputs have fixed names and a free first dimension; names and roles stand in the file's metadata under keys that begin
with "gbi.". NAME.parity.csv beside NAME.onnx holds events with the outputs that PyTorch computed for them.
"""
import inspect
import io
import os
import shlex
import subprocess
import warnings
from pathlib import Path

import numpy as np
import torch

from gbi_events import DataError, UsageError

TOLERANCE = 1e-5
OPSET = 17


def add_output_options(parser):
    """The options of every recipe about what it writes."""
    group = parser.add_argument_group("output")
    group.add_argument("--out", required=True, metavar="NET.onnx", help="network to write; NET.parity.csv is written beside it")
    group.add_argument("--force", action="store_true", help="overwrite what is there")
    group.add_argument("--opset", type=int, default=OPSET, choices=range(13, 18), help="operator set of the file (default: %(default)s)")
    group.add_argument("--parity-events", type=int, default=1000, metavar="N", help="events in NET.parity.csv (default: %(default)s)")
    group.add_argument("--gbi", metavar="COMMAND",
                       help="the tool for the parity check, such as 'dotnet gbi.dll'; without it the check uses the package onnxruntime "
                       "where it is installed")


def require_output(path, settings):
    """The path, once it is known that it can be written."""
    path = Path(path)
    if path.suffix != ".onnx":
        raise UsageError(f"--out is '{path}', expected a name that ends in .onnx.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}; create it first.")
    if path.exists() and not settings.force:
        raise UsageError(f"{path} exists; give --force to overwrite it.")
    if settings.parity_events < 1:
        raise UsageError(f"--parity-events is {settings.parity_events}, expected 1 or more.")
    return path


class Graph:
    """One network to write.

    inputs: {name of the input: (columns in the parity file, float32 array [events x columns])}; outputs: {name of the output: index of the
    dimension that runs over events}; metadata: {key without "gbi.": value}.
    """

    def __init__(self, module, inputs, outputs, metadata, tolerance=TOLERANCE):
        self.module = module.to("cpu").eval()
        self.inputs, self.outputs, self.metadata, self.tolerance = inputs, outputs, metadata, tolerance

    def run(self):
        """The outputs that PyTorch computes, {name: float32 array}."""
        with torch.no_grad():
            found = self.module(*(torch.from_numpy(rows) for _, rows in self.inputs.values()))
        found = found if isinstance(found, tuple) else (found,)
        return {name: values.numpy() for name, values in zip(self.outputs, found)}


def write(graph, path, settings):
    """Writes the network and its parity file, each under a temporary name first, and checks one against the other.

    DataError: an output is not finite, or the check fails.
    """
    expected = graph.run()
    for name, values in expected.items():
        if not np.isfinite(values).all():
            raise DataError(f"The network gives {np.count_nonzero(~np.isfinite(values)):,} values of '{name}' that are no numbers; "
                            "nothing was written. Train with a lower --lr.")
    parity = path.with_suffix(".parity.csv")
    _replace(path, _bytes_of(graph, settings.opset))
    _replace(parity, _parity_text(graph, expected).encode())
    print(f"Wrote {path} ({path.stat().st_size:,} bytes) and {parity}.")
    _check(graph, path, parity, expected, settings)


def _bytes_of(graph, opset):
    """The file: PyTorch's export with metadata behind it. Traced with two events: one could be taken for a dimension to broadcast."""
    settings = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    free = {name: {0: "events"} for name in graph.inputs}
    free.update({name: {dimension: "events"} for name, dimension in graph.outputs.items()})
    example = tuple(torch.from_numpy(np.resize(rows, (2, rows.shape[1]))) for _, rows in graph.inputs.values())
    file = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks of the tracer on its own shape inference
            torch.onnx.export(graph.module, example, file, input_names=list(graph.inputs), output_names=list(graph.outputs),
                              dynamic_axes=free, opset_version=opset, **settings)
    except ImportError as error:
        raise DataError(f"This PyTorch writes ONNX only with a package that is not installed ({error}); pip install onnx.") from None
    return file.getvalue() + b"".join(_metadata_entry(f"gbi.{key}", value) for key, value in graph.metadata.items())


def _metadata_entry(key, value):
    """One more metadata_props of a ModelProto: field 14, a message of key (1) and value (2).

    Repeated fields of a protocol buffer may stand anywhere, so that bytes appended to a serialised model are one more entry of it.
    """
    return _field(14, _field(1, key.encode()) + _field(2, value.encode()))


def _field(number, content):
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value):
    """An integer in groups of seven bits, the lowest first; the high bit of a byte says that more follow."""
    low = [value >> shift & 127 for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([group | 128 for group in low[:-1]] + low[-1:])


def _replace(path, content):
    """Writes under a temporary name and renames, so that no half file is left."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _parity_text(graph, expected):
    """CSV of all inputs and outputs; every number in the fewest digits that give back the same float32."""
    columns, blocks = [], []
    for name, rows in graph.inputs.values():
        columns += name
        blocks.append(rows)
    for name, dimension in graph.outputs.items():
        blocks.append(_by_event(expected[name], dimension))
        columns += numbered(name, blocks[-1].shape[1])
    rows = np.concatenate(blocks, axis=1)
    return "\n".join([",".join(columns)] + [",".join(map(str, row)) for row in rows]) + "\n"


def numbered(name, width):
    """Columns of an input or output without names of its own: name.0, name.1 and so on, or the name alone where there is one."""
    return [name] if width == 1 else [f"{name}.{column}" for column in range(width)]


def _by_event(values, dimension):
    """An output as [events x columns]."""
    values = np.moveaxis(values, dimension, 0)
    return values.reshape(len(values), -1)


def _check(graph, path, parity, expected, settings):
    if settings.gbi:
        _check_with_tool(settings.gbi, path, parity)
        return
    try:
        import onnxruntime
    except ImportError:
        print(f"Parity was not checked (onnxruntime is not installed); check it with: gbi parity {path} {parity}")
        return
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(list(graph.outputs), {name: rows for name, (_, rows) in graph.inputs.items()})
    largest = max(float(np.abs(one - expected[name]).max()) for name, one in zip(graph.outputs, found))
    if not largest <= graph.tolerance:
        raise DataError(f"ONNX Runtime differs from PyTorch by {largest:.2g} on {parity}, expected at most {graph.tolerance:g}; "
                        f"do not use {path}.")
    print(f"Parity: ONNX Runtime agrees with PyTorch to {largest:.1e} (allowed: {graph.tolerance:g}).")


def _check_with_tool(command, path, parity):
    try:
        code = subprocess.run(shlex.split(command) + ["parity", str(path), str(parity)]).returncode
    except OSError as error:
        raise UsageError(f"--gbi is '{command}', which cannot be started ({error.strerror}).") from None
    if code != 0:
        raise DataError(f"'{command} parity' did not accept {path} (exit code {code}); its words stand above.")
