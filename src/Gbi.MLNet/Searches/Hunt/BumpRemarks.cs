using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Hunt;

/// <summary>What the numbers of a bump hunt mean, in sentences.</summary>
internal static class BumpRemarks
{
    private const double PoorSpectrum = 0.01;
    private const double ManyFailures = 0.02;

    public static IEnumerable<string> Of(BumpHuntOptions options, BumpHuntResult result, BackgroundToys? source)
    {
        yield return "The local p-value includes the errors of the counts, of the mass spectrum and of the template's finite size, but not "
            + "a bias of the learnt background. The toys, in which the background is learnt anew, include it as far as they resemble the "
            + "data.";
        int failed = result.Windows.Count(window => window.Point is null);
        if (failed > 0)
        {
            yield return $"{failed} of {result.Windows.Count} windows failed; they are excluded from data and toys.";
        }

        // At most 1 % of the hunts with a right spectrum are alarmed, however many windows they have (Bonferroni).
        double alarm = PoorSpectrum / result.Windows.Count;
        int poor = result.Windows.Count(window => window.Point?.SpectrumGoodnessOfFit < alarm);
        if (poor > 0)
        {
            string best = result.Best.Point!.SpectrumGoodnessOfFit < alarm ? ", the most significant one among them" : "";
            yield return Text(
                $"In {poor} of {result.Windows.Count} windows the mass spectrum does not describe the sidebands (χ² probability below "
                    + $"{alarm:G2}){best}: their local p-values are not reliable; use more parameters, another shape or narrower "
                    + $"sidebands.");
        }

        if (options.Scan.Step > options.Scan.HalfWidth)
        {
            yield return Text(
                $"The windows are {options.Scan.Step} apart, more than half their width of {2 * options.Scan.HalfWidth}: a signal between "
                    + $"two windows is split, and upcrossings between them are missed; use smaller steps.");
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
            yield return "A global p-value needs toys, since each window has a training of its own.";
        }
    }

    private static IEnumerable<string> OfToys(
        BumpHuntOptions options, BumpHuntResult result, ToyGlobalProbability toys, BackgroundToys? source)
    {
        if (toys.AtLeastAsExtreme == 0)
        {
            yield return Text(
                $"None of {Counted(toys.ToyCount, "toy")} is as extreme as the data: the global p-value is at most "
                    + $"{toys.Interval(ConfidenceLevel.Usual).Upper:G2} at 95 % CL; more toys can lower it.");
        }

        if (toys.FailureCount > ManyFailures * (toys.ToyCount + toys.FailureCount))
        {
            yield return Text(
                $"{toys.FailureCount:N0} of {toys.ToyCount + toys.FailureCount:N0} toys failed and are excluded, which makes the "
                    + $"global p-value unreliable; the file of toys has their error messages.");
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
                $"No toy crosses q = {options.UpcrossingLevel:G3} upwards, so that upcrossings give no bound; use more toys or a lower "
                    + $"level."),
            (_, null) => Text(
                $"The largest q of the data is below the upcrossing level {options.UpcrossingLevel:G3}, so that upcrossings give no bound; "
                    + $"the excess is small."),
            _ =>
                "The p-value from upcrossings is an upper bound if the local p-values are right. It is larger than necessary here, since "
                    + "q jumps between windows with separate trainings. Quote the p-value from toys.",
        };
    }
}
