using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>A process with parameters and columns by number.</summary>
internal sealed class CompiledProcess
{
    private readonly string _user;

    public CompiledProcess(Process process, LikelihoodModel model, ColumnList columns)
    {
        Process = process;
        _user = $"Process '{process.Name}'";
        Factors = [.. process.YieldFactors.Select(factor => (Find(factor.Parameter), factor))];
        RatioColumn = AddRatio(process, columns);
        ShapeParameters = [.. process.ShapeVariations.SelectMany(shape => shape.Parameters).Select(Find).Distinct().Order()];
        Exponents = [.. process.ShapeVariations.OfType<ExponentialVariation>().SelectMany(shape => shape.Terms).Select(term =>
            new ExponentColumn(
                columns.Add(Entry(term.Column, ColumnRange.Finite, ColumnForm.AsIs, 0)),
                Local(term.Factors[0]),
                term.Factors.Count > 1 ? Local(term.Factors[1]) : -1))];
        Pairs = [.. process.ShapeVariations.OfType<UpDownVariation>().Select(shape =>
            new PairColumns(AddPair(shape, columns), Local(shape.Parameter), shape.Law))];

        int Find(string name) => model.NumberOf(name);

        int Local(string name) => Array.IndexOf(ShapeParameters, Find(name));
    }

    public Process Process { get; }

    /// <summary>The nominal yield.</summary>
    public double Yield => Process.ExpectedYield;

    public (int Parameter, YieldFactor Factor)[] Factors { get; }

    /// <summary>The column of r, or −1 where r = 1.</summary>
    public int RatioColumn { get; }

    /// <summary>Parameters that the shape depends on, ascending; "local" numbers below count within these.</summary>
    public int[] ShapeParameters { get; }

    public ExponentColumn[] Exponents { get; }

    public PairColumns[] Pairs { get; }

    private int AddRatio(Process process, ColumnList columns) => process switch
    {
        { LogRatio: { } name } => columns.Add(Entry(name, ColumnRange.LogRatio, ColumnForm.Exponential, 1)),
        { Ratio: { } name } => columns.Add(Entry(name, ColumnRange.Ratio, ColumnForm.AsIs, 1)),
        _ => -1,
    };

    private int AddPair(UpDownVariation shape, ColumnList columns)
    {
        ColumnRange range = ColumnRange.Of(shape.Law);
        ColumnForm log = Interpolation.UsesLogs(shape.Law) ? ColumnForm.Log : ColumnForm.AsIs;
        float neutral = log == ColumnForm.Log ? 0 : 1;
        return columns.AddGroup(
        [
            Entry(shape.Up, range, ColumnForm.AsIs, 1), Entry(shape.Up, range, log, neutral),
            Entry(shape.Down, range, ColumnForm.AsIs, 1), Entry(shape.Down, range, log, neutral),
        ]);
    }

    private ColumnList.Entry Entry(string name, ColumnRange range, ColumnForm form, float neutral) =>
        new(name, range, form, neutral) { User = _user };

    /// <summary>A column of an exponent and the one or two local parameters whose product multiplies it.</summary>
    internal readonly record struct ExponentColumn(int Column, int First, int Second);

    /// <summary>Four columns U, ln U, D, ln D, and the local parameter that interpolates between them.</summary>
    internal readonly record struct PairColumns(int Column, int Parameter, InterpolationLaw Law)
    {
        public int LogUp => Column + 1;

        public int LogDown => Column + 3;
    }
}
