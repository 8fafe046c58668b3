using System.Security.Cryptography;
using System.Text;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Pipeline.Persistence;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Truncation;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Ratios.Parametric;
using Microsoft.ML;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Scoring;

/// <summary>
/// A ratio, a systematic or a posterior from a file, by trees or by networks, applied to tables of events: which columns it reads and which
/// it gives.
/// </summary>
public sealed class ScoringModel : IDisposable
{
    /// <summary>What stands before a parameter's name in the name of the column with the mean of its posterior.</summary>
    public const string PosteriorMeanPrefix = "posterior_mean_";

    /// <summary>What stands before a parameter's name in the name of the column with the standard deviation of its posterior.</summary>
    public const string PosteriorDeviationPrefix = "posterior_deviation_";

    private readonly PosteriorRows? _rows;

    private ScoringModel(string name, IDensityRatio ratio)
    {
        Name = name;
        Ratio = ratio;
        Features = ratio.Features;
        Columns = [RatioModelFile.LogRatioColumn, RatioModelFile.SpreadColumn, RatioModelFile.UncertaintyColumn];
    }

    private ScoringModel(string name, IParametricRatio systematic, IReadOnlyList<string> columns)
    {
        Name = name;
        Systematic = systematic;
        Features = systematic.Features;
        Columns = columns;
    }

    private ScoringModel(string name, PosteriorRows rows)
    {
        Name = name;
        _rows = rows;
        Features = rows.Posterior.Features;
        Columns =
        [
            .. rows.Posterior.Parameters.Select(parameter => PosteriorMeanPrefix + parameter),
            .. rows.Posterior.Parameters.Select(parameter => PosteriorDeviationPrefix + parameter),
        ];
    }

    /// <summary>Name of the file, or of the first of an ensemble's.</summary>
    public string Name { get; }

    /// <summary>The ratio; null where the model is another one.</summary>
    public IDensityRatio? Ratio { get; }

    /// <summary>The number that stood for a missing value when the model was trained; null for none, or where it is not known.</summary>
    public double? MissingValue => (Ratio as RatioModel)?.MissingValue;

    /// <summary>The systematic; null where the model is another one.</summary>
    public IParametricRatio? Systematic { get; }

    /// <summary>The posterior; null where the model is another one.</summary>
    public TreePosterior? Posterior => _rows?.Posterior;

    /// <summary>Columns that the model reads.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Names of the columns that it gives.</summary>
    public IReadOnlyList<string> Columns { get; private set; }

    /// <summary>Where a network runs: "CUDA", "CUDA and CPU" or "CPU"; null for trees.</summary>
    public string? Provider => (Ratio as OnnxRatio)?.Provider ?? (Systematic as OnnxSystematic)?.Provider;

    /// <summary>Why a network does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => (Ratio as OnnxRatio)?.ProviderReason ?? (Systematic as OnnxSystematic)?.ProviderReason;

    /// <summary>Identifies the model: a hash of what its files hold, in hexadecimal digits.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>
    /// Reads what <see cref="RatioModelFile"/> or <see cref="SystematicModelFile"/> wrote, or any chain with one such transformer; or an
    /// ONNX file of a ratio or a systematic, told by its name; or a posterior as by <see cref="LoadPosterior"/>. A signal family needs a
    /// point: <see cref="LoadFamily"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How a network is run; null for the defaults.</param>
    /// <exception cref="DataException">The file is missing, no model, or holds no such transformer or several.</exception>
    public static ScoringModel Load(string path, OnnxOptions? options = null)
    {
        if (SignalFamilyFile.IsFamily(path))
        {
            throw new DataException(
                $"{path} is a signal family by its name, which has a ratio at a point alone; name the point, as --at does.");
        }

        if (OnnxFiles.IsOnnx(path))
        {
            return OfNetwork(path, options ?? new OnnxOptions());
        }

        if (IsPosterior(path))
        {
            return LoadPosterior(path);
        }

        ScoringModel[] models = [.. ModelFile.Load(path).Select(transformer => Of(transformer, path)).OfType<ScoringModel>()];
        return models.Length == 1 ? models[0] : throw new DataException(
            $"{path} holds {models.Length} ratios or systematics where one is expected; give a model that 'gbi train', 'gbi search' or "
                + $"'gbi adopt' wrote.");
    }

    /// <summary>
    /// A posterior that <c>gbi infer</c> or <see cref="TreePosterior.Save(string, bool)"/> wrote: means and standard deviations of its
    /// parameters, from draws that depend on an event's features alone.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="drawCount">
    /// Draws for each event; a mean is known to its standard deviation over the root of this. Range: 2 or more.
    /// </param>
    /// <exception cref="DataException">
    /// The file is missing, no posterior, or one that is sampled at each observation or holds for one observation.
    /// </exception>
    public static ScoringModel LoadPosterior(string path, int drawCount = PosteriorDrawing.DefaultCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drawCount, 2);
        if (RatioPosterior.IsIn(path) || TruncatedPosterior.IsIn(path))
        {
            throw new DataException(TruncatedPosterior.IsIn(path)
                ? $"{path} was inferred in rounds and holds for one observation; give a posterior that was inferred without --rounds."
                : $"{path} is a posterior by a classifier, which is sampled at each observation for seconds; give one that was inferred "
                    + "without --correct, or take 'gbi posterior --json' of a few observations.");
        }

