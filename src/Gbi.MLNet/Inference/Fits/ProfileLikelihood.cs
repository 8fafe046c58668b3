using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>
/// Fits of one data set with the parameter of interest μ free and fixed, and the test statistics made of them. Every fit starts from
/// the nearest one before, and from the initial values and known minima where that one leads nowhere. Holds buffers: a thread needs one
/// of its own.
/// </summary>
/// <remarks>
/// Cowan, Cranmer, Gross and Vitells, arXiv:1007.1727. For weighted events of <see cref="ObservedData"/> every statistic is divided by
/// the ratio of the sandwich variance of μ to that of Poisson events, so that it has the distribution that it has without weights: Kent,
/// Biometrika 69 (1982) 19; Chandler and Bate, Biometrika 94 (2007) 167. A fit ends in the minimum in which it starts: a likelihood with
/// several may hold a lower one. Those that interpolated variations make are looked for in tests, others by
/// <see cref="SearchLocalMinima"/>.
/// </remarks>
public sealed class ProfileLikelihood
{
    // A conditional minimum this much below the global one, relative, shows that the latter was only a local one.
    private const double Rounding = 1e-10;

    private readonly ISmoothFunction _twiceNll;
    private readonly IReadOnlyList<FitParameter> _parameters;
    private readonly BoxFits _fits;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly bool[] _isFixed;
    private readonly double[] _start;
    private readonly double[] _initial;
    private readonly List<BoxMinimum> _minima = [];
    private readonly MinimumErrors _errors;
    private readonly Lazy<MirroredFits?> _mirrored;
    private BoxMinimum? _best;

    /// <summary>Fits of a function.</summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="parameters">Its parameters; fits start at their initial values.</param>
    /// <param name="parameterOfInterest">Index of μ.</param>
    public ProfileLikelihood(ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, int parameterOfInterest)
        : this(twiceNll, parameters, parameterOfInterest, null)
    {
    }

    /// <summary>The same with the ratio of variances of other data, for which Asimov data stand; null for that of the data.</summary>
    internal ProfileLikelihood(
        ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, int parameterOfInterest, double? varianceRatio)
    {
        ArgumentNullException.ThrowIfNull(twiceNll);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count != twiceNll.ParameterCount || parameterOfInterest < 0 || parameterOfInterest >= parameters.Count)
        {
            throw new ArgumentException($"There are {parameters.Count} parameters for a function of {twiceNll.ParameterCount}, and number "
                + $"{parameterOfInterest} is of interest; counts must agree and hold the index.");
        }

