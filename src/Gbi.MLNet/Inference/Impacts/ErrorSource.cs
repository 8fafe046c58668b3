using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Impacts;

/// <summary>What a group of parameters has in common: which part of the model they change, and whether they are constrained.</summary>
public enum ParameterGroup
{
    /// <summary>Parameters without a constraint, which the data alone determine.</summary>
    Free,

    /// <summary>Constrained factors of single bins (gammas), as of the statistics of simulations.</summary>
    BinFactors,

    /// <summary>Constrained parameters that change shapes, and possibly rates.</summary>
    Shape,

    /// <summary>Constrained parameters that change rates alone.</summary>
    Rate,

    /// <summary>The luminosity of a HistFactory workspace.</summary>
    Luminosity,
}

/// <summary>
/// What a group of auxiliary measurements brings to the error of the parameter of interest μ: √Σ cov(μ,θ_k)²/σ_k², σ_k the width of
/// the measurement's constraint in the parabola at the best fit; what they leave of the variance comes from the number of events.
/// </summary>
/// <param name="Group">The group; <see cref="ParameterGroup.Free"/> for what the events bring.</param>
/// <param name="Count">Number of its parameters that are not fixed.</param>
/// <param name="Error">Its part of the error, in the unit of μ; the squares of all parts add up to the variance of μ.</param>
/// <remarks>The split of a covariance by measurements is exact for a parabola; Pinto et al., arXiv:2307.04007.</remarks>
public sealed record ErrorSource(ParameterGroup Group, int Count, double Error)
{
    // HistFactory has one luminosity, and this is its name.
    private const string LuminosityName = "lumi";

    /// <summary>The parts of the error of the parameter of interest, that of the events first, then the largest first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fit">Its best fit.</param>
    /// <returns>Empty where the fit has no covariance.</returns>
    /// <exception cref="FitException">The model has no parameter of interest, or it is fixed.</exception>
    public static IReadOnlyList<ErrorSource> Of(LikelihoodModel model, FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fit);
        int mu = ProfileLikelihood.RequireParameterOfInterest(model);
        int count = model.Parameters.Count;
        if (fit is not { Covariance: { } covariance, HessianCovariance: { } hessian })
        {
            return [];
        }

        ParameterGroup[] groups = [.. GroupsOf(model)];
        double left = covariance[mu * (count + 1)];
        double[] squares = new double[Enum.GetValues<ParameterGroup>().Length];
        foreach (int k in model.ConstrainedParameters.Where(i => !model.Parameters[i].IsFixed))
        {
            double shift = hessian[(mu * count) + k];
            double square = shift * shift * model.Parameters[k].Constraint!.At(fit.Parameters[k]).Second;
            squares[(int)groups[k]] += square;
            left -= square;
        }

        squares[(int)ParameterGroup.Free] = Math.Max(0, left);
        return
        [
            .. Enum.GetValues<ParameterGroup>()
                .Select(group => new ErrorSource(
                    group, Enumerable.Range(0, count).Count(i => groups[i] == group && !model.Parameters[i].IsFixed),
                    Math.Sqrt(squares[(int)group])))
                .Where(source => source.Group == ParameterGroup.Free || source.Count > 0)
                .OrderBy(source => source.Group == ParameterGroup.Free ? 0 : 1).ThenByDescending(source => source.Error),
        ];
    }

    /// <summary>The group of each parameter.</summary>
    public static IReadOnlyList<ParameterGroup> GroupsOf(LikelihoodModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        BinnedSample[] samples = [.. model.BinnedChannels.SelectMany(channel => channel.Samples)];
        Process[] processes = [.. model.UnbinnedChannels.SelectMany(channel => channel.Processes)];
        HashSet<string> ofBins = [.. samples.SelectMany(sample => sample.BinFactors).SelectMany(of => of.Parameters).OfType<string>()];
        HashSet<string> ofShapes =
        [
            .. samples.SelectMany(sample => sample.Shifts).Select(shift => shift.Parameter),
            .. processes.SelectMany(process => process.ShapeVariations).SelectMany(shape => shape.Parameters),
        ];
        bool hasLuminosity = samples.Any(sample => sample.YieldFactors.Any(
            factor => factor is YieldFactor.StrengthFactor && factor.Parameter == LuminosityName));
        return
        [
            .. model.Parameters.Select(parameter => parameter switch
            {
                { Constraint: null } => ParameterGroup.Free,
                _ when ofBins.Contains(parameter.Name) => ParameterGroup.BinFactors,
                _ when ofShapes.Contains(parameter.Name) => ParameterGroup.Shape,
                _ when hasLuminosity && parameter.Name == LuminosityName => ParameterGroup.Luminosity,
                _ => ParameterGroup.Rate,
            }),
        ];
    }
}
