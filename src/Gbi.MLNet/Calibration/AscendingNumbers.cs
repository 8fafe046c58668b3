using static Gbi.Numerics.InvariantText;

namespace Gbi.Calibration;

/// <summary>Numbers in ascending order: the points and borders of a map.</summary>
internal static class AscendingNumbers
{
    /// <summary>How many of the numbers are not above <paramref name="value"/>.</summary>
    public static int CountUpTo(ReadOnlySpan<double> ascending, double value)
    {
        // Scores come in no order, so that a branch on them would be guessed wrong every other time: the step is chosen, not jumped.
        int start = 0;
        int length = ascending.Length;
        while (length > 0)
        {
            int half = (length + 1) / 2;
            start += ascending[start + half - 1] <= value ? half : 0;
            length -= half;
        }

        return start;
    }

    /// <summary>Requires finite numbers in order.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or below the one before, or equal to it where they must
    /// rise.</exception>
    public static void Require(ReadOnlySpan<double> numbers, string what, bool strictly)
    {
        RequireFinite(numbers, what);
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] < numbers[i - 1] || (strictly && numbers[i] == numbers[i - 1]))
            {
                throw new ArgumentException(
                    Text(
                        $"The {what} at {i} is {numbers[i]} after {numbers[i - 1]}, expected it {(strictly ? "above" : "not below")} the "
                            + $"one before."));
            }
        }
    }

    /// <summary>Requires finite numbers.</summary>
    /// <exception cref="ArgumentException">A number is infinite or no number.</exception>
    public static void RequireFinite(ReadOnlySpan<double> numbers, string what)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.IsFinite(numbers[i]))
            {
                throw new ArgumentException(Text($"The {what} at {i} is {numbers[i]}, expected a finite number."));
            }
        }
    }
}
