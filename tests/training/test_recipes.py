"""Laws of the recipes in src/training. Run from the repository's root: python3 -m unittest discover tests/training"""
import argparse
import io
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RECIPES = Path(__file__).resolve().parents[2] / "src" / "training"
sys.path.insert(0, str(RECIPES))

import numpy as np
import torch

import gbi_contract
import gbi_events
import gbi_flow
import gbi_prior
import gbi_spline
import train_flow
import train_ratio
import train_systematic


def run(recipe, *arguments, cwd):
    command = [sys.executable, str(RECIPES / f"train_{recipe}.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def write(path, **columns):
    np.savetxt(path, np.stack(list(columns.values()), axis=1), fmt="%.9g", delimiter=",", header=",".join(columns), comments="")


class Splines(unittest.TestCase):
    def setUp(self):
        random = torch.Generator().manual_seed(1)
        self.spline = gbi_spline.Spline(2 * torch.randn(500, 2, 23, dtype=torch.float64, generator=random), 8, 5.0)
        self.x = 3 * torch.randn(500, 2, dtype=torch.float64, generator=random)

    def test_inverse_gives_back_what_forward_took(self):
        y, slope = self.spline.forward(self.x)
        x, inverse_slope = self.spline.inverse(y)
        self.assertLess((x - self.x).abs().max(), 1e-8)
        self.assertLess((slope + inverse_slope).abs().max(), 1e-8)

    def test_slope_is_the_derivative(self):
        x = self.x.requires_grad_()
        y, slope = self.spline.forward(x)
        derivative, = torch.autograd.grad(y.sum(), x)
        self.assertLess((derivative.log() - slope).abs().max(), 1e-9)

    def test_beyond_the_bounds_it_is_the_identity(self):
        x = torch.tensor([[-5.5, 7.0]], dtype=torch.float64).expand(500, 2)
        y, slope = self.spline.forward(x)
        self.assertTrue(torch.equal(y, x) and not slope.any())

    def test_every_two_columns_are_parted_by_a_layer(self):
        for d in range(2, 9):
            settings = argparse.Namespace(layers=2 * d, bins=4, bound=5.0, hidden=[2], activation="tanh", seed=1)
            layers = gbi_spline.couplings(d, settings)
            for a in range(d):
                for b in range(a):
                    self.assertTrue(any((a in layer.moved) != (b in layer.moved) for layer in layers), (d, a, b))


class Flows(unittest.TestCase):
    def flow(self, transform):
        random = np.random.default_rng(1)
        x = random.exponential(1, (400, 2)).astype(np.float32)
        m = random.uniform(2, 4, (400, 1)).astype(np.float32)
        settings = argparse.Namespace(layers=2, bins=5, bound=4.0, hidden=[8], activation="silu")
        torch.manual_seed(1)
        flow = gbi_flow.Flow(x, m, np.ones(400), train_flow.ranges(x, transform), (["a", "b"], ["m"]), settings).double()
        for layer in flow.layers:
            torch.nn.init.normal_(layer.net[-1].weight)
        return flow

    @staticmethod
    def within(flow, x):
        """Events that are not taken at the nearest end."""
        share = (x - flow.ranges.low) / (flow.ranges.high - flow.ranges.low)
        return ((share > gbi_flow.NEAREST) & (share < 1 - gbi_flow.NEAREST)).all(dim=1)

    def test_a_sample_has_the_density_that_it_was_made_with(self):
        noise, m = torch.randn(300, 2, dtype=torch.float64), torch.full((300, 1), 3.1, dtype=torch.float64)
        for transform in ("none", "logit"):
            flow = self.flow(transform)
            x, log_density = flow.sample(noise, m)
            seen = self.within(flow, x) if transform == "logit" else torch.ones(300, dtype=torch.bool)
            self.assertGreater(seen.sum(), 200)
            self.assertLess((flow.log_density(x, m) - log_density)[seen].abs().max(), 1e-6)

    def test_density_integrates_to_one(self):
        flow = self.flow("logit")
        # Midpoints in ln(x - low) - ln(high - x), whose density has no edges.
        u = torch.linspace(-24, 24, 1201, dtype=torch.float64)[:-1] + 0.02
        grid = torch.cartesian_prod(u, u)
        x, log_slope = flow.ranges.inverse(grid)
        inside = self.within(flow, x)
        with torch.no_grad():
            log_density = flow.log_density(x[inside], torch.full((int(inside.sum()), 1), 2.7, dtype=torch.float64))
        integral = (log_density + log_slope[inside].sum(dim=1)).exp().sum() * 0.04 ** 2
        self.assertAlmostEqual(float(integral), 1, delta=2e-3)


class Systematics(unittest.TestCase):
    def test_monomials_are_listed_and_valued_in_order(self):
        points = [({"a": 2.0, "b": 3.0}, ""), ({"a": 1.0}, ""), ({"b": 1.0}, ""), ({"a": -1.0}, ""), ({"b": -1.0}, "")]
        base_points = train_systematic.BasePoints(points, None)
        self.assertEqual(base_points.monomials, ["a", "b", "a^2", "a*b", "b^2"])
        self.assertEqual(base_points.matrix[0].tolist(), [2, 3, 4, 6, 9])

    def test_samples_that_do_not_determine_the_coefficients_are_refused(self):
        with self.assertRaisesRegex(gbi_events.UsageError, "1 varied samples do not determine the 2 coefficients of nu,nu\\^2"):
            train_systematic.BasePoints([({"nu": 1.0}, "")], None)

    def test_a_part_of_the_events_keeps_every_rate(self):
        random = np.random.default_rng(1)
        w, sample = random.uniform(0, 2, 900), np.repeat([0, 1, 2], 300)
        rows = random.permutation(900)[:200]
        scaled = train_systematic._scaled(w, sample, rows)
        for one in (1, 2):
            part = scaled[sample[rows] == one].sum() / scaled[sample[rows] == 0].sum()
            self.assertAlmostEqual(part, w[sample == one].sum() / w[sample == 0].sum(), places=12)


class Ratios(unittest.TestCase):
    def test_balanced_weights_have_equal_sums_and_mean_one(self):
        is_numerator = np.arange(100) < 10
        w = train_ratio.balanced(np.linspace(1, 2, 100), is_numerator)
        self.assertAlmostEqual(w[is_numerator].sum(), 50)
        self.assertAlmostEqual(w[~is_numerator].sum(), 50)


class Contract(unittest.TestCase):
    def test_metadata_is_encoded_as_protocol_buffers_say(self):
        self.assertEqual(gbi_contract._metadata_entry("gbi.a", "b"), b"\x72\x0a\x0a\x05gbi.a\x12\x01b")
        # 300 takes two groups of seven bits: 0b10 0101100.
        self.assertEqual(gbi_contract._varint(300), b"\xac\x02")
        self.assertEqual(gbi_contract._varint(0), b"\x00")

    def test_numbers_of_a_parity_file_give_back_the_same_float32(self):
        numbers = np.array([[0.1, 1 / 3, 1e-30, -7e20]], np.float32)
        graph = gbi_contract.Graph(torch.nn.Identity(), {"features": (list("abcd"), numbers)}, {"log_ratio": 0}, {})
        text = gbi_contract._parity_text(graph, graph.run())
        self.assertTrue(np.array_equal(np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1, dtype=np.float32), np.tile(numbers[0], 2)))


class Scripts(unittest.TestCase):
    """The scripts as programs, on two Gaussians of unit width at +1/2 and -1/2: ln r = x."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        random = np.random.default_rng(1)
        for name, mean in (("up", 0.5), ("down", -0.5)):
            write(cls.path / f"{name}.csv", x=random.normal(mean, 1, 4000), y=random.normal(0, 1, 4000), w=np.ones(4000))
        write(cls.path / "bad.csv", x=np.array([1, math.nan]), y=np.zeros(2), w=np.ones(2))
        write(cls.path / "negative.csv", x=np.array([1.0, 2.0]), y=np.zeros(2), w=np.array([1.0, -1.0]))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def ratio(self, *more, numerator="up.csv", out="net.onnx"):
        return run("ratio", "--numerator", numerator, "--denominator", "down.csv", "--features", "x,y", "--hidden", "16", "--epochs", "4",
                   "--batch", "128", "--lr", "0.01", "--threads", "1", "--quiet", "--out", out, *more, cwd=self.path)

    def test_a_ratio_is_learnt_and_repeats_byte_for_byte(self):
        for out in ("first.onnx", "second.onnx"):
            done = self.ratio(out=out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((self.path / "first.onnx").read_bytes(), (self.path / "second.onnx").read_bytes())
        rows = np.loadtxt(self.path / "first.parity.csv", delimiter=",", skiprows=1)
        self.assertLess(np.sqrt(np.mean(np.square(rows[:, 2] - rows[:, 0]))), 0.15)

    def test_an_ensemble_is_one_graph_or_several_files(self):
        self.assertEqual(self.ratio("--members", "2", "--epochs", "1", out="both.onnx").returncode, 0)
        self.assertEqual(self.ratio("--members", "2", "--epochs", "1", "--separate-members", out="each.onnx").returncode, 0)
        both = np.loadtxt(self.path / "both.parity.csv", delimiter=",", skiprows=1)
        each = [np.loadtxt(self.path / f"each.{member}.parity.csv", delimiter=",", skiprows=1)[:, -1] for member in (1, 2)]
        self.assertTrue(np.array_equal(both[:, 2:].T, each))

    def test_a_mistake_is_one_sentence_and_an_exit_code(self):
        for code, words, arguments in (
                (1, "Column 'x' of bad.csv has 1 values that are NaN or infinite (first at row 2)", {"numerator": "bad.csv"}),
                (1, "There is no file none.csv", {"numerator": "none.csv"}),
                (2, "--out is 'net.zip', expected a name that ends in .onnx", {"out": "net.zip"}),
                (2, "down.csv exists|is no folder|expected a name", {"out": "down.csv"})):
            done = self.ratio(**arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertRegex(done.stderr, words.replace("(", "\\(").replace(")", "\\)"))
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_weights_that_sum_to_nothing_are_refused(self):
        done = self.ratio("--weight", "w", numerator="negative.csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sum to 0, expected a sum above 0", done.stderr)

    def test_what_is_there_needs_force(self):
        (self.path / "there.onnx").write_text("")
        self.assertEqual(self.ratio(out="there.onnx").returncode, 2)
        self.assertEqual((self.path / "there.onnx").read_text(), "")

    def test_a_column_that_is_not_there_is_named_with_those_that_are(self):
        done = self.ratio("--weight", "weight")
        self.assertEqual((done.returncode, done.stderr.strip()), (1, "train_ratio.py: up.csv has no column 'weight'; it has w, x, y."))


if __name__ == "__main__":
    unittest.main()
