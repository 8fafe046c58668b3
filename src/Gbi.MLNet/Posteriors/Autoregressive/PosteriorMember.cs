using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>q(θ|x) = Π q(θⱼ|x, θ before j in an order of the parameters).</summary>
internal sealed class PosteriorMember(Prior prior, int[] order, Conditional[] conditionals)
{
    /// <summary>Numbers of the parameters, the one that depends on x alone first.</summary>
    public int[] Order => order;

    public Conditional[] Conditionals => conditionals;

    /// <summary>Learns the conditionals in an order of the parameters.</summary>
    /// <param name="prior">Bounds and kinds of the parameters.</param>
    /// <param name="order">Numbers of the parameters.</param>
    /// <param name="parameters">θ, a column a parameter.</param>
    /// <param name="events">x and its summaries by fits without each event.</param>
    /// <param name="set">Weights and folds.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Origin of what is drawn.</param>
    public static PosteriorMember Fit(
        Prior prior, int[] order, float[][] parameters, SummarisedEvents events, TrainingSet set, TreePosteriorOptions options, Seed seed)
    {
        var conditionals = new Conditional[order.Length];
        EventTable features = events.Features;
        for (int position = 0; position < order.Length; position++)
        {
            int parameter = order[position];
            (conditionals[position], float[] residuals) = Conditional.Fit(
                ParameterScale.Of(prior, parameter), BoundedBy(prior, order, position, parameters), features, set, options,
                seed.Child(position));
            features = Known(prior, parameter, parameters, events.Means, residuals)
                .Aggregate(features, (all, column) => all.WithNew(column.Name, column.Values));
            set.Learnt?.Invoke();
        }

        return new PosteriorMember(prior, order, conditionals);
    }

    /// <summary>ln q of each row.</summary>
    /// <param name="parameters">θ, a column a parameter.</param>
    /// <param name="events">x and its summaries, a row each, or one row for all: what depends on x alone is then computed once.</param>
    public double[] LogDensity(float[][] parameters, SummarisedEvents events)
    {
        EventTable features = events.Features;
        double[] sums = new double[parameters[0].Length];
        for (int position = 0; position < order.Length; position++)
        {
            (double[] logDensities, float[] residuals) =
                conditionals[position].LogDensity(BoundedBy(prior, order, position, parameters), features);
            System.Numerics.Tensors.TensorPrimitives.Add<double>(sums, logDensities, sums);
            (events, features) = After(position, parameters, events, features, residuals);
        }

        return sums;
    }

    /// <summary>θ at each row from the share of the probability of each parameter, given those before it, that lies below it.</summary>
    /// <param name="events">x and its summaries, a row each, or one row for all.</param>
    /// <param name="shares">A column a parameter. Range: (0, 1); uniform numbers make draws.</param>
    /// <returns>A column a parameter.</returns>
    public float[][] Draw(SummarisedEvents events, double[][] shares)
    {
        EventTable features = events.Features;
        int count = shares[0].Length;
        float[][] drawn = [.. order.Select(_ => new float[count])];
        for (int position = 0; position < order.Length; position++)
        {
            float[] residuals = conditionals[position].Draw(
                BoundedBy(prior, order, position, drawn), features, shares[order[position]]);
            (events, features) = After(position, drawn, events, features, residuals);
        }

        return drawn;
    }

    /// <summary>Number of a parameter's first coordinate among those of all parameters.</summary>
    public static int FirstCoordinate(Prior prior, int parameter) =>
        Enumerable.Range(0, parameter).Sum(before => ParameterScale.Of(prior, before).CoordinateCount);

    /// <summary>What the next parameter sees: features with what is known of the one before. It depends on that one, so that one event for
    /// all becomes one a row.</summary>
    private (SummarisedEvents Events, EventTable Features) After(
        int position, float[][] parameters, SummarisedEvents events, EventTable features, float[] residuals)
    {
        if (position + 1 == order.Length)
        {
            return (events, features);
        }

        if (features.Count < residuals.Length)
        {
            events = events.Select(new int[residuals.Length]);
            features = events.Features;
        }

        return (events, features.Beside(EventTable.FromColumns(
            [.. Known(prior, order[position], parameters, events.Means, residuals)])));
    }

    /// <summary>What later parameters see of a known one: its distances from the means given x, and its residual.</summary>
    private static IEnumerable<(string Name, float[] Values)> Known(
        Prior prior, int parameter, float[][] parameters, float[][] means, float[] residuals)
    {
        int first = FirstCoordinate(prior, parameter);
        float[][] coordinates = ParameterScale.Of(prior, parameter).Coordinates(parameters[parameter]);
        for (int k = 0; k < coordinates.Length; k++)
        {
            yield return ($"#distance{first + k}", [.. coordinates[k].Zip(means[first + k], (value, mean) => value - mean)]);
        }

        yield return ($"#residual{parameter}", residuals);
    }

    /// <summary>The values of a parameter with the bounds that the prior sets, given those before it in the order.</summary>
    private static ParameterValues BoundedBy(Prior prior, int[] order, int position, float[][] parameters)
    {
        int parameter = order[position];
        float[] values = parameters[parameter];
        float[] low = new float[values.Length];
        float[] high = new float[values.Length];
        double[] point = new double[order.Length];
        Array.Fill(point, double.NaN);
        for (int row = 0; row < values.Length; row++)
        {
            for (int before = 0; before < position; before++)
            {
                point[order[before]] = parameters[order[before]][row];
            }

            (double least, double most) = prior.Range(parameter, point);
            low[row] = RoundedUp(least);
            high[row] = -RoundedUp(-most);
        }

        return new ParameterValues(values, low, high);
    }

    private static float RoundedUp(double value) => (float)value < value ? MathF.BitIncrement((float)value) : (float)value;
}
