using Gbi.Pipeline.Views;

namespace Gbi.Pipeline.Appending;

/// <summary>What a transformer computes: numbers or vectors from the inputs of a row. May be called from several threads at once.</summary>
internal interface IRowModel
{
    /// <summary>Most rows that are worth evaluating in one call; with 1 a cursor does not read ahead.</summary>
    int BlockSize { get; }

    /// <summary>Names of the features in training, for models of one vector of them; null where no names are compared.</summary>
    IReadOnlyList<string>? FeatureNames => null;

    /// <summary>What the outputs are to ML.NET, from the first one on; the others are numbers and no more.</summary>
    IReadOnlyList<ColumnRole> Roles => [];

    /// <summary>Names of the slots of each output, where all outputs are vectors; none where all are single numbers.</summary>
    IReadOnlyList<IReadOnlyList<string>> Slots => [];

    /// <summary>Evaluates rows.</summary>
    /// <param name="rows">Shape [count × inputs], row by row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="outputs">Filled; shape [count × outputs], row by row, the slots of a vector one after the other.</param>
    void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs);

    /// <summary>The model as text, from which its kind parses an equal one.</summary>
    string Serialize();
}
