using System.Numerics.Tensors;

namespace Gbi.Numerics.Minima;

/// <summary>
/// Which variables of a function of many are local: those of one small block have mixed second derivatives among themselves and with the
/// border's alone. A model's parameters of single bins are such; the matrix has the shape of an arrow.
/// </summary>
internal sealed class ArrowLayout
{
    /// <summary>A layout.</summary>
    /// <param name="blockOf">The block of each variable, from 0 without gaps; −1 for those of the border.</param>
    public ArrowLayout(int[] blockOf)
    {
        Count = blockOf.Length;
        BlockOf = blockOf;
        Position = new int[Count];
        int blocks = blockOf.Length == 0 ? 0 : blockOf.Max() + 1;
        var members = new List<int>[blocks];
        for (int block = 0; block < blocks; block++)
        {
            members[block] = [];
        }

        List<int> border = [];
        for (int i = 0; i < Count; i++)
        {
            List<int> group = blockOf[i] < 0 ? border : members[blockOf[i]];
            Position[i] = group.Count;
            group.Add(i);
        }

        Border = [.. border];
        Blocks = [.. members.Select(block => block.ToArray())];
        FirstRow = new int[blocks];
        FirstEntry = new int[blocks];
        for (int block = 1; block < blocks; block++)
        {
            int size = Blocks[block - 1].Length;
            FirstRow[block] = FirstRow[block - 1] + size;
            FirstEntry[block] = FirstEntry[block - 1] + (size * size);
        }

        LocalCount = Count - Border.Length;
        EntryCount = Blocks.Sum(block => block.Length * block.Length);
    }

    /// <summary>Number of variables.</summary>
    public int Count { get; }

    /// <summary>Number of local variables.</summary>
    public int LocalCount { get; }

    /// <summary>Number of entries of all blocks.</summary>
    public int EntryCount { get; }

    /// <summary>The border's variables.</summary>
    public int[] Border { get; }

    /// <summary>The variables of each block.</summary>
    public int[][] Blocks { get; }

    /// <summary>The block of each variable; −1 for the border's.</summary>
    public int[] BlockOf { get; }

    /// <summary>Where a variable is in its block or in the border.</summary>
    public int[] Position { get; }

    /// <summary>Number of local variables before each block.</summary>
    public int[] FirstRow { get; }

    /// <summary>Number of entries before each block.</summary>
    public int[] FirstEntry { get; }
}

/// <summary>A symmetric matrix of an <see cref="ArrowLayout"/>: its blocks, their couplings to the border, and the border.</summary>
internal sealed class ArrowMatrix(ArrowLayout layout)
{
    /// <summary>Which entries there are.</summary>
    public ArrowLayout Layout => layout;

    /// <summary>The blocks one after another, each row-major.</summary>
    public double[] Entries { get; } = new double[layout.EntryCount];

    /// <summary>Couplings of local variables, block after block, to the border's; shape [local × border].</summary>
    public double[] Coupling { get; } = new double[layout.LocalCount * layout.Border.Length];

    /// <summary>The border; shape [border × border].</summary>
    public double[] BorderEntries { get; } = new double[layout.Border.Length * layout.Border.Length];

    /// <summary>Row of a local variable among all.</summary>
    public static int RowOf(ArrowLayout layout, int variable) => layout.FirstRow[layout.BlockOf[variable]] + layout.Position[variable];

    /// <summary>Sets all entries to 0.</summary>
    public void Clear()
    {
        Entries.AsSpan().Clear();
        Coupling.AsSpan().Clear();
        BorderEntries.AsSpan().Clear();
    }

    /// <summary>Adds to the entries (p, q) and (q, p); for p = q twice.</summary>
    public void Add(int p, int q, double value)
    {
        (int block, int other) = (layout.BlockOf[p], layout.BlockOf[q]);
        if (block < 0 && other < 0)
        {
            int size = layout.Border.Length;
            BorderEntries[(layout.Position[p] * size) + layout.Position[q]] += value;
            BorderEntries[(layout.Position[q] * size) + layout.Position[p]] += value;
        }
        else if (block == other)
        {
            int size = layout.Blocks[block].Length;
            int first = layout.FirstEntry[block];
            Entries[first + (layout.Position[p] * size) + layout.Position[q]] += value;
            Entries[first + (layout.Position[q] * size) + layout.Position[p]] += value;
        }
        else
        {
            (int local, int border) = block < 0 ? (q, p) : (p, q);
            Coupling[(RowOf(layout, local) * layout.Border.Length) + layout.Position[border]] += value;
        }
    }

    /// <summary>Adds to the diagonal.</summary>
    public void AddDiagonal(int p, double value)
    {
        int block = layout.BlockOf[p];
        int at = layout.Position[p];
        if (block < 0)
        {
            BorderEntries[at * (layout.Border.Length + 1)] += value;
        }
        else
        {
            Entries[layout.FirstEntry[block] + (at * (layout.Blocks[block].Length + 1))] += value;
        }
    }

    /// <summary>An entry of the diagonal.</summary>
    public double Diagonal(int p)
    {
        int block = layout.BlockOf[p];
        int at = layout.Position[p];
        return block < 0
            ? BorderEntries[at * (layout.Border.Length + 1)]
            : Entries[layout.FirstEntry[block] + (at * (layout.Blocks[block].Length + 1))];
    }

