namespace Gbi.Likelihoods.Unbinned;

/// <summary>Where each sum over events lies in the array that a block of events leaves behind.</summary>
internal sealed class SumLayout
{
    private readonly ProcessSums[] _processes;

    public SumLayout(CompiledProcess[] processes, int parameters)
    {
        int next = 1;
        _processes = [.. processes.Select(process =>
        {
            int exponents = process.Exponents.Length + process.Pairs.Length;
            int shapes = process.ShapeParameters.Length;
            int density = next;
            int slopes = density + 1 + exponents;
            int curvatures = slopes + process.Pairs.Length;
            int products = curvatures + process.Pairs.Length;
            next = products + (shapes * shapes);
            return new ProcessSums(density, density + 1, slopes, curvatures, products);
        })];
        Scores = next;
        Count = next + (parameters * parameters);
    }

    /// <summary>Number of sums.</summary>
    public int Count { get; }

    /// <summary>Σ w ln f, of which the exponents of two are apart.</summary>
    public static int Logs => 0;

    /// <summary>Σ w v_a v_b for b ≥ a, row by row of full length; v = ∇f/f.</summary>
    public int Scores { get; }

    public ProcessSums Of(int process) => _processes[process];

    /// <summary>The sums of a process, of u = w e/f with its shape e = r h.</summary>
    /// <param name="Density">Σ u.</param>
    /// <param name="Exponents">Σ u Δ of each active column of the exponent.</param>
    /// <param name="PairSlopes">Σ u φ′/φ of each active pair φ.</param>
    /// <param name="PairCurvatures">Σ u (φ″/φ − (φ′/φ)²) of each active pair.</param>
    /// <param name="Products">Σ u s_a s_b for b ≥ a, row by row of full length; s = ∇ ln e by the local parameters.</param>
    internal readonly record struct ProcessSums(int Density, int Exponents, int PairSlopes, int PairCurvatures, int Products);
}
