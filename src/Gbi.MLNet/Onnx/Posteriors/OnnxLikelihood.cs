using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;

namespace Gbi.Onnx.Posteriors;

/// <summary>
/// The likelihood p(x|θ) by a network trained outside, such as a conditional flow (NLE). May be used from several threads at once.
/// </summary>
/// <example>
/// <code>
/// using OnnxLikelihood likelihood = OnnxLikelihood.Open("likelihood.onnx");
/// PosteriorSummary summary = likelihood.Posterior().Given(observed).Summarise(10_000, new Seed(1));
/// CorrectedPosterior corrected = posterior.CorrectedBy(prior, likelihood.At(observed), new Seed(1));
/// </code>
/// </example>
public sealed class OnnxLikelihood : IDisposable
{
    private readonly PairDensity _density;

    private OnnxLikelihood(PairDensity density) => _density = density;

    /// <summary>Names of the parameters θ, in order.</summary>
    public IReadOnlyList<string> Parameters => _density.Metadata.Parameters;

    /// <summary>Names of the features x, in order.</summary>
    public IReadOnlyList<string> Features => _density.Metadata.Features;

    /// <summary>The prior that the parameters of the training were drawn from; null where the file holds none.</summary>
    public Prior? Prior => _density.Metadata.Prior;

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _density.Network.Provider;

    /// <summary>Why it does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => _density.Network.ProviderReason;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">The file is missing or refused, or not what is expected of a likelihood; the message says in
    /// what.</exception>
    public static OnnxLikelihood Open(string path, OnnxOptions? options = null) =>
        Open(OnnxSource.Read(path), options ?? new OnnxOptions());

    /// <summary>Opens a file in memory.</summary>
    /// <exception cref="DataException">The file is refused, or not what is expected of a likelihood; the message says in what.</exception>
    public static OnnxLikelihood Open(byte[] model, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(OnnxSource.Of(model), options ?? new OnnxOptions());
    }

    /// <summary>ln p(xᵢ|θᵢ) of the pairs of equal rows; −∞ where the likelihood is 0.</summary>
    /// <param name="parameters">Columns <see cref="Parameters"/>.</param>
    /// <param name="observations">Columns <see cref="Features"/>; as many rows, or one row for all parameters.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    /// <exception cref="DataException">A column is missing, numbers of rows disagree, or the network gives no number; the message says for
    /// which row.</exception>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        return _density.LogDensity(parameters, Observations.OfRows(observations, Features, parameters), cancellation);
    }

    /// <summary>
    /// ln p(x|θ) of an observation, for <see cref="PosteriorCorrection.CorrectedBy"/>. Several rows are independent observations at the
    /// same θ, whose ln p add up, and with them the errors of the network.
    /// </summary>
    /// <param name="observation">One row or more with the columns <see cref="Features"/>.</param>
    /// <exception cref="DataException">There is no row, or a feature is no column or infinite.</exception>
    public LogLikelihood At(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable x = observation.Count > 0 ? Observations.Of(observation, Features) : throw new DataException(
            "There are no rows, expected one observation or more.");
        return parameters =>
        {
            double[] sums = new double[parameters.Count];
            for (int row = 0; row < x.Count; row++)
            {
                double[] ofRow = _density.LogDensity(parameters, x.Slice(row, 1));
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += ofRow[i];
                }
            }

            return sums;
        };
    }

    /// <summary>The posterior p(θ) p(x|θ)/Z by a sampler, of any observation. It uses this network, which must stay open.</summary>
    /// <param name="prior">p(θ), of the same parameters; null for <see cref="Prior"/>.</param>
    /// <param name="options">How it is sampled; null for the defaults.</param>
    /// <exception cref="DataException">There is no prior, or it has no density or other parameters.</exception>
    public LikelihoodPosterior Posterior(Prior? prior = null, SamplingOptions? options = null)
    {
        prior ??= Prior ?? throw new DataException(
            $"{_density.Network.Name} does not hold its prior ({OnnxContract.PriorKey} in its metadata); export it again with the prior's "
                + "JSON document, or give a prior.");
        return prior.Parameters.Order(StringComparer.Ordinal).SequenceEqual(Parameters.Order(StringComparer.Ordinal))
            ? new LikelihoodPosterior(prior, Features, _density.LogDensity, options)
            : throw new DataException(
                $"The prior is one of {string.Join(", ", prior.Parameters)}, and {_density.Network.Name} has the theta "
                    + $"{string.Join(", ", Parameters)}; give a prior of the same parameters.");
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _density.Dispose();

    private static OnnxLikelihood Open(OnnxSource source, OnnxOptions options) =>
        new(PairDensity.Open(source, OnnxContract.LikelihoodDensityKind, options, prior: null));
}
