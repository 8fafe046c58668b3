using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Gbi.Benchmarks.Onnx;

/// <summary>ONNX Runtime alone, with nothing of this package: what a scorer is measured against.</summary>
internal static class BareSession
{
    /// <summary>
    /// Seconds of a loop over Run on tensors that are ready, inputs and outputs made before; best of two settings of its threads, all of
    /// them within Run.
    /// </summary>
    public static double Blocks(byte[] net, float[] rows, int width, int blockSize, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        using var session = new InferenceSession(net, options);
        using var run = new RunOptions();
        int count = rows.Length / width;
        var inputs = new List<OrtValue>();
        var outputs = new List<OrtValue>();
        float[] logRatios = new float[count];
        for (int start = 0; start < count; start += blockSize)
        {
            int length = Math.Min(blockSize, count - start);
            inputs.Add(
                OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance, rows.AsMemory(start * width, length * width), [length, width]));
            outputs.Add(
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, logRatios.AsMemory(start, length), [length, 1]));
        }

        string[] inputNames = ["features"];
        string[] outputNames = ["log_ratio"];
        session.Run(run, inputNames, [inputs[0]], outputNames, [outputs[0]]);
        double seconds = PeerTimings.Seconds(() =>
        {
            for (int block = 0; block < inputs.Count; block++)
            {
                session.Run(run, inputNames, [inputs[block]], outputNames, [outputs[block]]);
            }
        });
        inputs.Concat(outputs).ToList().ForEach(value => value.Dispose());
        return seconds;
    }

    /// <summary>Seconds of one Run a row through named values, which is what ML.NET's OnnxTransformer does.</summary>
    public static double RowByRow(byte[] net, float[] rows, int width, int count)
    {
        using var session = new InferenceSession(net);
        float[] row = new float[width];
        double sum = 0;
        return PeerTimings.Seconds(() =>
        {
            for (int i = 0; i < count; i++)
            {
                rows.AsSpan(i * width, width).CopyTo(row);
                using var results = session.Run([NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(row, [1, width]))]);
                sum += results[0].AsTensor<float>().First();
            }
        });
    }
}
