using Gbi.Events;
using Gbi.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Export;

/// <summary>A graph that <see cref="OnnxExport"/> wrote, as ONNX Runtime runs it on a processor.</summary>
internal sealed class ExportedGraph : IDisposable
{
    private readonly InferenceSession _session;

    private ExportedGraph(InferenceSession session) => _session = session;

    /// <summary>Opens a graph.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="threads">Threads of the runtime. Range: 1 or more; 0 for its own choice.</param>
    /// <exception cref="DataException">ONNX Runtime's native library is not there, or it refuses the model.</exception>
    public static ExportedGraph Open(byte[] model, int threads) => OnnxSessions.WithRuntime(() =>
    {
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                // An error is reported by an exception, once.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            return new ExportedGraph(new InferenceSession(model, options));
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException($"ONNX Runtime refuses the model ({OnnxSessions.Reason(cause)}); export it again.", cause);
        }
    });

    /// <summary>Runs some events.</summary>
    /// <param name="count">Number of events.</param>
    /// <param name="inputs">Names, and numbers [events × columns].</param>
    /// <param name="output">Name of an output.</param>
    /// <returns>The output, flat.</returns>
    public float[] Run(int count, (string Name, float[] Rows)[] inputs, string output) => Run(count, inputs, [output])[0];

    /// <summary>The same for several outputs.</summary>
    public float[][] Run(int count, (string Name, float[] Rows)[] inputs, string[] outputs)
    {
        OrtValue[] values =
        [
            .. inputs.Select(input => OrtValue.CreateTensorValueFromMemory(
                input.Rows, [count, _session.InputMetadata[input.Name].Dimensions[1]])),
        ];
        try
        {
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> found =
                _session.Run(options, [.. inputs.Select(input => input.Name)], values, outputs);
            return [.. found.Select(value => value.GetTensorDataAsSpan<float>().ToArray())];
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    /// <summary>Columns of a table, [events × columns].</summary>
    public static float[] Rows(EventTable events, IReadOnlyList<string> columns)
    {
        float[] rows = new float[events.Count * columns.Count];
        for (int k = 0; k < columns.Count; k++)
        {
            ReadOnlySpan<float> column = events[columns[k]];
            for (int row = 0; row < column.Length; row++)
            {
                rows[(row * columns.Count) + k] = column[row];
            }
        }

        return rows;
    }

    public void Dispose() => _session.Dispose();
}
