using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Posteriors;

/// <summary>
/// The posterior q(θ|x) by networks trained outside, such as a conditional flow (NPE): one makes draws of normal noise, the other gives the
/// density. May be used from several threads at once.
/// </summary>
/// <remarks>
/// A network may put density outside the prior's support. Such draws are drawn again, and the density is q/Λ(x) with Λ the probability
/// inside: the share of 500 draws at x, or, where one of them is outside, of 10,500. Its standard error is √(Λ(1−Λ)/draws), for ln q
/// .01 √((1−Λ)/Λ); where none of 500 draws is outside, 1 is taken for a Λ that may be as low as .994. A network whose draws cannot leave
/// the support has no such error.
/// </remarks>
public sealed class OnnxPosterior : ILearntPosterior, IDisposable
{
    private const int ComparedDraws = 500;
    private const double LargestLeak = 0.05;

    // Rounding in single precision moves a point in a steep density; the median of many draws is hardly moved.
    private const double LargestDifference = 0.05;

    private static readonly Seed OfFiles = new Seed(1).Child("files");

    private readonly OnnxNetwork _network;
    private readonly PairDensity _density;
    private readonly PriorSupport _support;

    private OnnxPosterior(OnnxNetwork network, PairDensity density, PosteriorMetadata metadata, OnnxPosteriorOptions options)
    {
        _network = network;
        _density = density;
        Prior = metadata.Prior!;
        Parameters = metadata.Parameters;
        Features = metadata.Features;
        _support = new PriorSupport(new PosteriorSampler(network, Prior), Prior, network.Name, options.TruncatesToPrior);
    }

    /// <inheritdoc/>
    public Prior Prior { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _network.Provider;

    /// <summary>Why it does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => _network.ProviderReason;

    /// <summary>The file of the density that belongs to a posterior unless another is given: NET.density.onnx for NET.onnx.</summary>
    public static string DensityPath(string path) => Path.ChangeExtension(path, ".density.onnx");

    /// <summary>Opens the two files of a posterior.</summary>
    /// <param name="path">The file that makes draws.</param>
    /// <param name="densityPath">The file of the density; null for <see cref="DensityPath"/>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="DataException">A file is missing or refused, or not what is expected of it; the message says in what.</exception>
    public static OnnxPosterior Open(string path, string? densityPath = null, OnnxPosteriorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxSource model = OnnxSource.Read(path);
        if (densityPath is null && !File.Exists(DensityPath(path)))
        {
            throw new DataException(
                $"There is no file {DensityPath(path)}, which holds the density of {model.Name}; write it next to that file, or name it "
                    + "(--density).");
        }

        return Open(model, OnnxSource.Read(densityPath ?? DensityPath(path)), options ?? new OnnxPosteriorOptions());
    }

    /// <summary>Opens two files in memory.</summary>
    /// <param name="model">The file that makes draws.</param>
    /// <param name="density">The file of the density.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="DataException">A file is refused, or not what is expected of it; the message says in what.</exception>
    public static OnnxPosterior Open(byte[] model, byte[] density, OnnxPosteriorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(density);
        return Open(
            OnnxSource.Of(model), OnnxSource.Of(density, "the ONNX model of the density"),
            options ?? new OnnxPosteriorOptions());
    }

    /// <summary>
    /// The posterior of one observation, with a warning where 5 % of the network's density or more lie outside the prior's support, or
    /// where the two files disagree on the density of draws.
    /// </summary>
    /// <inheritdoc/>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable x = Observations.One(observation, Features);
        List<string> warnings = [.. DifferenceWarnings(x)];
        Estimate inside = _support.Shares(x, default)[0];
        if (inside.Value <= 1 - LargestLeak)
        {
            warnings.Add(Text(
                $"{100 * (1 - inside.Value):F1} ± {100 * inside.Error:F1} % of the network's density at this observation lies outside the ")
                + "prior's support, and such draws are drawn again: learn it with parameters mapped to the prior's range.");
        }

        return new Posterior(this, x, warnings);
    }