        var drawing = new PosteriorDrawing(
            drawCount, new Seed(1).Child("draws"), [], [PosteriorOutput.Mean, PosteriorOutput.Deviation]);
        return new ScoringModel(Path.GetFileName(path), new PosteriorRows(TreePosterior.Load(path), drawing))
        {
            Fingerprint = HashOf([path], new Dictionary<string, double> { ["draws"] = drawCount }),
        };
    }

    /// <summary>Whether a file is a posterior by trees.</summary>
    internal static bool IsPosterior(string path) =>
        TreePosterior.IsIn(path) || RatioPosterior.IsIn(path) || TruncatedPosterior.IsIn(path);

    /// <summary>A signal family, which <see cref="SignalFamilyFile"/> wrote, at one point.</summary>
    /// <param name="path">The file.</param>
    /// <param name="at">Name and value of each of its parameters, in any order.</param>
    /// <exception cref="DataException">The file is missing or no signal family.</exception>
    /// <exception cref="ArgumentException">The names are not those of the family's parameters, or the point is out of its
    /// range.</exception>
    public static ScoringModel LoadFamily(string path, IReadOnlyDictionary<string, double> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        SignalFamily family = SignalFamilyFile.Load(path);
        return family.Parameters.Count == at.Count && family.Parameters.All(at.ContainsKey)
            ? new ScoringModel(
                Path.GetFileName(path), family.At([.. family.Parameters.Select(name => at[name])]))
            { Fingerprint = HashOf([path], at) }
            : throw new ArgumentException(
                $"The point names {string.Join(", ", at.Keys)}, but the parameters of {Path.GetFileName(path)} are "
                    + $"{string.Join(", ", family.Parameters)}.");
    }

    /// <summary>The members of one ratio, each an ONNX file.</summary>
    /// <exception cref="DataException">A file is missing or no ratio, or they are not members of one ratio.</exception>
    public static ScoringModel LoadEnsemble(IReadOnlyList<string> paths, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new ScoringModel(
            Path.GetFileName(paths[0]), OnnxRatio.Open(paths, new OnnxRatioOptions { Execution = options ?? new OnnxOptions() }))
        {
            Fingerprint = HashOf(paths),
        };
    }

    /// <summary>The same model with something before the names of its columns; both are closed together.</summary>
    public ScoringModel WithPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var renamed = (ScoringModel)MemberwiseClone();
        renamed.Columns = [.. Columns.Select(column => prefix + column)];
        return renamed;
    }

    /// <summary>The columns of some events, in the order of <see cref="Columns"/>; one value an event.</summary>
    /// <exception cref="DataException">A feature is not a column of the table, or a network gives no number for an event.</exception>
    public float[][] Score(EventTable events) => Score(events, 0, CancellationToken.None);

    /// <summary>Closes a network's sessions.</summary>
    public void Dispose()
    {
        (Ratio as IDisposable)?.Dispose();
        (Systematic as IDisposable)?.Dispose();
    }

    /// <summary>The same for events that follow others, which count in messages.</summary>
    internal float[][] Score(EventTable events, long firstEvent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (_rows is not null)
        {
            return _rows.Columns(events, cancellation);
        }

        if (Systematic is { } systematic)
        {
            return systematic is OnnxSystematic net
                ? ParametricRatioExtensions.ColumnsOf(net.Coefficients(events, firstEvent, cancellation), net.Monomials.Count)
                : systematic.Columns(events);
        }

        RatioScores scores = Ratio is OnnxRatio network ? network.Score(events, firstEvent, cancellation) : Ratio!.Score(events);
        return scores.Columns;
    }

    private static ScoringModel OfNetwork(string path, OnnxOptions options)
    {
        string name = Path.GetFileName(path);
        string kind = OnnxFiles.KindOf(path);
        switch (kind)
        {
            case OnnxContract.RatioKind:
                return new ScoringModel(
                    name, OnnxRatio.Open(path, new OnnxRatioOptions { Execution = options }))
                { Fingerprint = HashOf([path]) };
            case OnnxContract.SystematicKind:
                var systematic = OnnxSystematic.Open(path, options);
                string[] columns = [.. systematic.Monomials.Select(monomial => ParametricRatio.ColumnPrefix + monomial.Name)];
                return new ScoringModel(name, systematic, columns) { Fingerprint = HashOf([path]) };
            default:
                throw new DataException($"{path} is a {kind}, which gives no columns to events; expected a ratio or a systematic.");
        }
    }

    private static ScoringModel? Of(ITransformer transformer, string path) => transformer switch
    {
        RatioTreesTransformer ratio => new ScoringModel(Path.GetFileName(path), ratio.Ratio) { Fingerprint = HashOf([path]) },
        OnnxRatioTransformer network => new ScoringModel(Path.GetFileName(path), network.Ratio) { Fingerprint = HashOf([path]) },
        SystematicTransformer systematic =>
            new ScoringModel(Path.GetFileName(path), systematic.Ratio, systematic.Columns) { Fingerprint = HashOf([path]) },
        _ => null,
    };

    private static string HashOf(IReadOnlyList<string> paths, IReadOnlyDictionary<string, double>? at = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in paths)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(FileContent.HashOf(path) ?? path));
        }

        foreach ((string name, double value) in (at ?? new Dictionary<string, double>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Text($"{name}={value:R};")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
