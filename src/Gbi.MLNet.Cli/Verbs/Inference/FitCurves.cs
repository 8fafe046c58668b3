using Gbi.Events;
using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>Scans and contours around a best fit.</summary>
internal static class FitCurves
{
    private const int Points = 31;
    private const double Errors = 3.2;

    /// <summary>Confidence levels of contours: of one standard deviation, and the usual one.</summary>
    private static readonly double[] Levels = [ConfidenceLevel.OneSigma, ConfidenceLevel.Usual];

    /// <summary>Values of the parameter of interest on both sides of its best one, in its bounds; empty where it has no error.</summary>
    public static IReadOnlyList<double> Grid(ProfileLikelihood fits)
    {
        FitParameter of = fits.Parameters[fits.ParameterOfInterest];
        double error = fits.Fit().Errors[fits.ParameterOfInterest];
        double low = Math.Max(of.Lower, fits.MuHat - (Errors * error));
        double high = Math.Min(of.Upper, fits.MuHat + (Errors * error));
        return low < high ? [.. Enumerable.Range(0, Points).Select(at => low + ((high - low) * at / (Points - 1)))] : [];
    }

    /// <summary>The profile of −2 ln L over values of the parameter of interest.</summary>
    public static IReadOnlyList<ScanPointDocument> Scan(ProfileLikelihood fits, IReadOnlyList<double> grid) =>
        [.. ProfileScan.Of(fits, grid).Select(ScanPointDocument.Of)];

    /// <summary>Fits about another parameter, which begin at the best fit.</summary>
    /// <param name="fits">Fits about the parameter of interest.</param>
    /// <param name="name">The other parameter.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="UsageException">There is none of that name, or it is fixed.</exception>
    public static ProfileLikelihood About(ProfileLikelihood fits, string name, string option)
    {
        int at = IndexOf(fits, name, option);
        IReadOnlyList<double> best = fits.Fit().Parameters;
        return new ProfileLikelihood(
            fits.TwiceNll, [.. fits.Parameters.Select((parameter, i) => parameter with { Initial = best[i] })], at)
        {
            Cancellation = fits.Cancellation,
        };
    }

    /// <summary>The contours of a pair of parameters.</summary>
    /// <param name="fits">Fits of the model.</param>
    /// <param name="pair">Both names with a comma between them.</param>
    /// <param name="option">The option that names them.</param>
    /// <exception cref="UsageException">They are not two different free parameters.</exception>
    public static IReadOnlyList<PairContourDocument> Contours(ProfileLikelihood fits, string pair, string option)
    {
        string[] words = pair.Split(',');
        HashSet<string> names = [.. fits.Parameters.Select(parameter => parameter.Name)];
        int split = Enumerable.Range(1, words.Length - 1).FirstOrDefault(
            at => names.Contains(string.Join(',', words[..at])) && names.Contains(string.Join(',', words[at..])),
            words.Length == 2 ? 1 : -1);
        if (split < 0)
        {
            throw new UsageException($"{option} is '{pair}', expected the names of two parameters with a comma between them.");
        }

        (string first, string second) = (string.Join(',', words[..split]), string.Join(',', words[split..]));
        ProfileLikelihood about = About(fits, first, option);
        int other = IndexOf(fits, second, option);
        return other == about.ParameterOfInterest
            ? throw new UsageException($"{option} is '{pair}', which names one parameter twice; name two.")
            : [.. Levels.Select(level => PairContourDocument.Of(
                ProfileContour.Of(about, other, new ContourOptions { ConfidenceLevel = level }), level))];
    }

    private static int IndexOf(ProfileLikelihood fits, string name, string option)
    {
        int at = fits.Parameters.ToList().FindIndex(parameter => parameter.Name == name);
        return at < 0
            ? throw new UsageException(
                $"{option} names the parameter '{name}', which the model lacks; it has "
                    + $"{NearestNames.List(name, [.. fits.Parameters.Select(parameter => parameter.Name)])}.")
            : fits.Parameters[at].IsFixed
                ? throw new UsageException($"{option} names '{name}', which is fixed; free it (--free {name}).")
                : at;
    }
}
