using System.Runtime.CompilerServices;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>
/// One process's arrays over the events of a tile: its shape e = r h, its share u = w e/f of the density, s = ∇ ln e by the local
/// parameters, and the slopes φ′/φ and curvatures φ″/φ − (φ′/φ)² of its pairs.
/// </summary>
/// <param name="process">The process.</param>
/// <param name="first">Room for <see cref="ArraysOf"/> arrays.</param>
/// <param name="scratch">Room for one array, shared by the processes of a channel.</param>
/// <param name="ahead">How many floats further on the next tile begins.</param>
internal sealed unsafe class ProcessTile(CompiledProcess process, double* first, double* scratch, int ahead)
{
    private const int Size = TileKernels.Size;

    private readonly int _shapeCount = process.ShapeParameters.Length;
    private readonly double* _shape = first;
    private readonly double* _share = first + Size;
    private readonly double* _slopes = first + (2 * Size);
    private readonly double* _pairSlopes = first + ((2 + process.ShapeParameters.Length) * Size);
    private readonly double* _pairCurvatures = first + ((2 + process.ShapeParameters.Length + process.Pairs.Length) * Size);
    private readonly double* _scratch = scratch;

    /// <summary>e, one per event.</summary>
    public double* Shape => _shape;

    /// <summary>Whether the shape depends on a parameter.</summary>
    public bool IsVaried => _shapeCount > 0;

    public static int ArraysOf(CompiledProcess process) => 2 + process.ShapeParameters.Length + (2 * process.Pairs.Length);

    /// <summary>e, and the slopes of the pairs for a gradient or a Hessian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetShape(ShapePoint shape, float* columns, PassOrder order)
    {
        if (shape.ExponentCount > 0)
        {
            // Where a Hessian follows, its loop over the same columns calls for the next tile: memory is slower than this one alone.
            TileKernels.Combine(columns, shape.Columns, shape.Factors, order == PassOrder.Hessian ? 0 : ahead, _shape);
            TileKernels.Exp(_shape);
        }
        else
        {
            TileKernels.Fill(_shape, 1);
        }

        if (process.RatioColumn >= 0)
        {
            TileKernels.Multiply(_shape, columns + (process.RatioColumn * Size), ahead);
        }

        SetPairs(shape.Pairs, columns, order);
    }

    /// <summary>A shape of 0 behind the last event.</summary>
    public void ClearBehind(int length) => new Span<double>(_shape + length, Size - length).Clear();

    /// <summary>u from w/f, and the sums of u, u Δ and u φ′/φ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddGradient(ShapePoint shape, float* columns, double* inverse, PassOrder order, SumLayout.ProcessSums layout, double* sums)
    {
        TileKernels.Multiply(_shape, inverse, _share);
        TileSums.AddSum(_share, sums + (layout.Density * TileKernels.Lanes));
        if (order >= PassOrder.Gradient)
        {
            TileSums.AddMoments(_share, columns, shape.Columns, sums + (layout.Exponents * TileKernels.Lanes));
            TileSums.AddMoments(_share, _pairSlopes, shape.PairCount, sums + (layout.PairSlopes * TileKernels.Lanes));
        }
    }

    /// <summary>s, and the sums of u (φ″/φ − (φ′/φ)²) and u s sᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddHessian(ShapePoint shape, float* columns, SumLayout.ProcessSums layout, double* sums)
    {
        TileSums.AddMoments(_share, _pairCurvatures, shape.PairCount, sums + (layout.PairCurvatures * TileKernels.Lanes));
        SetSlopes(shape, columns);
        TileSums.AddProducts(_share, _slopes, _shapeCount, sums + (layout.Products * TileKernels.Lanes));
    }

    /// <summary>Adds u (∇ν + ν s), this process's part of w ∇f/f, to the arrays of all parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddScores(YieldPoint yield, double* scores)
    {
        ReadOnlySpan<int> shapeParameters = process.ShapeParameters;
        ReadOnlySpan<double> gradient = yield.Gradient;
        int local = 0;
        for (int a = 0; a < gradient.Length; a++)
        {
            double* score = scores + (a * Size);
            if (local < shapeParameters.Length && shapeParameters[local] == a)
            {
                TileKernels.AddProduct(_share, gradient[a], yield.Value, _slopes + (local * Size), score);
                local++;
            }
            else if (gradient[a] != 0)
            {
                TileKernels.AddMultiple(gradient[a], _share, score);
            }
        }
    }

    /// <summary>Multiplies the pairs φ into e; for derivatives φ′/φ and φ″/φ − (φ′/φ)² as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetPairs(ReadOnlySpan<ShapePoint.ActivePair> pairs, float* columns, PassOrder order)
    {
        for (int j = 0; j < pairs.Length; j++)
        {
            ref readonly ShapePoint.ActivePair pair = ref pairs[j];
            float* four = columns + (pair.Column * Size);
            TileKernels.LinearForm(four, pair.Basis.Value, ahead, _scratch);
            TileKernels.Multiply(_shape, _scratch, _shape);
            if (order == PassOrder.Value)
            {
                continue;
            }

            double* slope = _pairSlopes + (j * Size);
            TileKernels.LinearForm(four, pair.Basis.First, 0, slope);
            TileKernels.Divide(slope, _scratch, slope);
            if (order == PassOrder.Hessian)
            {
                double* curvature = _pairCurvatures + (j * Size);
                TileKernels.LinearForm(four, pair.Basis.Second, 0, curvature);
                TileKernels.Divide(curvature, _scratch, curvature);
                TileKernels.SubtractSquare(slope, curvature);
            }
        }
    }

    /// <summary>s = ∇ ln e by the local parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetSlopes(ShapePoint shape, float* columns)
    {
        for (int a = 0; a < _shapeCount; a++)
        {
            TileKernels.Combine(columns, shape.SlopeColumns(a), shape.SlopeFactors(a), ahead, _slopes + (a * Size));
        }

        for (int j = 0; j < shape.PairCount; j++)
        {
            TileKernels.AddMultiple(1, _pairSlopes + (j * Size), _slopes + (shape.Pairs[j].Parameter * Size));
        }
    }
}
