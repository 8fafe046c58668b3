using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Sessions;
using Gbi.Ratios;

namespace Gbi.Onnx.Models;

/// <content>From the networks' outputs of a block to the ratio of each event.</content>
public sealed partial class OnnxRatio
{
    private readonly IdlePool<MemberAverage> _averages = new();

    /// <summary>Takes the ratio of the event in a row of the block.</summary>
    private interface IRatioTarget
    {
        void Set(int row, in EventRatio ratio);
    }

    /// <summary>Scores rows as a transformer reads them, [count × features]; no copy where there is no theta.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="logRatio">Filled.</param>
    /// <param name="spread">Filled where it is not empty.</param>
    /// <param name="uncertainty">Filled where it is not empty.</param>
    /// <exception cref="DataException">The networks give no number for a row.</exception>
    internal void ScoreRows(
        ReadOnlyMemory<float> rows, int count, Memory<float> logRatio, Memory<float> spread, Memory<float> uncertainty)
    {
        RequireRatio();
        var unusable = new UnusableOutputs();
        int width = Features.Count;
        _network.RequireIndependence(count, (length, inputs) => Split(rows.Span, length, inputs[0], inputs.Length > 1 ? inputs[1] : []));
        _network.ForEachBlock(count, (lane, start, length) =>
        {
            ReadOnlyMemory<float> block = rows.Slice(start * width, length * width);
            if (_theta.Length == 0)
            {
                lane.Run(block, length);
            }
            else
            {
                Split(block.Span, length, lane.Input(0), lane.Input(1));
                lane.Run(length);
            }

            NoteUnusable(lane, start, length, unusable);
            Average(lane, length, new RowTarget(logRatio, spread, uncertainty, start, _options.MaxAbsLogRatio));
        });
        unusable.RequireNone(
            OutputName, 0, count, row => OnnxNames.MissingAt(rows.Span, Features, (int)row), Output == OnnxContract.ProbabilityOutput);
    }

    /// <summary>Columns of the rows go to the inputs that they belong to, constants of theta between them.</summary>
    private void Split(ReadOnlySpan<float> rows, int count, Span<float> features, Span<float> theta)
    {
        int width = Features.Count;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> values = rows.Slice(row * width, width);
            values[.._features.Length].CopyTo(features[(row * _features.Length)..]);
            int column = _features.Length;
            for (int k = 0; k < _theta.Length; k++)
            {
                theta[(row * _theta.Length) + k] = _options.Theta.TryGetValue(_theta[k], out double value)
                    ? (float)value
                    : values[column++];
            }
        }
    }

    private void Average<TTarget>(OnnxLane lane, int count, in TTarget target)
        where TTarget : struct, IRatioTarget
    {
        if (MemberCount == 1 && Calibration is null)
        {
            ReadOnlySpan<float> logRatios = lane.Output(0, 0, count);
            for (int row = 0; row < count; row++)
            {
                target.Set(row, new EventRatio(logRatios[row] + LogNormalisation, 0, double.NaN));
            }

            return;
        }

        if (Calibration is null)
        {
            AverageInTiles(lane, count, target);
            return;
        }

        float[] ofEvent = new float[MemberCount];
        var average = new EnsembleAverage(
            MemberCount, Calibration, LogNormalisation, 0, new double[EnsembleAverage.ScratchOf(MemberCount)]);
        for (int row = 0; row < count; row++)
        {
            Gather(lane, row, count, ofEvent);
            target.Set(row, average.Of(ofEvent));
        }
    }

    private void AverageInTiles<TTarget>(OnnxLane lane, int count, in TTarget target)
        where TTarget : struct, IRatioTarget
    {
        if (!_averages.TryRent(out MemberAverage? average))
        {
            average = new MemberAverage(MemberCount, LogNormalisation);
        }

        int batch = lane.BatchOf(count);
        for (int start = 0; start < count; start += MemberAverage.TileSize)
        {
            int length = Math.Min(MemberAverage.TileSize, count - start);
            int member = 0;
            for (int graph = 0; graph < _network.Graphs.Count; graph++)
            {
                ReadOnlySpan<float> values = lane.Output(graph, 0, count);
                for (int at = start; at < values.Length; at += batch)
                {
                    average.Set(member++, values.Slice(at, length));
                }
            }

            average.Compute(length);
            for (int row = 0; row < length; row++)
            {
                target.Set(start + row, average[row]);
            }
        }

        _averages.Return(average);
    }

    /// <summary>Notes events of a block for which a member's log ratio is infinite or no number.</summary>
    private void NoteUnusable(OnnxLane lane, int start, int count, UnusableOutputs unusable)
    {
        if (_network.Graphs.Select((_, graph) => graph).All(graph => TensorPrimitives.IsFiniteAll(lane.Output(graph, 0, count))))
        {
            return;
        }

        float[] ofEvent = new float[MemberCount];
        for (int row = 0; row < count; row++)
        {
            Gather(lane, row, count, ofEvent);
            unusable.AddRows(ofEvent, MemberCount, start + row);
        }
    }

    private void Gather(OnnxLane lane, int row, int count, float[] ofEvent)
    {
        int member = 0;
        int batch = lane.BatchOf(count);
        for (int graph = 0; graph < _network.Graphs.Count; graph++)
        {
            ReadOnlySpan<float> values = lane.Output(graph, 0, count);
            for (int at = row; at < values.Length; at += batch)
            {
                ofEvent[member++] = values[at];
            }
        }
    }

    private readonly record struct ScoreTarget(RatioScores Scores, int Start, double MaxAbs) : IRatioTarget
    {
        public void Set(int row, in EventRatio ratio) => Scores.Set(Start + row, ratio, MaxAbs);
    }

    private readonly record struct RowTarget(
        Memory<float> LogRatio, Memory<float> Spread, Memory<float> Uncertainty, int Start, double MaxAbs) : IRatioTarget
    {
        public void Set(int row, in EventRatio ratio)
        {
            LogRatio.Span[Start + row] = LikelihoodRatio.Clip(ratio.LogRatio, MaxAbs);
            if (!Spread.IsEmpty)
            {
                Spread.Span[Start + row] = (float)ratio.Spread;
            }

            if (!Uncertainty.IsEmpty)
            {
                Uncertainty.Span[Start + row] = (float)ratio.Uncertainty;
            }
        }
    }
}
