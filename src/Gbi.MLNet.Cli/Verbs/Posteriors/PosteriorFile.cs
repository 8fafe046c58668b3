using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Posteriors;
using Gbi.Onnx.Sessions;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Truncation;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>The posterior that a verb works with: of 'gbi infer', or of networks trained outside.</summary>
internal sealed class PosteriorFile
{
    private readonly Option<string> _density = OptionOf.Text(
        "--density", "NET.onnx", "Density of a posterior that is a network.", defaultsTo: "NET.density.onnx next to NET.onnx");

    private readonly NetworkOptions _network = new();

    public Argument<string> Argument { get; } = new("POSTERIOR")
    {
        Description = "Posterior from 'gbi infer' or saved in code (.zip), or network of a posterior or of a likelihood (.onnx).",
    };

    public Option[] Options => [_density, .. _network.All];

    /// <summary>Opens it.</summary>
    /// <exception cref="UsageException">An option does not belong to such a file.</exception>
    /// <exception cref="DataException">A file is missing, damaged or of another kind.</exception>
    public OpenedPosterior Open(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Argument);
        string? density = parsed.GetValue(_density);
        bool isNetwork = OnnxFiles.IsOnnx(path);
        if (!isNetwork)
        {
            _network.RequireUnused(parsed);
        }

        string kind = isNetwork ? OnnxFiles.KindOf(path) : "";
        if (density is not null && kind != OnnxContract.PosteriorKind)
        {
            throw new UsageException($"{_density.Name} belongs to a network of a posterior, which {path} is not; leave it out.");
        }

        OnnxOptions options = _network.Of(parsed, cancellation);
        switch (kind)
        {
            case "" when TruncatedPosterior.IsIn(path):
                return new OpenedPosterior(TruncatedPosterior.Load(path), null);
            case "" when RatioPosterior.IsIn(path):
                return new OpenedPosterior(RatioPosterior.Load(path), null);
            case "":
                return new OpenedPosterior(TreePosterior.Load(path), null);
            case OnnxContract.PosteriorKind:
                var posterior = OnnxPosterior.Open(path, density, new OnnxPosteriorOptions { Execution = options });
                return new OpenedPosterior(posterior, posterior);
            case OnnxContract.LikelihoodDensityKind:
                var likelihood = OnnxLikelihood.Open(path, options);
                try
                {
                    return new OpenedPosterior(likelihood.Posterior(), likelihood);
                }
                catch
                {
                    likelihood.Dispose();
                    throw;
                }

            default:
                throw new DataException($"{path} is a {kind}, expected a posterior or a likelihood_density; give another file.");
        }
    }
}

/// <summary>A posterior, and the network that is closed with it.</summary>
internal sealed record OpenedPosterior(ILearntPosterior Model, IDisposable? Network) : IDisposable
{
    public void Dispose() => Network?.Dispose();
}
