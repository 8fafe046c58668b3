using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Parametric;

namespace Gbi.Tests.Likelihoods.Unbinned;

/// <summary>Models and events of the unbinned likelihood's tests.</summary>
internal static class UnbinnedModels
{
    public const int Count = 301; // three tiles, the last of them not full

    public static readonly FitParameter Mu = new() { Name = "mu", Initial = 1 };

    public static Likelihood Of(LikelihoodModel model, EventTable events) =>
        new(model, new ObservedData { Events = [events], Auxiliary = model.ObservedAuxiliary });

    public static Likelihood Of(Process[] processes, IEnumerable<float> ratio, params FitParameter[] parameters) =>
        Of(
            new LikelihoodModel(parameters, [new UnbinnedChannel("sr", processes)], parameters is [var first, ..] ? first.Name : null),
            Table(("r", [.. ratio])));

    public static EventTable Table(params (string, float[])[] columns) => EventTable.FromColumns(columns);

    /// <summary>The gradient is that of the value, the Hessian that of the gradient, and symmetric.</summary>
    public static void AssertDerivatives(Likelihood likelihood, double[] point)
    {
        const double step = 1e-5;
        int n = likelihood.ParameterCount;
        double[] gradient = new double[n];
        double[] hessian = new double[n * n];
        likelihood.Evaluate(point, gradient, hessian);
        for (int a = 0; a < n; a++)
        {
            double[] below = new double[n];
            double[] above = new double[n];
            double rise = likelihood.Evaluate([.. point.Select((value, b) => b == a ? value + step : value)], above, default)
                - likelihood.Evaluate([.. point.Select((value, b) => b == a ? value - step : value)], below, default);
            Assert.That(rise / (2 * step), Is.EqualTo(gradient[a]).Within(2e-6 * (1 + Math.Abs(gradient[a]))), $"gradient {a}");
            for (int b = 0; b < n; b++)
            {
                double expected = (above[b] - below[b]) / (2 * step);
                Assert.That(hessian[(a * n) + b], Is.EqualTo(expected).Within(2e-6 * (1 + Math.Abs(expected))), $"Hessian {a} {b}");
                Assert.That(
                    hessian[(a * n) + b], Is.EqualTo(hessian[(b * n) + a]).Within(1e-12 * (1 + Math.Abs(expected))), $"Hessian {a} {b}");
            }
        }
    }

    /// <summary>Two strengths in a product, three nuisances with constraints, three processes of which one is the reference.</summary>
    public static LikelihoodModel Model(Func<int, IReadOnlyList<ShapeVariation>> shapes, bool normalised, bool weighted = true) => new(
        [
            Mu, new FitParameter { Name = "norm" }, new NuisanceParameter("a"),
            new NuisanceParameter("b") { Constraint = Constraint.Gaussian(0.3, 0.8) }, new NuisanceParameter("c"),
        ],
        [
            new UnbinnedChannel("sr",
            [
                new Process("signal", 30)
                {
                    LogRatio = "signal",
                    YieldFactors =
                    [
                        YieldFactor.Strength("mu"), YieldFactor.Polynomial("norm", 1, 0.1, 0.05), YieldFactor.Interpolated("a", 0.95, 1.1)
                    ],
                    ShapeVariations = shapes(2),
                },
                new Process("other", 80) { Ratio = "other", YieldFactors = [YieldFactor.Strength("mu"), YieldFactor.Strength("mu")] },
                new Process("background", 200)
                {
                    YieldFactors = [YieldFactor.Exponential("b", 0.05, -0.01), YieldFactor.Exponential("a", 0.02)],
                    ShapeVariations = shapes(4),
                },
            ])
            {
                Reference = normalised ? DrawEvents(173, weighted, seed: 9) : null,
            },
        ]);

    public static IReadOnlyList<ShapeVariation> ExponentShapes(int seed) =>
    [
        ExponentialVariation.Quadratic("a", $"d{seed}0", $"d{seed}1"),
        new ExponentialVariation(
            new ExponentTerm(Monomial.Of("b"), $"d{seed}2"), new ExponentTerm(Monomial.Of("b", "c"), $"d{seed}3"),
            new ExponentTerm(Monomial.Of("c"), $"d{seed}4")),
    ];

    public static IReadOnlyList<ShapeVariation> UpDownShapes(int seed, InterpolationLaw law) =>
    [
        new UpDownVariation("a", $"r{seed}0", $"r{seed}1", law), new UpDownVariation("c", $"r{seed}2", $"r{seed}3", law),
        .. ExponentShapes(seed).Skip(1),
    ];

    public static EventTable DrawEvents(int count, bool weighted, int seed = 0)
    {
        var columns = new List<(string, float[])>
        {
            ("signal", Column(seed + 1, count, x => 0.4 * x)), ("other", Column(seed + 3, count, x => 0.5 + (x * x))),
        };
        double[] widths = [0.1, 0.02, 0.08, 0.05, 0.06];
        double[] logs = [0.07, 0.09, -0.05, 0.06];
        foreach (int process in (int[])[2, 4])
        {
            columns.AddRange(widths.Select((width, at) => ($"d{process}{at}", Column(seed + (10 * process) + at, count, x => width * x))));
            columns.AddRange(
                logs.Select((width, at) => ($"r{process}{at}", Column(seed + (10 * process) + at + 5, count, x => Math.Exp(width * x)))));
        }

        EventTable events = Table([.. columns]);
        double shift = seed == 0 ? -1.5 : 0.5;
        return weighted
            ? events.WithWeights(Enumerable.Range(0, count).Select(i => (i % 7) + shift + (i % 7 == 1 ? 0.5 : 0)).ToArray())
            : events;
    }

    public static float[] Column(int seed, int count, Func<double, double> of)
    {
        Random random = new Seed(4).Child(seed).CreateRandom();
        return [.. Enumerable.Range(0, count).Select(_ => (float)of(random.NextNormal(0, 1)))];
    }
}
