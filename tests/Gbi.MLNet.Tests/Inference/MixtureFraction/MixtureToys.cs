using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Inference.MixtureFraction;

/// <summary>
/// Signal N(1, 1) with μN events over background N(0.1 ν, 1) with (1 − μ)N(1 + 0.1 η): toys drawn from these densities themselves. The
/// ratios to N(0, 1) are exact: ln r = x − ½ of signal, 0.1 ν x − 0.005 ν² of background.
/// </summary>
internal static class MixtureToys
{
    public const int Events = 2000;

    /// <summary>The model, with parameters mu and, with nuisances, eta and nu.</summary>
    public static LikelihoodModel Model(bool hasNuisances, double lower = double.NegativeInfinity, EventTable? reference = null)
    {
        var signal = new Process("signal", Events) { LogRatio = "ln r", YieldFactors = [YieldFactor.Strength("mu")] };
        var background = new Process("background", Events) { YieldFactors = [YieldFactor.Polynomial("mu", 1, -1)] };
        if (hasNuisances)
        {
            background = background with
            {
                YieldFactors = [.. background.YieldFactors, YieldFactor.Polynomial("eta", 1, 0.1)],
                ShapeVariations = [ExponentialVariation.Quadratic("nu", "linear", "quadratic")],
            };
        }

        var mu = new FitParameter { Name = "mu", Lower = lower };
        FitParameter[] parameters = hasNuisances ? [mu, new NuisanceParameter("eta"), new NuisanceParameter("nu")] : [mu];
        return new LikelihoodModel(parameters, [new UnbinnedChannel("sr", [signal, background]) { Reference = reference }], "mu");
    }

    /// <summary>Events of N(0, 1) with the columns of the model.</summary>
    public static EventTable Reference(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return Table([.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(0, 1))]);
    }

    /// <summary>A toy of a model at a point: one that depends on the seed and its number alone.</summary>
    public static ModelData Draw(LikelihoodModel model, IReadOnlyList<double> point, Seed seed, long number)
    {
        Random random = seed.Child(number).CreateRandom();
        (double eta, double nu) = point.Count > 1 ? (point[1], point[2]) : (0, 0);
        int signal = random.NextPoisson(point[0] * Events);
        float[] x = new float[signal + random.NextPoisson((1 - point[0]) * Events * (1 + (0.1 * eta)))];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)random.NextNormal(i < signal ? 1 : 0.1 * nu, 1);
        }

        return new ObservedData
        {
            Events = [Table(x)],
            Auxiliary = [.. model.ConstrainedParameters.Select(i => model.Parameters[i].Constraint!.Draw(point[i], random))],
        };
    }

    private static EventTable Table(float[] x) => EventTable.FromColumns(
        ("ln r", [.. x.Select(value => value - 0.5f)]), ("linear", [.. x.Select(value => 0.1f * value)]),
        ("quadratic", [.. x.Select(_ => -0.005f)]));
}
