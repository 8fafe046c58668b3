using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Likelihoods;
using Gbi.Numerics;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>Tasks t3, t3b and t5: deviations from the references where the folder has them, and the best times of many
/// repetitions.</summary>
internal static class UnbinnedTimings
{
    private const int Repetitions = 60;

    /// <summary>Tasks t3 and t3b.</summary>
    public static void Run(string folder)
    {
        UnbinnedTask task = UnbinnedTask.Read(folder);
        using JsonDocument? reference = Open(folder, "reference.json");
        using JsonDocument? upDown = Open(folder, "reference_t3b.json");
        double[][] points = reference is null
            ? [[1, 0, 0, 0, 0, 0], [0.8, 0.5, -0.5, 0.3, -0.2, 1]]
            : [.. reference.RootElement.GetProperty("points").EnumerateArray().Select(point => Numbers(point, "p"))];
        double bandwidth = ReadBandwidth();
        Print($"read bandwidth of {EventBlocks.MaxThreads} threads: {bandwidth / 1e9:F1} GB/s");

        Likelihood likelihood = task.Exponents();
        Check(likelihood, reference);
        Time("t3", likelihood, points[1], bandwidth);
        Fit(likelihood, reference?.RootElement.GetProperty("fit"), reference);

        likelihood = task.UpDown();
        CheckUpDown(likelihood, upDown, points);
        Time("t3b", likelihood, points[1], bandwidth);
        Fit(likelihood, upDown?.RootElement.GetProperty("fit"), null);
    }

    /// <summary>Task t5.</summary>
    public static void Fraction(string folder)
    {
        float[] ratios = RawFiles.Floats(folder, "ratio.f32");
        using JsonDocument? reference = Open(folder, "reference.json");
        SignalFractionEstimate estimate = SignalFractionFit.EstimateFromRatios(ratios);
        double[] seconds =
        [
            .. Enumerable.Range(0, 10 * Repetitions)
                .Select(_ => PeerTimings.Seconds(() => estimate = SignalFractionFit.EstimateFromRatios(ratios)))
                .Order()
        ];
        Print(
            $"t5: f = {estimate.Value:R} ± {estimate.Error:R}, {estimate.Iterations} steps, best {seconds[0] * 1e3:F3} ms, median "
                + $"{seconds[seconds.Length / 2] * 1e3:F3} ms");
        if (reference is not null)
        {
            JsonElement root = reference.RootElement;
            Print(
                $"t5: f − reference = {estimate.Value - root.GetProperty("f_hat").GetDouble():E2}, error − reference = "
                    + $"{estimate.Error - root.GetProperty("err").GetDouble():E2}");
        }
    }

    private static void Check(Likelihood likelihood, JsonDocument? reference)
    {
        if (reference is null)
        {
            return;
        }

        int n = likelihood.ParameterCount;
        double[] gradient = new double[n];
        double[] hessian = new double[n * n];
        foreach (JsonElement expected in reference.RootElement.GetProperty("points").EnumerateArray())
        {
            // The reference is −ln L without the constants of the constraints.
            double value = (likelihood.Evaluate(Numbers(expected, "p"), gradient, hessian) - Constants(likelihood)) / 2;
            double[] rows = [.. expected.GetProperty("hess").EnumerateArray().SelectMany(row => row.Deserialize<double[]>()!)];
            Print($"t3 at {string.Join(' ', Numbers(expected, "p"))}: relative deviation of the value "
                + $"{Relative(value, expected.GetProperty("nll").GetDouble()):E1}, "
                + $"gradient {Largest(Half(gradient), Numbers(expected, "grad")):E1}, Hessian {Largest(Half(hessian), rows):E1}");
        }
    }

    private static void CheckUpDown(Likelihood likelihood, JsonDocument? reference, double[][] points)
    {
        if (reference is null)
        {
            return;
        }

        double[] gradient = new double[likelihood.ParameterCount];
        JsonElement root = reference.RootElement;
        double[] values = Numbers(root, "nsbi_m2logL");
        double[][] gradients = root.GetProperty("torch_port_grad").Deserialize<double[][]>()!;
        for (int i = 0; i < points.Length; i++)
        {
            double value = likelihood.Evaluate(points[i], gradient, default) - Constants(likelihood);
            Print($"t3b at {string.Join(' ', points[i])}: relative deviation of the value {Relative(value, values[i]):E1}, "
                + $"gradient {Largest(gradient, gradients[i]):E1}");
        }
    }