    /// <summary>
    /// The probability Λ(x) that the network gives the prior's support at an observation, by draws; 1 where nothing leaks.
    /// </summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <returns>Its error is that of a share of draws; of 500 draws inside, 1/500.</returns>
    /// <exception cref="DataException">A feature is no column or infinite, or less than a thousandth is inside.</exception>
    public Estimate InsideShare(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return _support.Shares(Observations.One(observation, Features), default)[0];
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        EventTable x = Observations.OfRows(observations, Features, parameters);
        double[] densities = _density.LogDensity(parameters, x, cancellation);
        double[] logInside = _support.LogShares(x, cancellation);
        bool[] isInside = _support.Contains(parameters);
        for (int row = 0; row < densities.Length; row++)
        {
            densities[row] = isInside[row] ? densities[row] - logInside[x.Count == 1 ? 0 : row] : double.NegativeInfinity;
        }

        return densities;
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">Less than a thousandth of the draws of an observation are in the prior's support.</exception>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EventTable x = Observations.Of(observations, Features);
        (float[][] columns, double[] densities) = _support.Draw(x, count, seed, cancellation);
        EventTable table = EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
        return new PosteriorDraws(table, count, () =>
        {
            double[] logInside = _support.LogShares(x, cancellation);
            return [.. densities.Select((density, row) => density - logInside[row / count])];
        });
    }

    /// <summary>Closes the sessions.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _density.Dispose();
    }

    internal static OnnxPosterior Open(OnnxSource model, OnnxSource density, OnnxPosteriorOptions options)
    {
        PosteriorMetadata? metadata = null;
        OnnxNetwork network = OnnxNetwork.Open([model], options.Execution, graph =>
        {
            metadata = PosteriorMetadata.Of(graph, options.Prior);
            return new OnnxRequest(
                OnnxContract.PosteriorKind,
                [(OnnxContract.NoiseInput, null), (OnnxExport.FeaturesInput, metadata.Features.Length)],
                [],
                [(OnnxContract.ThetaInput, OutputForm.Columns), (OnnxContract.LogDensityOutput, OutputForm.Number)],
                []);
        });
        try
        {
            RequireShapes(network.Graphs[0], metadata!);
            var pairs = PairDensity.Open(density, OnnxContract.PosteriorDensityKind, options.Execution, options.Prior);
            try
            {
                PosteriorMetadata.RequireAlike(network.Graphs[0], pairs.Network.Graphs[0]);
                return new OnnxPosterior(network, pairs, metadata!, options);
            }
            catch
            {
                pairs.Dispose();
                throw;
            }
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void RequireShapes(OnnxGraphFile graph, PosteriorMetadata metadata)
    {
        int count = metadata.Parameters.Length;
        string? wrong = graph.Outputs[0].Slots != count
            ? $"{OnnxContract.ThetaInput} of {graph.Name} has {graph.Outputs[0].Slots} columns for {count} names of theta "
                + $"({OnnxContract.ThetaKey}); export it again with one per column."
            : graph.Inputs[0].Width < count
                ? $"{OnnxContract.NoiseInput} of {graph.Name} takes {graph.Inputs[0].Width} numbers per event for {count} parameters, "
                    + "expected as many or more; export it again."
                : metadata.Prior is null
                    ? $"{graph.Name} does not hold its prior ({OnnxContract.PriorKey} in its metadata); export it again with the prior's "
                        + "JSON document, or give the prior in OnnxPosteriorOptions."
                    : null;
        if (wrong is not null)
        {
            throw new DataException(wrong);
        }
    }

    /// <summary>A sentence where the density of the one network is not that of the other's draws.</summary>
    private IEnumerable<string> DifferenceWarnings(EventTable x)
    {
        (float[][] columns, double[] ofDraws) = _support.Draw(x, ComparedDraws, OfFiles, default);
        EventTable table = EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
        double[] differences = [.. _density.LogDensity(table, x).Zip(ofDraws, (density, ofDraw) => Math.Abs(density - ofDraw)).Order()];
        double median = differences[differences.Length / 2];
        if (!(median <= LargestDifference))
        {
            yield return Text($"ln q of {_density.Network.Name} differs from that of the draws of {_network.Name} by {median:G3}, ")
                + Text($"expected at most {LargestDifference}: they are not of one network, or neither knows such observations.");
        }
    }
}
