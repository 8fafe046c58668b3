using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Hunt;

/// <summary>What the numbers of a bump hunt mean, in words.</summary>
internal static class BumpRemarks
{
    private const double PoorSpectrum = 0.01;
    private const double ManyFailures = 0.02;

    public static IEnumerable<string> Of(BumpHuntOptions options, BumpHuntResult result, BackgroundToys? source)
    {
        yield return "The local p-value holds the errors of the counts, of the spectrum and of the template's size, not that of a "
            + "background learnt wrongly; toys trained anew hold it as far as they resemble the data's background.";
        int failed = result.Windows.Count(place => place.Point is null);
        if (failed > 0)
        {
            yield return $"{failed} of {result.Windows.Count} windows gave no result and count nowhere, in the toys neither.";
        }

        if (options.Scan.Step > options.Scan.HalfWidth)
        {
            yield return Text(
                $"Neighbouring windows are {options.Scan.Step} apart, more than half their width {2 * options.Scan.HalfWidth}: a signal "
                    + $"between two is shared by both, and upcrossings between them are missed; take smaller steps.");
        }

        if (result.FromToys is { } toys)
        {
            foreach (string remark in OfToys(options, result, toys, source))
            {
                yield return remark;
            }
        }
        else
        {
            yield return "There is no global p-value without toys, since each window is trained for itself; the one of independent "
                + "windows is for comparison alone.";
        }
    }

    private static IEnumerable<string> OfToys(
        BumpHuntOptions options, BumpHuntResult result, ToyGlobalProbability toys, BackgroundToys? source)
    {
        if (toys.AtLeastAsExtreme == 0)
        {
            yield return Text(
                $"None of {toys.ToyCount:N0} toys is as extreme as the data: the global p-value is at most "
                    + $"{toys.Interval(ConfidenceLevel.Usual).Upper:G2} at 95 %; more toys can lower it.");
        }

        if (toys.FailureCount > ManyFailures * (toys.ToyCount + toys.FailureCount))
        {
            yield return Text(
                $"{toys.FailureCount:N0} of {toys.ToyCount + toys.FailureCount:N0} toys gave no result and are left out, which makes the "
                    + $"global p-value doubtful; see their sentences in the file of toys.");
        }

        if (source is { SpectrumGoodnessOfFit: < PoorSpectrum })
        {
            yield return Text(
                $"The mass spectrum of the toys does not describe the data outside the most significant window (χ² probability "
                    + $"{source.SpectrumGoodnessOfFit:G2}); use more parameters, another shape or a shorter range of masses.");
        }

        yield return (result.Upcrossings, result.FromUpcrossings) switch
        {
            (null, _) => Text(
                $"No toy rises through q = {options.UpcrossingLevel:G3} between two windows, so that upcrossings bound nothing; take more "
                    + $"toys or a lower level."),
            (_, null) => Text(
                $"The largest q of the data lies below the level {options.UpcrossingLevel:G3} of the upcrossings, which then bound "
                    + $"nothing; the excess is small."),
            _ =>
                "The p-value from upcrossings is an upper bound where local p-values are right, and as wrong as they are elsewhere; "
                    + "windows with a training each jump from one to the next, which raises it. The toys decide.",
        };
    }
}