        (_twiceNll, _parameters, ParameterOfInterest) = (twiceNll, parameters, parameterOfInterest);
        _lower = [.. parameters.Select(parameter => parameter.Lower)];
        _upper = [.. parameters.Select(parameter => parameter.Upper)];
        _fits = new BoxFits(twiceNll, parameters, _lower, _upper);
        _errors = new MinimumErrors(twiceNll, parameterOfInterest, _lower, _upper, varianceRatio);
        _mirrored = new(() => TriesOtherSigns ? MirroredFits.Of(twiceNll, parameters) : null);
        _isFixed = [.. parameters.Select(parameter => parameter.IsFixed)];
        _start = [.. parameters.Select(parameter => parameter.Initial)];
        _initial = [.. _start];
    }

    /// <summary>Fits of a model's likelihood, about its parameter of interest.</summary>
    /// <exception cref="FitException">The model has no parameter of interest, or it is fixed.</exception>
    public static ProfileLikelihood Of(Likelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        return new(likelihood, likelihood.Model.Parameters, RequireParameterOfInterest(likelihood.Model));
    }

    /// <summary>Index of a model's parameter of interest, which is not fixed.</summary>
    /// <exception cref="FitException">It has none, or it is fixed.</exception>
    internal static int RequireParameterOfInterest(LikelihoodModel model)
    {
        int at = model.ParameterOfInterest ?? throw new FitException(
            "The model has no parameter of interest, which tests, limits, intervals and impacts are about; name one (--poi).");
        return !model.Parameters[at].IsFixed ? at : throw new FitException(
            $"The parameter of interest '{model.Parameters[at].Name}' is fixed, so that it has no tests, limits, intervals or impacts; "
                + $"free it (--free {model.Parameters[at].Name}).");
    }

    /// <summary>Index of μ.</summary>
    public int ParameterOfInterest { get; }

    /// <summary>The minimum within the bounds: the lowest of those found.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public BoxMinimum Best => _best ??= LowestOfSigns(MinimiseFromAny(), null);

    /// <summary>μ̂.</summary>
    public double MuHat => Best.Parameters[ParameterOfInterest];

    /// <summary>The ratio of variances by which test statistics are divided; 1 where there are no weighted events.</summary>
    /// <exception cref="FitException">No minimum was found, or its Hessian does not determine μ.</exception>
    internal double VarianceRatio => _errors.IsScaled ? _errors.VarianceRatio(Best, FreeParameters()) : 1;

    /// <summary>Whether fits with other signs of interpolated parameters are tried, which costs more than a fit.</summary>
    internal bool TriesOtherSigns { get; init; }

    internal ISmoothFunction TwiceNll => _twiceNll;

    internal IReadOnlyList<FitParameter> Parameters => _parameters;

    /// <summary>Stops fits between their steps.</summary>
    internal CancellationToken Cancellation
    {
        get => _fits.Cancellation;
        set => _fits.Cancellation = value;
    }

    /// <summary>Forgets all fits and minima: the function has other data now.</summary>
    /// <param name="start">Where fits start from now on.</param>
    public void Restart(ReadOnlySpan<double> start)
    {
        start.CopyTo(_start);
        start.CopyTo(_initial);
        _best = null;
        _minima.Clear();
        _mirrored.Value?.Forget();
    }

    /// <summary>The minimum for a given μ, which may lie outside the bounds of fits.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public BoxMinimum At(double mu)
    {
        bool wasFixed = _isFixed[ParameterOfInterest];
        _isFixed[ParameterOfInterest] = true;
        _start[ParameterOfInterest] = mu;
        try
        {
            BoxMinimum minimum = HasSeveralMinima ? _fits.LowestFrom(Starts(_start), _isFixed) : MinimiseFromAny();
            minimum = LowestOfSigns(minimum, mu);
            Remember(minimum);
            return minimum;
        }
        finally
        {
            _isFixed[ParameterOfInterest] = wasFixed;
        }
    }

    /// <summary>
    /// Looks for lower minima by fits from drawn points. <see cref="Best"/> and all that follows from it is then the lowest, and where
    /// there are several, every fit at a given μ is made from each of them and the lowest is taken.
    /// </summary>
    /// <param name="seed">Same seed, same starts.</param>
    /// <param name="options">How many starts, and where.</param>
    /// <exception cref="FitException">No fit found a minimum.</exception>
    /// <remarks>More starts find more; none proves that there is no lower minimum.</remarks>
    public LocalMinimumSearch SearchLocalMinima(Seed seed, LocalMinimumSearchOptions? options = null)
    {
        options ??= new LocalMinimumSearchOptions();
        var starts = new SearchStarts(_parameters, options, seed);
        var found = new DistinctMinima(_twiceNll, FreeParameters());
        List<string> failures = [];
        BoxMinimum? first = BoxFits.Try(() => Best, failures);
        double[] around = [.. first?.Parameters ?? _start];
        double[] errors = first is null ? [.. _start.Select(_ => double.NaN)] : Errors().Errors;
        foreach (BoxMinimum minimum in Enumerable.Range(0, options.Starts)
            .Select(number => BoxFits.Try(() => _fits.Minimise(starts.Draw(number, around, errors), _isFixed), failures))
            .Prepend(first)
            .OfType<BoxMinimum>())
        {
            found.Add(minimum);
        }

        IReadOnlyList<LocalMinimum> minima = found.Lowest;
        if (minima.Count == 0)
        {
            throw new FitException($"None of {failures.Count} fits found a minimum. The first: {failures[0]}");
        }

        Take(minima);
        return new LocalMinimumSearch
        {
            Minima = minima,
            Failures = failures,
            Gain = first is null ? double.NaN : first.Value - Best.Value,
        };
    }

    /// <summary>Whether the likelihood is defined at a given μ and the other parameters where a fit there would start.</summary>
    internal bool IsDefined(double mu)
    {
        double[] point = [.. _start];
        point[ParameterOfInterest] = mu;
        return double.IsFinite(_twiceNll.Evaluate(point, [], []));
    }

    /// <summary>t_μ = −2 ln [L(μ, θ̂̂)/L(μ̂, θ̂)].</summary>
    public double TMu(double mu) => Rise(mu, double.NegativeInfinity);

    /// <summary>q_μ: t_μ for μ̂ ≤ μ, else 0.</summary>
    public double QMu(double mu) => MuHat > mu ? 0 : TMu(mu);

    /// <summary>q̃_μ: q_μ with the best μ of at least 0, independent of the lower bound of fits.</summary>
    public double QTildeMu(double mu) => MuHat > mu ? 0 : Rise(mu, 0);

    /// <summary>q₀: t₀ for μ̂ > 0, else 0, exactly: what t₀ has at μ̂ = 0 is rounding, and would be counted among the 0 of toys.</summary>
    public double Q0() => MuHat <= 0 ? 0 : TMu(0);

    /// <summary>One of these test statistics.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public double Statistic(TestStatistic statistic, double mu) => statistic switch
    {
        TestStatistic.TMu => TMu(mu),
        TestStatistic.QMu => QMu(mu),
        TestStatistic.QTildeMu => QTildeMu(mu),
        TestStatistic.Q0 => Q0(),
        _ => throw new ArgumentOutOfRangeException(nameof(statistic), statistic, "There is no such test statistic."),
    };

    /// <summary>The best fit with its errors.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public FitResult Fit() => FitResult.Of(Best, _parameters, FreeParameters(), Errors());

    /// <summary>
    /// The μ on one side of the best one where t_μ has risen to a value, by steps in all parameters at once; false where they leave the
    /// bounds or do not settle, or where several minima have to be compared.
    /// </summary>
    internal bool TryCross(double rise, int side, out double mu)
    {
        mu = double.NaN;
        return !HasSeveralMinima && Errors() is { HessianCovariance: double[] covariance } errors
            && errors.Used.Contains(ParameterOfInterest)
            && new JointCrossing(_twiceNll, ParameterOfInterest, FreeParameters(), _lower, _upper).TryFind(
                [.. Best.Parameters], Best.Value + (VarianceRatio * rise), side * Math.Sqrt(VarianceRatio * rise), covariance, out mu);
    }

    private bool HasSeveralMinima => _minima.Count > 1 || _mirrored.Value is { Known.Count: > 0 };

    private BoxMinimum LowestOfSigns(BoxMinimum found, double? mu) =>
        _mirrored.Value?.Lowest(found, mu, _fits, _isFixed, (_lower, _upper)) ?? found;

    private int[] FreeParameters() => [.. Enumerable.Range(0, _isFixed.Length).Where(i => !_isFixed[i])];

    private HessianErrors Errors() => _errors.Of(Best, FreeParameters());

    private double Rise(double mu, double leastMu)
    {
        _ = Best;
        double conditional = At(mu).Value;
        double reference = MuHat < leastMu ? At(leastMu).Value : Best.Value;
        if (conditional < Best.Value - (Rounding * (1 + Math.Abs(Best.Value))) && IsInBounds(mu))
        {
            // The free fit ended in another minimum: start it again where it is lower.
            _best = MinimiseFromAny();
            _minima.AddRange(_minima.Count > 0 ? [_best] : []);
            reference = MuHat < leastMu ? At(leastMu).Value : Best.Value;
        }

        return Math.Max(0, conditional - reference) / VarianceRatio;
    }

    private void Take(IReadOnlyList<LocalMinimum> minima)
    {
        _minima.Clear();
        _minima.AddRange(minima.Select(minimum => minimum.Minimum));

        // The same minimum, found from another start, is no reason to move by rounding.
        if (_best is null || _minima[0].Value < _best.Value - (Rounding * (1 + Math.Abs(_best.Value))))
        {
            _best = _minima[0];
        }

        Remember(_best);
    }

    private bool IsInBounds(double mu) => mu >= _lower[ParameterOfInterest] && mu <= _upper[ParameterOfInterest];

    /// <summary>
    /// The minimum from the nearest fit before; where that start is not defined or leads nowhere, from the initial values, then from the
    /// best fit and the other known minima.
    /// </summary>
    private BoxMinimum MinimiseFromAny() => _fits.FirstFrom(Starts(_start, _initial, _best?.Parameters), _isFixed);

    /// <summary>Starts and the known minima after them, with μ where it is held now.</summary>
    private IEnumerable<double[]> Starts(params IReadOnlyList<double>?[] first) =>
        first.OfType<IReadOnlyList<double>>().Concat(_minima.Concat(_mirrored.Value?.Known ?? []).Select(minimum => minimum.Parameters))
            .Select(start => start.Select((value, i) => i == ParameterOfInterest && _isFixed[i] ? _start[i] : value).ToArray());

    private void Remember(BoxMinimum minimum)
    {
        for (int i = 0; i < _start.Length; i++)
        {
            _start[i] = minimum.Parameters[i];
        }
    }
}
