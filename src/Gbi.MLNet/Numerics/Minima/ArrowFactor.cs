using System.Numerics.Tensors;

namespace Gbi.Numerics.Minima;

/// <summary>
/// Cholesky's factor of an <see cref="ArrowMatrix"/> for some of its variables: of each block D, and of the border's Schur complement
/// S = C − Σ Bᵀ D⁻¹ B. Time grows with (local variables) × (border)², memory with their product.
/// </summary>
internal sealed class ArrowFactor(ArrowLayout layout)
{
    private readonly double[] _blocks = new double[layout.EntryCount];
    private readonly double[] _solved = new double[layout.LocalCount * layout.Border.Length];
    private readonly double[] _schur = new double[layout.Border.Length * layout.Border.Length];
    private readonly double[] _column = new double[layout.Blocks.Length == 0 ? 0 : layout.Blocks.Max(block => block.Length)];
    private ArrowMatrix? _matrix;
    private bool[] _isUsed = [];

    /// <summary>Factorises the matrix with something added to its diagonal; rows of unused variables become those of the unit
    /// matrix.</summary>
    /// <param name="matrix">The matrix; it must not change while the factor is used.</param>
    /// <param name="added">What is added to the diagonal; length n.</param>
    /// <param name="isUsed">The variables used; length n.</param>
    /// <returns>False where the result is not positive definite.</returns>
    public bool TryFactorise(ArrowMatrix matrix, ReadOnlySpan<double> added, bool[] isUsed)
    {
        (_matrix, _isUsed) = (matrix, isUsed);
        int size = layout.Border.Length;
        matrix.BorderEntries.AsSpan().CopyTo(_schur);
        for (int k = 0; k < size; k++)
        {
            int variable = layout.Border[k];
            _schur[k * (size + 1)] += added[variable];
            if (!isUsed[variable])
            {
                for (int other = 0; other < size; other++)
                {
                    (_schur[(k * size) + other], _schur[(other * size) + k]) = (0, 0);
                }

                _schur[k * (size + 1)] = 1;
            }
        }

        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            if (!TryEliminate(matrix, block, added))
            {
                return false;
            }
        }

