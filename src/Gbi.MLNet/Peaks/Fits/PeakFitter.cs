using Gbi.Events;
using Gbi.Inference.Tests;
using Gbi.Likelihoods.Model;
using Gbi.Peaks.Shapes;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks.Fits;

/// <summary>
/// The steps of a fit in categories: one position and width for all first; then a width of its own for each category that shows a peak by
/// itself; a category without a fit joins its neighbour, which leaves the sum of the yields as it is.
/// </summary>
internal sealed class PeakFitter
{
    // The fit finds the best of many positions and widths, where narrow ones are the tallest by chance: a yield of four of its errors
    // that is as significant locally is beyond that choice.
    private const double LeastSignificance = 4;

    /// <summary>Yield over its error from which a category has a width of its own.</summary>
    private const double LeastPull = 5;

    private readonly MassWindow _window;
    private readonly PeakFitOptions _options;
    private readonly double _low;
    private readonly double _high;
    private readonly IReadOnlyList<string> _names;
    private readonly List<string> _remarks = [];
    private List<Group> _groups;

    /// <summary>A fit of masses.</summary>
    /// <param name="split">The masses of each category.</param>
    /// <param name="names">Each category in words, for remarks.</param>
    /// <param name="window">The region in which the mean lies, and the outer limits.</param>
    /// <param name="options">What peak and background look like.</param>
    public PeakFitter(double[][] split, IReadOnlyList<string> names, MassWindow window, PeakFitOptions options)
    {
        (_window, _options, _names) = (window, options, names);
        double[] all = [.. split.SelectMany(masses => masses)];
        int least = LeastEvents;
        if (all.Length < least)
        {
            throw new DataException(
                Text($"There are {all.Length} events in {window}, too few for a peak over this background ({least} are needed)."));
        }

        _low = double.IsFinite(window.OuterLow) ? window.OuterLow : all.Min();
        _high = double.IsFinite(window.OuterHigh) ? window.OuterHigh : all.Max();
        _groups = [.. split.Select((masses, category) => new Group([category], masses))];
    }

    private int LeastEvents => 10 * (_options.Background.ParameterCount + 2);

    private double[][] Masses => [.. _groups.Select(group => group.Masses)];

    /// <summary>Makes one category of all, and says why.</summary>
    public void JoinAll(string reason)
    {
        _remarks.Add(reason);
        _groups = [new Group([.. Enumerable.Range(0, _names.Count)], [.. _groups.SelectMany(group => group.Masses)])];
    }

    /// <summary>Fits.</summary>
    /// <param name="shape">A shape to hold, so that the yields alone are fitted; null to fit it.</param>
    /// <exception cref="FitException">Not even all events together have a minimum.</exception>
    public PeakFit Fit(PeakShape? shape)
    {
        PeakBackground background = PeakBackground.Of(_options.Background, _low, _high);
        for (int few; _groups.Count > 1 && (few = _groups.FindIndex(group => group.Masses.Length < LeastEvents)) >= 0;)
        {
            Join(few, Text($"holds {_groups[few].Masses.Length} events, too few for a background of its own"));
        }

        PeakMinimum? together = shape is null ? Together(background) : null;
        bool isHeld = together is null;
        PeakShape known = shape ?? (together is null ? Start(Masses).Held : together.Shape);
        if (shape is null && isHeld)
        {
            _remarks.Add(Text(
                $"The masses alone show no peak of {LeastSignificance} σ: its position {known.Mean:G6} and width {known.Width[0]:G4} are "
                    + $"held ({(_options.Mean is null ? "centre of the signal region" : "--mean")}, "
                    + $"{(_options.Width is null ? "a sixth of it" : "--width")}); name the known ones with --mean and --width."));
        }

        if (together is not null && _groups.Count == 1)
        {
            return Result(together, isHeld);
        }

        PeakMinimum common = WithOneWidth(background, known, isHeld);
        return Result(isHeld ? common : WithOwnWidths(background, common), isHeld || shape is not null);
    }

    /// <summary>The fit of all masses together; null where it finds no significant peak.</summary>
    private PeakMinimum? Together(PeakBackground background)
    {
        double[][] all = [[.. Masses.SelectMany(masses => masses)]];
        var likelihood = new PeakLikelihood(all, _low, _high, _options.Form, background, [0]);
        try
        {
            PeakMinimum minimum = PeakMinimum.Of(likelihood, Start(all), known: null, isShapeFixed: false);
            bool isKnown = _options.Mean is not null && _options.Width is not null && PeakForms.IsFixed(_options.Form);
            bool isPeak = minimum.Yield.Value >= LeastSignificance * minimum.Yield.Error && !minimum.IsShapeAtBound
                && Significance.OfDiscovery(minimum.LogLikelihoodRatio) >= LeastSignificance;
            return isPeak || isKnown ? minimum : null;
        }
        catch (FitException)
        {
            return null;
        }
    }