    /// <summary>The matrix times a vector.</summary>
    /// <param name="vector">Length n.</param>
    /// <param name="product">Filled; length n.</param>
    public void Multiply(ReadOnlySpan<double> vector, Span<double> product)
    {
        int size = layout.Border.Length;
        double[] border = Array.ConvertAll(layout.Border, _ => 0.0);
        double[] ofBorder = new double[size];
        for (int k = 0; k < size; k++)
        {
            border[k] = vector[layout.Border[k]];
        }

        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            int[] members = layout.Blocks[block];
            for (int i = 0; i < members.Length; i++)
            {
                ReadOnlySpan<double> coupling = Coupling.AsSpan((layout.FirstRow[block] + i) * size, size);
                double sum = TensorPrimitives.Dot(coupling, border);
                TensorPrimitives.MultiplyAdd(coupling, vector[members[i]], ofBorder, ofBorder);
                for (int j = 0; j < members.Length; j++)
                {
                    sum += Entries[layout.FirstEntry[block] + (i * members.Length) + j] * vector[members[j]];
                }

                product[members[i]] = sum;
            }
        }

        for (int k = 0; k < size; k++)
        {
            product[layout.Border[k]] = ofBorder[k] + TensorPrimitives.Dot<double>(BorderEntries.AsSpan(k * size, size), border);
        }
    }
}

/// <summary>A function whose second derivatives have the shape of an arrow.</summary>
internal interface IArrowFunction : ISmoothFunction
{
    /// <summary>The shape; null where the plain matrix serves as well, as of few parameters.</summary>
    ArrowLayout? Layout { get; }

    /// <summary>The value at a point with its derivatives.</summary>
    /// <param name="parameters">The point; length n.</param>
    /// <param name="gradient">Filled with the first derivatives; length n.</param>
    /// <param name="hessian">Filled with the second derivatives.</param>
    /// <returns>The value; +∞ where the function is not defined.</returns>
    double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, ArrowMatrix hessian);
}

/// <summary>
/// The inverse of an <see cref="ArrowMatrix"/>, of shape [n × n], row-major: S⁻¹ of the border, −D⁻¹B S⁻¹ of couplings and
/// D⁻¹ + D⁻¹B S⁻¹ (D⁻¹B)ᵀ of local variables.
/// </summary>
/// <param name="layout">Its shape.</param>
/// <param name="border">S⁻¹.</param>
/// <param name="blocks">D⁻¹, block after block.</param>
/// <param name="solved">D⁻¹B; shape [local × border].</param>
/// <param name="isUsed">The variables used.</param>
internal sealed class ArrowInverse(ArrowLayout layout, double[] border, double[] blocks, double[] solved, bool[] isUsed)
    : IReadOnlyList<double>
{
    private readonly int _size = layout.Border.Length;

    /// <inheritdoc/>
    public int Count => layout.Count * layout.Count;

    /// <inheritdoc/>
    public double this[int index]
    {
        get
        {
            (int p, int q) = (index / layout.Count, index % layout.Count);
            if (!isUsed[p] || !isUsed[q])
            {
                return 0;
            }

            (int block, int other) = (layout.BlockOf[p], layout.BlockOf[q]);
            if (block < 0)
            {
                (p, q, block, other) = (q, p, other, block);
            }

            if (block < 0)
            {
                return border[(layout.Position[p] * _size) + layout.Position[q]];
            }

            ReadOnlySpan<double> left = solved.AsSpan(ArrowMatrix.RowOf(layout, p) * _size, _size);
            if (other < 0)
            {
                return -TensorPrimitives.Dot(left, border.AsSpan(layout.Position[q] * _size, _size));
            }

            int length = layout.Blocks[block].Length;
            double own = block == other ? blocks[layout.FirstEntry[block] + (layout.Position[p] * length) + layout.Position[q]] : 0;
            return own + Form(left, solved.AsSpan(ArrowMatrix.RowOf(layout, q) * _size, _size));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>gᵀ M g, M this matrix and g the slopes by all variables: forms of the blocks, and one of the border.</summary>
    public double Form(ReadOnlySpan<double> slopes)
    {
        (double sum, double[] ofBorder) = (0, new double[_size]);
        for (int p = 0; p < slopes.Length; p++)
        {
            (double slope, int block) = (isUsed[p] ? slopes[p] : 0, layout.BlockOf[p]);
            if (block < 0)
            {
                ofBorder[layout.Position[p]] += slope;
            }
            else if (slope != 0)
            {
                TensorPrimitives.MultiplyAdd(solved.AsSpan(ArrowMatrix.RowOf(layout, p) * _size, _size), -slope, ofBorder, ofBorder);
                int row = layout.FirstEntry[block] + (layout.Position[p] * layout.Blocks[block].Length);
                foreach (int q in layout.Blocks[block])
                {
                    sum += isUsed[q] ? slope * slopes[q] * blocks[row + layout.Position[q]] : 0;
                }
            }
        }

        return sum + Form(ofBorder, ofBorder);
    }

    /// <summary>xᵀ S⁻¹ y.</summary>
    private double Form(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int k = 0; k < _size; k++)
        {
            sum += left[k] == 0 ? 0 : left[k] * TensorPrimitives.Dot(border.AsSpan(k * _size, _size), right);
        }

        return sum;
    }
}