        return CholeskyFactor.TryFactorise(_schur, size);
    }

    /// <summary>Solves for a vector in place; entries of unused variables stay.</summary>
    public void Solve(Span<double> vector)
    {
        int size = layout.Border.Length;
        double[] border = new double[size];
        for (int k = 0; k < size; k++)
        {
            border[k] = vector[layout.Border[k]];
        }

        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            for (int i = 0; i < layout.Blocks[block].Length; i++)
            {
                int variable = layout.Blocks[block][i];
                if (_isUsed[variable])
                {
                    ReadOnlySpan<double> solved = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
                    TensorPrimitives.MultiplyAdd(solved, -vector[variable], border, border);
                }
            }
        }

        CholeskyFactor.Solve(_schur, size, border);
        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            int[] members = layout.Blocks[block];
            Span<double> column = _column.AsSpan(0, members.Length);
            for (int i = 0; i < members.Length; i++)
            {
                column[i] = vector[members[i]];
            }

            CholeskyFactor.Solve(BlockOf(block), members.Length, column);
            for (int i = 0; i < members.Length; i++)
            {
                ReadOnlySpan<double> solved = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
                vector[members[i]] = _isUsed[members[i]] ? column[i] - TensorPrimitives.Dot<double>(solved, border) : vector[members[i]];
            }
        }

        for (int k = 0; k < size; k++)
        {
            vector[layout.Border[k]] = _isUsed[layout.Border[k]] ? border[k] : vector[layout.Border[k]];
        }
    }

    /// <summary>A multiple of the inverse of the matrix, of which entries are worked out where they are asked for; 0 for unused
    /// variables.</summary>
    /// <param name="multiple">By what it is multiplied.</param>
    public ArrowInverse Inverse(double multiple)
    {
        int size = layout.Border.Length;
        double[] border = new double[size * size];
        for (int k = 0; k < size; k++)
        {
            border[k * (size + 1)] = multiple;
            CholeskyFactor.Solve(_schur, size, border.AsSpan(k * size, size));
        }

        double[] blocks = new double[layout.EntryCount];
        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            int length = layout.Blocks[block].Length;
            for (int i = 0; i < length; i++)
            {
                Span<double> row = blocks.AsSpan(layout.FirstEntry[block] + (i * length), length);
                row[i] = multiple;
                CholeskyFactor.Solve(BlockOf(block), length, row);
            }
        }

        return new ArrowInverse(layout, border, blocks, [.. _solved], [.. _isUsed]);
    }

    private Span<double> BlockOf(int block) =>
        _blocks.AsSpan(layout.FirstEntry[block], layout.Blocks[block].Length * layout.Blocks[block].Length);

    /// <summary>Factorises a block, solves it for its couplings and takes Bᵀ D⁻¹ B from the border.</summary>
    private bool TryEliminate(ArrowMatrix matrix, int block, ReadOnlySpan<double> added)
    {
        int[] members = layout.Blocks[block];
        int size = layout.Border.Length;
        Span<double> factor = BlockOf(block);
        matrix.Entries.AsSpan(layout.FirstEntry[block], factor.Length).CopyTo(factor);
        for (int i = 0; i < members.Length; i++)
        {
            Span<double> row = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
            matrix.Coupling.AsSpan((layout.FirstRow[block] + i) * size, size).CopyTo(row);
            factor[i * (members.Length + 1)] += added[members[i]];
            if (!_isUsed[members[i]])
            {
                row.Clear();
                for (int j = 0; j < members.Length; j++)
                {
                    (factor[(i * members.Length) + j], factor[(j * members.Length) + i]) = (0, 0);
                }

                factor[i * (members.Length + 1)] = 1;
            }

            for (int k = 0; k < size; k++)
            {
                row[k] = _isUsed[layout.Border[k]] ? row[k] : 0;
            }
        }

        if (!CholeskyFactor.TryFactorise(factor, members.Length))
        {
            return false;
        }

        SolveColumns(block, factor);
        for (int i = 0; i < members.Length; i++)
        {
            ReadOnlySpan<double> coupling = matrix.Coupling.AsSpan((layout.FirstRow[block] + i) * size, size);
            ReadOnlySpan<double> solved = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
            for (int k = 0; k < size && _isUsed[members[i]]; k++)
            {
                if (coupling[k] != 0 && _isUsed[layout.Border[k]])
                {
                    Span<double> row = _schur.AsSpan(k * size, k + 1);
                    TensorPrimitives.MultiplyAdd(solved[..(k + 1)], -coupling[k], row, row);
                }
            }
        }

        return true;
    }

    /// <summary>D⁻¹ B of a block, row by row: L y = B, then Lᵀ x = y.</summary>
    private void SolveColumns(int block, ReadOnlySpan<double> factor)
    {
        int length = layout.Blocks[block].Length;
        int size = layout.Border.Length;
        for (int i = 0; i < length; i++)
        {
            Span<double> row = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
            for (int j = 0; j < i; j++)
            {
                TensorPrimitives.MultiplyAdd(
                    _solved.AsSpan((layout.FirstRow[block] + j) * size, size), -factor[(i * length) + j], row, row);
            }

            TensorPrimitives.Divide(row, factor[i * (length + 1)], row);
        }

        for (int i = length - 1; i >= 0; i--)
        {
            Span<double> row = _solved.AsSpan((layout.FirstRow[block] + i) * size, size);
            for (int j = i + 1; j < length; j++)
            {
                TensorPrimitives.MultiplyAdd(
                    _solved.AsSpan((layout.FirstRow[block] + j) * size, size), -factor[(j * length) + i], row, row);
            }

            TensorPrimitives.Divide(row, factor[i * (length + 1)], row);
        }
    }
}
