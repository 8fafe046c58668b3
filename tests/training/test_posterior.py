"""Laws of train_posterior.py and of what it learns with. Run from the repository's root: python3 -m unittest discover tests/training"""
import argparse
import json
import math
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from test_recipes import run, write

import gbi_flow
import gbi_prior
from gbi_events import DataError

INFINITE = math.inf


def prior(*entries, folder="."):
    return gbi_prior.Prior({"gbiPrior": "1", "parameters": list(entries)}, folder)


class Priors(unittest.TestCase):
    def test_every_density_has_its_range(self):
        found = prior({"name": "a", "uniform": [-1, 2]}, {"name": "b", "uniform": {"range": [0, 6.28], "periodic": True}},
                      {"name": "c", "normal": {"mean": 1, "sd": 0.1, "lower": 0.5}}, {"name": "d", "logNormal": {"median": 1, "sigma": 1}},
                      {"names": ["e", "f"], "dirichlet": [1, 1, 1]}, {"name": "g", "beta": {"a": 1, "b": 1}},
                      {"names": ["h", "i"], "normal": {"mean": [0, 0], "covariance": [[1, 0], [0, 1]]}},
                      {"name": "j", "halfNormal": {"sd": 1}})
        self.assertEqual("".join(found.names), "abcdefghij")
        self.assertEqual(found.low.tolist(), [-1, 0, 0.5, 0, 0, 0, 0, -INFINITE, -INFINITE, 0])
        self.assertEqual(found.high.tolist(), [2, 6.28, INFINITE, INFINITE, 1, 1, 1, INFINITE, INFINITE, INFINITE])

    def test_rows_of_a_file_are_taken_into_the_document(self):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "rows.csv", a=np.array([0.1, 2.0]), b=np.array([3.0, 4.0]), w=np.array([1.0, 2.0]))
            found = prior({"names": ["b", "a"], "rows": {"file": "rows.csv", "weight": "w"}}, folder=folder)
        self.assertEqual(json.loads(found.text)["parameters"][0]["rows"], {"values": [[3, 4], [0.1, 2]], "weights": [1, 2]})
        self.assertEqual(found.low.tolist(), [-INFINITE] * 2)

    def test_a_discrete_parameter_is_refused(self):
        with self.assertRaisesRegex(ValueError, "parameter 'n' is an integer, and a flow is a density of real numbers"):
            prior({"name": "n", "integer": {"values": [1, 2]}})


