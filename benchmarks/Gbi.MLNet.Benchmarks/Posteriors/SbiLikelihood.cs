using Gbi.Events;
using Gbi.Posteriors.Correction;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>ln p(x|θ) of the tasks of the benchmark, normalised in x.</summary>
internal static class SbiLikelihood
{
    private delegate double LogDensity(ReadOnlySpan<double> theta, ReadOnlySpan<double> x);

    /// <summary>The likelihood of an observation.</summary>
    public static LogLikelihood Of(SbiTask task, EventTable observation)
    {
        LogDensity density = task.Name switch
        {
            "gaussian_linear" or "gaussian_linear_uniform" => Linear,
            "gaussian_mixture" => Mixture,
            "two_moons" => TwoMoons,
            "slcp" => SimpleLikelihood,
            _ => throw new ArgumentException($"The likelihood of {task.Name} is not known.", nameof(task)),
        };
        double[] x = [.. observation.ColumnNames.Select(name => (double)observation[name][0])];
        return parameters =>
        {
            ReadOnlyMemory<float>[] columns = [.. task.Prior.Parameters.Select(parameters.Memory)];
            double[] theta = new double[columns.Length];
            double[] logs = new double[parameters.Count];
            for (int row = 0; row < logs.Length; row++)
            {
                for (int k = 0; k < theta.Length; k++)
                {
                    theta[k] = columns[k].Span[row];
                }

                logs[row] = density(theta, x);
            }

            return logs;
        };
    }

    private static double Linear(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += LogNormal(x[k] - theta[k], 0.1);
        }

        return sum;
    }

    private static double Mixture(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double wide = LogNormal(x[0] - theta[0], 1) + LogNormal(x[1] - theta[1], 1);
        double narrow = LogNormal(x[0] - theta[0], 0.01) + LogNormal(x[1] - theta[1], 0.01);
        return Math.Max(wide, narrow) + Math.Log((1 + Math.Exp(-Math.Abs(wide - narrow))) / 2);
    }

    private static double TwoMoons(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double u = x[0] + (Math.Abs(theta[0] + theta[1]) / Math.Sqrt(2)) - 0.25;
        double v = x[1] - ((theta[1] - theta[0]) / Math.Sqrt(2));
        double radius = Math.Sqrt((u * u) + (v * v));
        return u < 0 ? double.NegativeInfinity : LogNormal(radius - 0.1, 1e-4) - Math.Log(Math.PI * radius);
    }

    private static double SimpleLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        (double first, double second) = (theta[2] * theta[2], theta[3] * theta[3]);
        double correlation = Math.Tanh(theta[4]);
        double rest = 1 / (Math.Cosh(theta[4]) * Math.Cosh(theta[4]));
        double sum = 0;
        for (int point = 0; point < 4; point++)
        {
            double a = (x[2 * point] - theta[0]) / first;
            double b = (x[(2 * point) + 1] - theta[1]) / second;
            sum -= Math.Log(Math.Tau * first * second) + (0.5 * Math.Log(rest))
                + (((a * a) - (2 * correlation * a * b) + (b * b)) / (2 * rest));
        }

        return sum;
    }

    private static double LogNormal(double distance, double variance) =>
        (-distance * distance / (2 * variance)) - (0.5 * Math.Log(Math.Tau * variance));
}
