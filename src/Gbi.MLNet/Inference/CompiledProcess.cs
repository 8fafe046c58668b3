using Gbi.Systematics;

namespace Gbi.Inference;

/// <summary>A process with parameters and columns by number.</summary>
internal sealed class CompiledProcess
{
    public CompiledProcess(Process process, IReadOnlyDictionary<string, int> parameters, EventTiles.Builder columns)
    {
        Yield = process.ExpectedYield;
        Factors = [.. process.YieldFactors.Select(factor => (Find(factor.Parameter), factor))];
        RatioColumn = process.Ratio.IsEmpty ? -1 : columns.Add(process.Ratio, neutral: 1);
        ShapeParameters = [.. process.ShapeVariations.SelectMany(shape => shape.Parameters).Select(Find).Distinct().Order()];
        Exponents = [.. process.ShapeVariations.OfType<ExponentialVariation>().SelectMany(shape => shape.Terms).Select(term =>
            new ExponentColumn(
                columns.Add(term.Column, neutral: 0), Local(term.Factors[0]), term.Factors.Count > 1 ? Local(term.Factors[1]) : -1))];
        Pairs = [.. process.ShapeVariations.OfType<UpDownVariation>().Select(shape =>
            new PairColumns(AddPair(shape, columns), Local(shape.Parameter), shape.Law))];

        int Find(string name) => parameters.TryGetValue(name, out int at)
            ? at
            : throw new ArgumentException(
                $"Process '{process.Name}' refers to the parameter '{name}', which the model lacks; it has {string.Join(", ", parameters.Keys)}.");

        int Local(string name) => Array.IndexOf(ShapeParameters, Find(name));
    }

    /// <summary>The nominal yield.</summary>
    public double Yield { get; }

    public (int Parameter, YieldFactor Factor)[] Factors { get; }

    /// <summary>The column of r, or −1 where r = 1.</summary>
    public int RatioColumn { get; }

    /// <summary>Parameters that the shape depends on, ascending; "local" numbers below count within these.</summary>
    public int[] ShapeParameters { get; }

    public ExponentColumn[] Exponents { get; }

    public PairColumns[] Pairs { get; }

    private static int AddPair(UpDownVariation shape, EventTiles.Builder columns)
    {
        bool logs = shape.Law is InterpolationLaw.PolynomialExponential or InterpolationLaw.PiecewiseExponential;
        return columns.AddGroup(
        [
            (shape.Up, 1, false), (shape.Up, logs ? 0 : 1, logs),
            (shape.Down, 1, false), (shape.Down, logs ? 0 : 1, logs),
        ]);
    }

    /// <summary>A column of an exponent and the one or two local parameters whose product multiplies it.</summary>
    internal readonly record struct ExponentColumn(int Column, int First, int Second);

    /// <summary>Four columns U, ln U, D, ln D, and the local parameter that interpolates between them.</summary>
    internal readonly record struct PairColumns(int Column, int Parameter, InterpolationLaw Law)
    {
        public int LogUp => Column + 1;

        public int LogDown => Column + 3;
    }
}