class Ranges(unittest.TestCase):
    LOW, HIGH = [-1, 2, -INFINITE, -INFINITE], [3, INFINITE, 5, INFINITE]

    def test_inverse_gives_back_what_forward_took(self):
        ranges = gbi_flow.Ranges(self.LOW, self.HIGH).double()
        u = 3 * torch.randn(1000, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
        y, slope = ranges.inverse(u)
        back, inverse_slope = ranges(y)
        self.assertLess((back - u).abs().max(), 1e-6)
        self.assertLess((slope + inverse_slope).abs().max(), 1e-6)
        self.assertTrue(ranges.contains(y).all())

    def test_slope_is_the_derivative(self):
        y = torch.tensor([[0.5, 2.5, -4.0, 7.0]], dtype=torch.float64, requires_grad=True)
        u, slope = gbi_flow.Ranges(self.LOW, self.HIGH).double()(y)
        derivative, = torch.autograd.grad(u.sum(), y)
        self.assertLess((derivative.log() - slope).abs().max(), 1e-9)

    def test_samples_lie_within_their_ends_in_single_precision(self):
        # 0.1 and 0.3 are no single-precision numbers; the nearest one to 0.3 is above it.
        ranges = gbi_flow.Ranges([0.1, 0.1], [0.3, INFINITE])
        y = ranges.inverse(torch.tensor([[100.0, -100.0], [-100.0, 10.0]]))[0].numpy().astype(np.float64)
        self.assertTrue((y >= 0.1).all() and y[0, 0] <= 0.3, y)


class Flows(unittest.TestCase):
    @staticmethod
    def flow(d, given):
        random = np.random.default_rng(1)
        c = random.standard_normal((500, given)).astype(np.float32)
        y = np.tanh(c[:, :1] + random.standard_normal((500, d))).astype(np.float32)
        names = [f"y{k}" for k in range(d)], [f"c{k}" for k in range(given)]
        settings = argparse.Namespace(layers=3, bins=5, bound=4.0, hidden=[8], activation="silu")
        torch.manual_seed(1)
        flow = gbi_flow.Flow(y, c, np.ones(500), gbi_flow.Ranges([-1] * d, [1] * d), names, settings, is_affine=True).double()
        for net in (layer.net for layer in flow.layers):
            torch.nn.init.normal_(net[-1].weight, std=0.3)
        return flow

    def test_a_sample_has_the_density_that_it_was_made_with(self):
        for d, given in ((1, 1), (1, 200), (3, 2)):
            flow, c = self.flow(d, given), 0.1 * torch.ones(200, given, dtype=torch.float64)
            with torch.no_grad():
                y, log_density = flow.sample(torch.randn(200, d, dtype=torch.float64), c)
                difference = (flow.log_density_within(y, c) - log_density).abs()
            self.assertLess(difference.median(), 1e-6, (d, given))

    def test_density_of_one_parameter_integrates_to_one_and_is_none_beyond_the_ends(self):
        flow = self.flow(1, 2)
        u = torch.linspace(-14, 14, 20_001, dtype=torch.float64)[:, None]
        y, slope = flow.ranges.inverse(u)
        with torch.no_grad():
            found = flow.log_density_within(y, torch.zeros(len(y), 2, dtype=torch.float64))
            beyond = flow.log_density_within(torch.tensor([[1.001]], dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64))
        self.assertAlmostEqual(float((found + slope[:, 0]).exp().sum() * 28 / 20_000), 1, delta=1e-3)
        self.assertEqual(float(beyond), gbi_flow.NO_DENSITY)


class Scripts(unittest.TestCase):
    """The script as a program: theta uniform in (0, 1), x = theta + noise of 0.1, y noise."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        random = np.random.default_rng(1)
        theta, y = random.uniform(0, 1, 3000), random.standard_normal(3000)
        write(cls.path / "sims.csv", seed=np.arange(3000), a=theta, x=theta + 0.1 * random.standard_normal(3000), y=y)
        write(cls.path / "failed.csv", a=np.full(3, 0.5), x=np.array([0, math.nan, 1]), y=np.zeros(3))
        write(cls.path / "discrete.csv", a=theta, x=np.round(3 * theta), y=y)
        for name, ends in (("prior", [0, 1]), ("narrow", [0, 0.5])):
            document = {"gbiPrior": "1", "parameters": [{"name": "a", "uniform": ends}]}
            (cls.path / f"{name}.json").write_text(json.dumps(document))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def train(self, *more, simulations="sims.csv", prior="prior.json", out="net.onnx"):
        return run("posterior", "--simulations", simulations, "--prior", prior, "--hidden", "16", "--epochs", "3", "--threads", "1",
                   "--lr", "0.01", "--quiet", "--force", "--out", out, *more, cwd=self.path)

    def rows(self, name):
        return np.genfromtxt(self.path / name, delimiter=",", names=True)

    def test_a_posterior_is_two_files_that_repeat_byte_for_byte(self):
        for out in ("first.onnx", "second.onnx"):
            done = self.train(out=out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("3,000 simulations of a with 2 features", done.stdout)
        for suffix in (".onnx", ".density.onnx"):
            self.assertEqual((self.path / f"first{suffix}").read_bytes(), (self.path / f"second{suffix}").read_bytes())
        self.assertIn(b'{"gbiPrior":"1","parameters":[{"name":"a","uniform":[0,1]}]}', (self.path / "first.onnx").read_bytes())
        draws, densities = self.rows("first.parity.csv"), self.rows("first.density.parity.csv")
        self.assertEqual(draws.dtype.names, ("noise", "x", "y", "theta", "log_density"))
        self.assertEqual(densities.dtype.names, ("a", "x", "y", "log_density"))
        self.assertTrue(((draws["theta"] > 0) & (draws["theta"] < 1)).all())
        self.assertLess(np.std(draws["theta"] - draws["x"]), 0.25)
        # Of an exact posterior the mean is that of N(x, 0.1), but for both ends: 0.88 and a little more.
        self.assertGreater(densities["log_density"].mean(), 0.6)

    def test_a_likelihood_is_one_file(self):
        done = self.train("--target", "likelihood", "--features", "x", out="likelihood.onnx")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertFalse((self.path / "likelihood.density.onnx").exists())
        found = self.rows("likelihood.parity.csv")
        self.assertEqual(found.dtype.names, ("x", "a", "log_density"))
        self.assertGreater(found["log_density"].mean(), 0.6)

    def test_a_mistake_is_one_sentence_and_an_exit_code(self):
        for code, words, arguments, more in (
                (1, "Column 'x' of failed.csv has 1 values that are NaN or infinite (first at row 2)", {"simulations": "failed.csv"}, ()),
                (1, "of sims.csv, outside the prior's range from 0 to 0.5; give the prior that", {"prior": "narrow.json"}, ()),
                (1, "There is no file none.json", {"prior": "none.json"}, ()),
                (1, "is no prior that a flow can be learnt for", {"prior": "sims.csv"}, ()),
                (1, "Feature 'x' takes 4 values only, and a density of it has no limit", {"simulations": "discrete.csv"},
                 ("--target", "likelihood")),
                (1, "has no column 'b'", {}, ("--features", "b")),
                (2, "'a' is a parameter of prior.json and among --features", {}, ("--features", "a,x"))):
            done = self.train(*more, out="wrong.onnx", **arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(words, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertFalse((self.path / "wrong.onnx").exists())


if __name__ == "__main__":
    unittest.main()