    private static void Time(string name, Likelihood likelihood, double[] point, double bandwidth)
    {
        double[] gradient = new double[likelihood.ParameterCount];
        double[] hessian = new double[gradient.Length * gradient.Length];
        double value = Best(() => likelihood.Evaluate(point, default, default));
        double slope = Best(() => likelihood.Evaluate(point, gradient, default));
        double curvature = Best(() => likelihood.Evaluate(point, gradient, hessian));
        double least = likelihood.BytesRead / bandwidth;
        Print($"{name}: {likelihood.EventCount:N0} events, {likelihood.BytesRead / 1e6:F0} MB a pass; NLL {value * 1e3:F2} ms "
            + $"({least / value:P0} of the bandwidth), "
            + $"with gradient {slope * 1e3:F2} ms ({least / slope:P0}), with Hessian {curvature * 1e3:F2} ms ({least / curvature:P0})");
    }

    private static void Fit(Likelihood likelihood, JsonElement? expected, JsonDocument? interval)
    {
        FitResult fit = null!;
        double best = Best(() => fit = ProfileLikelihood.Of(likelihood).Fit(), Repetitions / 4);
        Print(
            $"fit with errors: {best * 1e3:F2} ms, {fit.Minimum.Iterations} steps, minimum "
                + $"{string.Join(' ', fit.Parameters.Select(at => at.ToString("F10", CultureInfo.InvariantCulture)))}, error "
                + $"{fit.Errors[0]:F8}");
        var fits = ProfileLikelihood.Of(likelihood);
        fits.Fit();
        ConfidenceInterval ends = default;
        double minos = Best(() => ends = ProfileInterval.Of(fits), Repetitions / 4);
        Print($"interval of the first: [{ends.Lower:F10}, {ends.Upper:F10}], {minos * 1e3:F2} ms");
        if (expected is JsonElement found)
        {
            Print(
                $"fit: largest deviation of the minimum {fit.Parameters.Zip(Numbers(found, "p_hat"), (a, b) => Math.Abs(a - b)).Max():E1}");
        }

        if (interval is not null)
        {
            double[] stored = Numbers(interval.RootElement, "mu_interval_68");
            Print($"interval: deviations {ends.Lower - stored[0]:E1}, {ends.Upper - stored[1]:E1}");
        }
    }

    /// <summary>Bytes a second at which all threads together read an array far larger than the caches.</summary>
    private static double ReadBandwidth()
    {
        float[] values = new float[100_000_000];
        Array.Fill(values, 1);
        double sum = 0;
        double seconds = Best(() => sum = EventBlocks.Sum(values.Length, (start, length) => Sum(values.AsSpan(start, length))), 40);
        return sum > 0 ? sizeof(float) * (double)values.Length / seconds : 0;
    }

    private static unsafe double Sum(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        Vector512<float> a = default, b = default, c = default, d = default;
        ref float first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i + 4 <= vectors.Length; i += 4)
        {
            for (int line = 0; line < 4 && Sse.IsSupported; line++)
            {
                // Four pages ahead: the processor alone does not look beyond one. A call for what is not there does nothing.
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, (16 * (i + line)) + 4096)));
            }

            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        return Vector512.Sum(a + b + (c + d));
    }

    private static double Best(Action work, int repetitions = Repetitions)
    {
        double best = double.PositiveInfinity;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            best = Math.Min(best, PeerTimings.Seconds(work));
        }

        return best;
    }

    private static JsonDocument? Open(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? JsonDocument.Parse(File.ReadAllText(path)) : null;
    }

    private static double[] Numbers(JsonElement element, string name) => element.GetProperty(name).Deserialize<double[]>()!;

    private static double Constants(Likelihood likelihood) =>
        2 * likelihood.Model.Parameters.Sum(parameter => parameter.Constraint?.LeastNll(parameter.Constraint.Observed) ?? 0);

    private static double[] Half(double[] values) => [.. values.Select(value => value / 2)];

    private static double Relative(double value, double expected) => Math.Abs((value - expected) / expected);

    private static double Largest(double[] values, double[] expected) => values.Zip(expected, Relative).Max();

    private static void Print(ref InvariantTextHandler line) => Console.WriteLine(line.ToStringAndClear());

    private static void Print(string line) => Console.WriteLine(line);
}
