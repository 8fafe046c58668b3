using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.Toys;

/// <summary>Computes something of many toys on all cores. A toy's result depends on its data and the starting point alone.</summary>
internal sealed class ToyLoop
{
    private readonly LikelihoodModel _model;
    private readonly Func<long, ModelData> _toy;
    private readonly double[] _start;

    /// <summary>A loop over toys.</summary>
    /// <param name="model">The model.</param>
    /// <param name="toy">The toy of a number.</param>
    /// <param name="start">Where every fit starts; null for the initial parameters.</param>
    public ToyLoop(LikelihoodModel model, Func<long, ModelData> toy, IReadOnlyList<double>? start) =>
        (_model, _toy, _start) = (model, toy, start is null ? model.InitialParameters : [.. start]);

    /// <summary>Runs over a range of toys.</summary>
    /// <param name="first">Number of the first toy.</param>
    /// <param name="count">How many.</param>
    /// <param name="compute">The result of a toy whose fits have just been restarted.</param>
    /// <param name="failed">The result of a toy whose fits failed.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    public (T[] Results, ToyFailure[] Failures) Run<T>(
        long first, int count, Func<ProfileLikelihood, ModelData, T> compute, T failed, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var results = new T[count];
        string?[] reasons = new string?[count];
        var idle = new IdlePool<Fitter>();
        int finished = 0;
        EventBlocks.ForEachIndex(count, at =>
        {
            Fitter fitter = idle.TryRent(out Fitter? found) ? found : new Fitter(_model);
            try
            {
                ModelData data = _toy(first + at);
                results[at] = compute(fitter.Restart(data, _start), data);
            }
            catch (FitException failure)
            {
                (results[at], reasons[at]) = (failed, failure.Message);
            }

            idle.Return(fitter);
            int done = Interlocked.Increment(ref finished);
            if (100L * done / count != 100L * (done - 1) / count)
            {
                progress?.Report((double)done / count);
            }
        }, cancellation);
        return (results,
        [.. Enumerable.Range(0, count).Where(at => reasons[at] is not null).Select(at => new ToyFailure(first + at, reasons[at]!))]);
    }

    /// <summary>The buffers of one thread.</summary>
    private sealed class Fitter(LikelihoodModel model)
    {
        private Likelihood? _likelihood;
        private ProfileLikelihood? _fits;

        public ProfileLikelihood Restart(ModelData data, double[] start)
        {
            if (_likelihood is null)
            {
                _likelihood = new Likelihood(model, data);
                _fits = new ProfileLikelihood(_likelihood, model.Parameters, model.ParameterOfInterest ?? 0);
            }
            else
            {
                _likelihood.SetData(data);
            }

            _fits!.Restart(start);
            return _fits;
        }
    }
}

/// <summary>A toy whose fits failed.</summary>
/// <param name="Number">Which one.</param>
/// <param name="Reason">Why.</param>
public sealed record ToyFailure(long Number, string Reason);
