using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>q(θ|x) = Π q(θⱼ|x, θ before j in an order of the parameters).</summary>
internal sealed class PosteriorMember
{
    private readonly Prior _prior;
    private readonly int[] _order;
    private readonly Conditional[] _conditionals;

    private PosteriorMember(Prior prior, int[] order, Conditional[] conditionals)
    {
        _prior = prior;
        _order = order;
        _conditionals = conditionals;
    }

    /// <summary>Learns the conditionals in an order of the parameters.</summary>
    /// <param name="prior">The bounds of the parameters.</param>
    /// <param name="order">Numbers of the parameters.</param>
    /// <param name="data">The simulations.</param>
    /// <param name="set">Weights and folds.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Origin of what is drawn.</param>
    public static PosteriorMember Fit(
        Prior prior, int[] order, SummarisedSimulations data, TrainingSet set, TreePosteriorOptions options, Seed seed)
    {
        var conditionals = new Conditional[order.Length];
        EventTable features = data.Features;
        for (int position = 0; position < order.Length; position++)
        {
            int parameter = order[position];
            (float[] Low, float[] High) range = Range(prior, order, position, data.Parameters, set.Count);
            (conditionals[position], float[] residuals) = Conditional.Fit(
                data.Parameters[parameter], features, range, set, options, seed.Child(position));
            features = features.WithNew($"#distance{parameter}", data.Residuals[parameter]).WithNew($"#residual{parameter}", residuals);
        }

        return new PosteriorMember(prior, order, conditionals);
    }

    /// <summary>Adds ln q of each row.</summary>
    /// <param name="parameters">A column a parameter.</param>
    /// <param name="features">x and its summaries.</param>
    /// <param name="means">E[θ|x], a column a parameter.</param>
    public double[] LogDensity(float[][] parameters, EventTable features, float[][] means)
    {
        double[] sums = new double[features.Count];
        for (int position = 0; position < _order.Length; position++)
        {
            int parameter = _order[position];
            float[] residuals = new float[features.Count];
            (float[] Low, float[] High) range = Range(_prior, _order, position, parameters, features.Count);
            double[] ofOne = _conditionals[position].LogDensity(parameters[parameter], features, range, residuals);
            for (int row = 0; row < sums.Length; row++)
            {
                sums[row] += ofOne[row];
            }

            features = WithKnown(features, parameter, Difference(parameters[parameter], means[parameter]), residuals);
        }

        return sums;
    }

    /// <summary>Draws a point at each row of features.</summary>
    /// <param name="features">x and its summaries.</param>
    /// <param name="means">E[θ|x], a column a parameter.</param>
    /// <param name="uniforms">The random number of a position, a level and a row.</param>
    /// <returns>A column a parameter.</returns>
    public float[][] Draw(EventTable features, float[][] means, Func<int, int, int, double> uniforms)
    {
        float[][] drawn = [.. _order.Select(_ => new float[features.Count])];
        for (int position = 0; position < _order.Length; position++)
        {
            int parameter = _order[position];
            int at = position;
            float[] residuals = new float[features.Count];
            (float[] Low, float[] High) range = Range(_prior, _order, position, drawn, features.Count);
            drawn[parameter] = _conditionals[position].Draw(features, range, residuals, (level, row) => uniforms(at, level, row));
            features = WithKnown(features, parameter, Difference(drawn[parameter], means[parameter]), residuals);
        }

        return drawn;
    }

    private static EventTable WithKnown(EventTable features, int parameter, float[] distance, float[] residuals) =>
        features.WithColumn($"#distance{parameter}", distance).WithColumn($"#residual{parameter}", residuals);

    private static (float[] Low, float[] High) Range(Prior prior, int[] order, int position, float[][] parameters, int count)
    {
        float[] low = new float[count];
        float[] high = new float[count];
        double[] point = new double[order.Length];
        Array.Fill(point, double.NaN);
        for (int row = 0; row < count; row++)
        {
            for (int before = 0; before < position; before++)
            {
                point[order[before]] = parameters[order[before]][row];
            }

            (double least, double most) = prior.Range(order[position], point);
            low[row] = RoundedUp(least);
            high[row] = -RoundedUp(-most);
        }

        return (low, high);
    }

    private static float RoundedUp(double value) => (float)value < value ? MathF.BitIncrement((float)value) : (float)value;

    private static float[] Difference(float[] first, float[] second) => [.. first.Zip(second, (a, b) => a - b)];
}

/// <summary>Simulations with their learnt summaries.</summary>
/// <param name="Parameters">A column a parameter.</param>
/// <param name="Features">x and its summaries.</param>
/// <param name="Residuals">θ − E[θ|x], a column a parameter.</param>
internal sealed record SummarisedSimulations(float[][] Parameters, EventTable Features, float[][] Residuals);
