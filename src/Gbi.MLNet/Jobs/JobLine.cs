using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gbi.Events;

namespace Gbi.Jobs;

/// <summary>A job's outcome as one line of JSON: {"job":3,"result":…} or {"job":3,"failure":"…"}.</summary>
internal sealed class JobLine<T>(JsonTypeInfo<T> resultType)
{
    // Reasons with σ stay readable; the file is not embedded in HTML.
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Write(JobOutcome<T> outcome)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, OneLine))
        {
            writer.WriteStartObject();
            writer.WriteNumber("job", outcome.Job);
            if (outcome.Failure is { } failure)
            {
                writer.WriteString("failure", failure);
            }
            else
            {
                writer.WritePropertyName("result");
                JsonSerializer.Serialize(writer, outcome.Result!, resultType);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The outcome of a line of a file.</summary>
    /// <exception cref="DataException">It is no such line.</exception>
    public JobOutcome<T> Read(string line, string path)
    {
        try
        {
            return Read(line);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataException(
                $"{path} has a line that is no job's outcome ({cause.Message.TrimEnd('.')}); delete the file to run the jobs again.",
                cause);
        }
    }

    public JobOutcome<T> Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        int job = root.GetProperty("job").GetInt32();
        return root.TryGetProperty("failure", out JsonElement failure)
            ? new JobOutcome<T>(job, default, failure.GetString())
            : new JobOutcome<T>(job, root.GetProperty("result").Deserialize(resultType), null);
    }

    /// <summary>The number of a whole line's job, whose result can be read.</summary>
    public int NumberOf(string line, string path) => Read(line, path).Job;
}
