"""Events as named columns: read from CSV, a folder of .npy files, .npz or Parquet, and checked before anything is learnt.

CSV has names in its first line and numbers below; `gbi convert x.parquet --out x.csv` writes such a file. A folder holds one
NAME.npy a column. Parquet needs the package pyarrow.
"""
import sys
import warnings
from pathlib import Path
from zipfile import BadZipFile

import numpy as np


class UsageError(Exception):
    """What was typed cannot be done; the script ends with exit code 2."""


class DataError(Exception):
    """The events or the fit said no; the script ends with exit code 1."""


def run(main):
    """Runs a script's main function: an error becomes one sentence on standard error and an exit code, 1 or 2."""
    script = Path(sys.argv[0]).name
    try:
        main()
    except UsageError as error:
        sys.exit(_say(script, error, 2))
    except (DataError, OSError) as error:
        sys.exit(_say(script, error, 1))
    except RuntimeError as error:
        if "out of memory" not in str(error):
            raise
        sys.exit(_say(script, "The device has not enough memory for these events; use a smaller --batch or network, or --device cpu.", 1))
    except KeyboardInterrupt:
        sys.exit(_say(script, "interrupted.", 130))


def _say(script, message, code):
    print(f"{script}: {message}", file=sys.stderr)
    return code


def names(text):
    """Column names as typed, commas between them; commas cannot be part of a name, and no name may stand twice."""
    listed = [name.strip() for name in text.split(",")]
    if not all(listed) or len(set(listed)) != len(listed):
        raise UsageError(f"'{text}' holds an empty name or one name twice, expected names such as a,b,c.")
    return listed


class Events:
    """Columns of one table: `values` float32 [events x columns], finite; `weights` float64 [events], of positive sum."""

    def __init__(self, source, values, weights):
        self.source, self.values, self.weights = source, values, weights

    def __len__(self):
        return len(self.values)

    @classmethod
    def read(cls, path, columns, weight=None):
        """Reads columns, and weights where a column of them is named (every event counts 1 otherwise).

        DataError: no such file or column, no events, NaN or infinity, or weights whose sum is not above 0.
        """
        wanted = list(columns) + ([weight] if weight and weight not in columns else [])
        table = _columns(Path(path), wanted)
        if len({np.shape(column) for column in table.values()}) != 1:
            raise DataError(f"The columns of {path} have different shapes: they are no table.")
        values = np.stack([_numbers(path, name, table[name], np.float32) for name in columns], axis=1)
        weights = _numbers(path, weight, table[weight], np.float64) if weight else np.ones(len(values))
        _require_events(path, values, columns, weights, weight)
        return cls(str(path), np.ascontiguousarray(values), weights)


def _numbers(path, name, column, kind):
    try:
        with np.errstate(over="ignore"):  # what is too large for float32 becomes infinite, and is refused as such
            numbers = np.asarray(column).astype(kind)
    except (TypeError, ValueError):
        raise DataError(f"Column '{name}' of {path} does not hold numbers.") from None
    if numbers.ndim != 1:
        raise DataError(f"Column '{name}' of {path} has {numbers.ndim} dimensions, expected one number per event.")
    return numbers


def _require_events(path, values, columns, weights, weight):
    if len(values) == 0:
        raise DataError(f"{path} holds no events.")
    for name, column in list(zip(columns, values.T)) + [(weight, weights)]:
        wrong = np.flatnonzero(~np.isfinite(column))
        if len(wrong):
            raise DataError(f"Column '{name}' of {path} has {len(wrong):,} values that are NaN or infinite "
                            f"(first at row {wrong[0] + 1:,}); drop those rows or give the values a number.")
    if not weights.sum() > 0:
        raise DataError(f"The weights '{weight}' of {path} sum to {weights.sum():g}, expected a sum above 0.")
    if (weights < 0).any():
        share = -weights[weights < 0].sum() / np.abs(weights).sum()
        print(f"Warning: {np.count_nonzero(weights < 0):,} weights of {path} are negative ({share:.1%} of the total by size). The loss is "
              "right in expectation but has no lower bound: watch that the held-out loss does not run away.", file=sys.stderr)


def columns(path):
    """Names of all columns, in order; of a folder, in the order of the alphabet."""
    path = Path(path)
    if path.is_dir():
        return sorted(file.stem for file in path.glob("*.npy"))
    if not path.exists():
        raise DataError(f"There is no file {path}.")
    if path.suffix == ".npz":
        with _load(path) as arrays:
            return list(arrays.files)
    if path.suffix == ".parquet":
        return list(_parquet(path).read_schema(path).names)
    with open(path, encoding="utf-8-sig") as file:
        return _header(file)


def _columns(path, wanted):
    """The wanted columns by name."""
    if path.is_dir():
        return {name: _load(path / f"{name}.npy") for name in _require(path, wanted, columns(path))}
    if not path.exists():
        raise DataError(f"There is no file {path}.")
    if path.suffix == ".npz":
        with _load(path) as arrays:
            return {name: arrays[name] for name in _require(path, wanted, arrays.files)}
    return _parquet_columns(path, wanted) if path.suffix == ".parquet" else _csv_columns(path, wanted)


def _load(path):
    try:
        return np.load(path)
    except (ValueError, EOFError, BadZipFile) as error:
        raise DataError(f"{path} is no file of NumPy: {str(error).rstrip('.')}.") from None


def _parquet(path):
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise UsageError(f"Reading {path} needs the package pyarrow, which is not installed; "
                         f"convert the file first: gbi convert {path} --out {path.with_suffix('.csv')}") from None
    return parquet


def _parquet_columns(path, wanted):
    parquet = _parquet(path)
    _require(path, wanted, parquet.read_schema(path).names)
    table = parquet.read_table(path, columns=wanted)
    return {name: table[name].to_numpy() for name in wanted}


def _csv_columns(path, wanted):
    with open(path, encoding="utf-8-sig") as file:
        header = _header(file)
        _require(path, wanted, header)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # numpy's own word about an empty file; ours is an error
                rows = np.loadtxt(file, delimiter=",", comments=None, usecols=[header.index(name) for name in wanted], ndmin=2)
        except ValueError as error:
            raise DataError(f"{path} is no table of numbers: {str(error).rstrip('.')}.") from None
    return dict(zip(wanted, rows.T if rows.size else np.empty((len(wanted), 0))))


def _header(file):
    return [name.strip().strip('"') for name in file.readline().rstrip("\r\n").split(",")]


def _require(path, wanted, found):
    for name in wanted:
        if name not in found:
            raise DataError(f"{path} has no column '{name}'; it has {', '.join(sorted(found))}.")
    return wanted