    private PeakMinimum WithOneWidth(PeakBackground background, PeakShape known, bool isHeld)
    {
        while (true)
        {
            // A shape that is held may have a width for each category.
            int[] widthOf = isHeld && known.Width.Count == _groups.Count
                ? [.. Enumerable.Range(0, _groups.Count)]
                : new int[_groups.Count];
            try
            {
                return PeakMinimum.Of(Likelihood(background, widthOf), Start(Masses), known, isHeld);
            }
            catch (FitException) when (_groups.Count > 1)
            {
                Join(Failing(background, known), "has no fit of its own");
            }
        }
    }

    private PeakMinimum WithOwnWidths(PeakBackground background, PeakMinimum common)
    {
        if (!_options.HasWidthPerCategory || _groups.Count == 1 || _options.Width is not null)
        {
            return common;
        }

        bool[] isOwn =
        [
            .. Enumerable.Range(0, _groups.Count).Select(common.Likelihood.YieldOf)
                .Select(i => common.Result.Parameters[i] > LeastPull * common.Result.Errors[i])
        ];
        int[] widthOf = WidthsOf(isOwn);
        if (widthOf.Max() == 0)
        {
            return common;
        }

        try
        {
            PeakMinimum own = PeakMinimum.Of(Likelihood(background, widthOf), Start(Masses), common.Shape, isShapeFixed: false);
            if (!own.IsShapeAtBound)
            {
                return own;
            }
        }
        catch (FitException)
        {
            // Told below, as the other case is.
        }

        _remarks.Add("The fit with a width for each category finds no minimum; all categories have one common width.");
        return common;
    }

    /// <summary>Numbers of widths: one for each category with a peak of its own, that of the nearest such category for others.</summary>
    private static int[] WidthsOf(bool[] isOwn)
    {
        int[] owners = [.. Enumerable.Range(0, isOwn.Length).Where(category => isOwn[category])];
        return owners.Length == 0
            ? new int[isOwn.Length]
            : [.. isOwn.Select((_, category) => Array.IndexOf(owners, owners.MinBy(owner => Math.Abs(owner - category))))];
    }

    /// <summary>The category that has no fit with the shape held; where each has one, that with the fewest events.</summary>
    private int Failing(PeakBackground background, PeakShape known)
    {
        for (int group = 0; group < _groups.Count; group++)
        {
            double[][] alone = [_groups[group].Masses];
            try
            {
                PeakMinimum.Of(
                    new PeakLikelihood(alone, _low, _high, _options.Form, background, [0]), Start(alone), known, isShapeFixed: true);
            }
            catch (FitException)
            {
                return group;
            }
        }

        return Enumerable.Range(0, _groups.Count).MinBy(group => _groups[group].Masses.Length);
    }

    private void Join(int group, string reason)
    {
        int other = group == 0 ? 1 : group - 1;
        _remarks.Add($"Category {NameOf(_groups[group])} {reason}; it is fitted together with category {NameOf(_groups[other])}.");
        (Group low, Group high) = group < other ? (_groups[group], _groups[other]) : (_groups[other], _groups[group]);
        _groups =
        [
            .. _groups.Take(Math.Min(group, other)),
            new Group([.. low.Members, .. high.Members], [.. low.Masses, .. high.Masses]),
            .. _groups.Skip(Math.Max(group, other) + 1),
        ];
    }

    private string NameOf(Group group) => string.Join(" + ", group.Members.Select(member => _names[member]));

    private PeakFit Result(PeakMinimum minimum, bool isShapeHeld)
    {
        for (int category = 0; category < _groups.Count; category++)
        {
            string name = _groups.Count == 1 ? "" : $" of category {NameOf(_groups[category])}";
            if (minimum.IsBackgroundHeld(category))
            {
                _remarks.Add($"The background{name} is held at 0 or above: a polynomial without that limit is negative in places.");
            }
            else if (minimum.NegativeAt(category, withPeak: false) is { } mass)
            {
                _remarks.Add(Text($"The background{name} is negative at {mass:G5}; choose another function of it."));
            }

            if (minimum.NegativeAt(category, withPeak: true) is { } where)
            {
                _remarks.Add(Text($"Peak and background{name} together are negative at {where:G5}: its yield is too low."));
            }
        }

        return new PeakFit(minimum, Masses, [.. _groups.Select(group => group.Members)], _window, _options)
        {
            IsShapeHeld = isShapeHeld,
            Remarks = _remarks,
        };
    }

    private PeakLikelihood Likelihood(PeakBackground background, int[] widthOf) =>
        new(Masses, _low, _high, _options.Form, background, widthOf);

    private PeakStart Start(double[][] masses) => new(masses, _low, _high, _window, _options);

    /// <summary>Categories that are fitted as one.</summary>
    private sealed record Group(int[] Members, double[] Masses);
}
