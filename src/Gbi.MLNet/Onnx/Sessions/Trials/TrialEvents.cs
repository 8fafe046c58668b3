namespace Gbi.Onnx.Sessions.Trials;

/// <summary>
/// Numbers that stand for events where a graph is tried: all different, all between 0 and 1, so that whole numbers made of them are 0, a
/// logarithm has a value and no activation is saturated.
/// </summary>
internal static class TrialEvents
{
    /// <summary>Events of a trial: not 1, so that members and events are told apart.</summary>
    public const int Count = 16;

    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Numbers of some events, [events × width].</summary>
    public static float[] Rows(int count, int width)
    {
        float[] rows = new float[checked(count * width)];
        for (int i = 0; i < rows.Length; i++)
        {
            // Multiples of an irrational number, modulo 1, repeat nowhere and fill the range evenly.
            double part = (i + 1) * GoldenRatio;
            rows[i] = (float)(0.05 + (0.9 * (part - Math.Floor(part))));
        }

        return rows;
    }
}
