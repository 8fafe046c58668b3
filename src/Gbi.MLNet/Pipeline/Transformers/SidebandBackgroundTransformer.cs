using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>
/// Appends the weight with which an event of the sidebands stands for background in the signal region; 0 for other events.
/// </summary>
public sealed class SidebandBackgroundTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "SidebandBackground",
        Annotations: null,
        text => new GeneratorModel(SidebandGenerator.Parse(text)),
        (mlContext, binding, model) => new SidebandBackgroundTransformer(mlContext, binding, ((GeneratorModel)model).Generator));

    internal SidebandBackgroundTransformer(MLContext mlContext, ColumnBinding binding, SidebandGenerator generator)
        : base(mlContext, Kind, binding, new GeneratorModel(generator)) => Generator = generator;

    /// <summary>The generator that was learnt from the sidebands.</summary>
    public SidebandGenerator Generator { get; }

    private sealed class GeneratorModel(SidebandGenerator generator) : IRowModel
    {
        private const int RowsOfATask = 256;

        public SidebandGenerator Generator => generator;

        public int BlockSize => 16_384;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            int width = rows.Length / count;
            EventBlocks.ForEach(count, (start, length) =>
            {
                for (int row = start; row < start + length; row++)
                {
                    outputs.Span[row] = (float)Weight(rows.Span.Slice(row * width, width));
                }
            }, RowsOfATask);
        }

        public string Serialize() => generator.Serialize();

        // A row is the features, the mass and, where there are weights, the weight.
        private double Weight(ReadOnlySpan<float> row)
        {
            int features = generator.Features.Count;
            return generator.Window.RegionOf(row[features]) == MassRegion.Sideband
                ? generator.SignalRegionWeight(row[..features], row.Length > features + 1 ? row[features + 1] : 1)
                : 0;
        }
    }
}
