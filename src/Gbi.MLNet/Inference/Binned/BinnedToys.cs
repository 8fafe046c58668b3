using System.Collections.Concurrent;
using Gbi.Numerics;
using MathNet.Numerics.Distributions;

namespace Gbi.Inference.Binned;

/// <summary>Toys of a binned model: drawn, and fitted on all cores. A toy's fits start from the same point whatever came before.</summary>
public static class BinnedToys
{
    /// <summary>Data drawn at a point: Poisson counts, and auxiliary measurements by their constraints.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">The point.</param>
    /// <param name="count">Number of toys.</param>
    /// <param name="seed">Origin of the random numbers; a toy depends on it and on its own index alone.</param>
    public static double[][] Draw(BinnedModel model, IReadOnlyList<double> parameters, int count, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        double[] means = model.AsimovData(parameters);
        for (int bin = 0; bin < model.MainCount; bin++)
        {
            if (!(means[bin] >= 0))
            {
                throw new FitException(FormattableString.Invariant($"Bin {bin} expects {means[bin]:G4} counts, of which no toy can be drawn; choose parameters where it is 0 or more."));
            }
        }

        double[][] toys = new double[count][];
        EventBlocks.ForEachIndex(count, toy => toys[toy] = DrawOne(model, means, seed.Child(toy).CreateRandom()));
        return toys;
    }

    /// <summary>Two fits of each toy: μ̂ and q̃ of a strength.</summary>
    /// <param name="model">The model.</param>
    /// <param name="toys">Data, in the order that <see cref="BinnedModel"/> tells.</param>
    /// <param name="mu">The tested strength; 0 or more.</param>
    /// <param name="start">Where every fit starts; null for the initial parameters.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ToyFits Fit(
        BinnedModel model, IReadOnlyList<double[]> toys, double mu, IReadOnlyList<double>? start = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(toys);
        double[] first = start is null ? model.InitialParameters() : [.. start];
        double[] q = new double[toys.Count];
        double[] muHat = new double[toys.Count];
        string?[] reasons = new string?[toys.Count];
        var idle = new ConcurrentBag<ToyFitter>();
        EventBlocks.ForEachIndex(toys.Count, toy =>
        {
            ToyFitter fitter = idle.TryTake(out ToyFitter? found) ? found : new ToyFitter(model, toys[toy]);
            (q[toy], muHat[toy], reasons[toy]) = fitter.Fit(toys[toy], mu, first);
            idle.Add(fitter);
        }, cancellation);
        return new ToyFits
        {
            Mu = mu,
            QTilde = q,
            MuHat = muHat,
            Failures = [.. Enumerable.Range(0, toys.Count).Where(toy => reasons[toy] is not null).Take(10).Select(toy => new ToyFailure(toy, reasons[toy]!))],
        };
    }

    private static double[] DrawOne(BinnedModel model, double[] means, Random random)
    {
        double[] data = new double[means.Length];
        for (int i = 0; i < data.Length; i++)
        {
            AuxiliaryConstraint? constraint = i < model.MainCount ? null : model.Parameters[model.ConstrainedParameters[i - model.MainCount]].Constraint;
            data[i] = constraint is GaussianConstraint gaussian
                ? Normal.Sample(random, means[i], gaussian.Width)
                : means[i] > 0 ? Poisson.Sample(random, means[i]) : 0;
        }

        return data;
    }

    /// <summary>The buffers of one thread.</summary>
    private sealed class ToyFitter
    {
        private readonly BinnedLikelihood _likelihood;
        private readonly ProfileLikelihood _fits;

        public ToyFitter(BinnedModel model, double[] data)
        {
            int poi = model.ParameterOfInterest ?? throw new FitException("The model has no parameter of interest, which toys of a test need; name one.");
            _likelihood = new BinnedLikelihood(model, data);
            _fits = new ProfileLikelihood(_likelihood, model.Parameters, poi);
        }

        public (double QTilde, double MuHat, string? Failure) Fit(double[] data, double mu, double[] start)
        {
            try
            {
                _likelihood.SetData(data);
                _fits.Restart(start);
                return (_fits.QTildeMu(mu), _fits.MuHat, null);
            }
            catch (FitException failure)
            {
                return (double.NaN, double.NaN, failure.Message);
            }
        }
    }
}
