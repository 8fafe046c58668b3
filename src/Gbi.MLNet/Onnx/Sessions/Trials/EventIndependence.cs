using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Sessions.Trials;

/// <summary>
/// Tries whether what a graph gives for an event depends on that event alone: a block is run twice, in another order and in parts, and
/// each event must keep its numbers but for rounding.
/// </summary>
internal static class EventIndependence
{
    /// <summary>Largest |Δ|, of the number itself where that is beyond ±1, that is rounding on the processor.</summary>
    public const double CpuTolerance = 1e-4;

    /// <summary>The same on a GPU, which may choose another algorithm, of less precision, for another number of events.</summary>
    public const double CudaTolerance = 1e-2;

    // Roundings of a sum that another order of its terms changes, in steps of the last digit of each input.
    private const double RoundingAllowance = 16;

    /// <summary>Runs a block in several ways.</summary>
    /// <param name="name">What messages call the graph.</param>
    /// <param name="inputs">Numbers of each input, [count × width].</param>
    /// <param name="count">Number of events; the graph's own where that is fixed.</param>
    /// <param name="isFixed">Whether the graph takes that number of events alone.</param>
    /// <param name="run">Runs some events: their inputs and their number; gives each output, [outputs][events × slots].</param>
    /// <param name="tolerance">Largest difference that is rounding.</param>
    /// <exception cref="DataException">A number depends on chance or on other events; the message holds one.</exception>
    public static void Require(
        string name, float[][] inputs, int count, bool isFixed, Func<float[][], int, float[][]> run, double tolerance)
    {
        float[][] whole = run(inputs, count);
        double[] rounding = new double[whole.Length];
        Compare(whole, run(inputs, count), row => row, (trial, first, second) => new DataException(
            Text($"{name} gives {first:G6} and then {second:G6} for the same event, number {trial} of a trial block, ")
                + "as one with dropout or batch normalisation does that was exported in training mode; export it for inference (in "
                + "PyTorch, call model.eval() before)."));
        if (count == 1)
        {
            return;
        }

        // Where large numbers cancel, another order of adding them shows; so does a step of the inputs' last digits.
        const float Nudge = 1 + 2.4e-7f;
        float[][] nudged = run([.. inputs.Select(values => Array.ConvertAll(values, value => value * Nudge))], count);
        rounding = [.. whole.Zip(nudged, (before, after) => RoundingAllowance * Largest(before, after))];

        Compare(whole, run(Moved(inputs, count, row => (row + 1) % count), count), row => (row + 1) % count, Depends);
        if (!isFixed)
        {
            Compare(whole, run([.. inputs.Select(values => values[..(values.Length / count)])], 1), row => row, Depends);
            Compare(
                whole, run([.. inputs.Select(values => values[(values.Length / count)..])], count - 1), row => row + 1, Depends);
        }
        else
        {
            // The first event with as many copies of itself.
            Compare(whole, run(Moved(inputs, count, _ => 0), count), _ => 0, Depends);
        }

        DataException Depends(int trial, double first, double second) => new(
            Text($"{name} gives {first:G6} or {second:G6} for one and the same event, number {trial} of a trial block, ")
                + "according to the other events of its block: an event's output must depend on that event alone. A batch normalisation in "
                + "training mode, a mean over events or dynamic quantisation does that; export the network for inference (in PyTorch, "
                + "call model.eval() before; quantise it statically).");

        void Compare(float[][] expected, float[][] found, Func<int, int> rowOf, Func<int, double, double, DataException> refuse)
        {
            for (int output = 0; output < expected.Length; output++)
            {
                int slots = expected[output].Length / count;
                for (int i = 0; i < found[output].Length; i++)
                {
                    int row = rowOf(i / slots);
                    float wanted = expected[output][(row * slots) + (i % slots)];
                    if (!IsSame(wanted, found[output][i], tolerance) && !(Math.Abs(wanted - found[output][i]) <= rounding[output]))
                    {
                        throw refuse(row, wanted, found[output][i]);
                    }
                }
            }
        }
    }

    /// <summary>Whether two numbers differ by rounding alone, or are both no number.</summary>
    public static bool IsSame(double a, double b, double tolerance) =>
        a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static double Largest(float[] before, float[] after) => before.Zip(after, (a, b) => Math.Abs((double)a - b))
        .Where(double.IsFinite).DefaultIfEmpty(0).Max();

    private static float[][] Moved(float[][] inputs, int count, Func<int, int> from) =>
    [
        .. inputs.Select(values => Enumerable.Range(0, count)
            .SelectMany(row => values[(from(row) * (values.Length / count))..((from(row) + 1) * (values.Length / count))]).ToArray())
    ];
}
