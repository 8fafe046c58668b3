using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Families;

/// <content>The family as text: JSON whose trees are base-64 of <see cref="TreeEnsembleFormat"/>.</content>
public sealed partial class SignalFamily
{
    private const string Format = "gbi-family/1";

    /// <summary>The family as one line of text that <see cref="Parse"/> reads; what was read gives the same log ratios, bit for
    /// bit.</summary>
    public string Serialize() => JsonSerializer.Serialize(
        new SignalFamilyDocument
        {
            Format = Format,
            Parameters = [.. Parameters],
            Features = [.. Features],
            Aligned = [.. _columns.Aligned],
            IsLogarithmic = Coordinates.IsLogarithmic,
            IsExchangeable = Coordinates.IsInterchangeable,
            Reach = Coordinates.Share,
            Low = Coordinates.Low,
            High = Coordinates.High,
            Folds = [.. _folds.Select(members => (byte[]?[])[.. members.Select(TreeEnsembleFormat.ToBytes)])],
        },
        SignalFamilyJson.Default.SignalFamilyDocument);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="DataException">The text is not a signal family of this version; the message says what it is.</exception>
    public static SignalFamily Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            RequireFormat(text);
            SignalFamilyDocument read = JsonSerializer.Deserialize(text, SignalFamilyJson.Default.SignalFamilyDocument)!;
            var coordinates = new FamilyCoordinates(
                RequireNames(read), read.IsLogarithmic, read.IsExchangeable, RequireReach(read.Reach), read.Low, read.High);
            var columns = new FamilyFeatures(read.Features, read.Aligned, coordinates);
            return new SignalFamily(
                coordinates, columns, ReadFolds(read.Folds, columns, Monomial.UpToSecondOrder(read.Parameters).Count + 1));
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or ArgumentException)
        {
            throw new DataException($"The text is not a signal family: {failure.Message}", failure);
        }
    }

    /// <summary>The ratio of one point of the family.</summary>
    /// <param name="theta">One value a parameter, within the range of the family.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the parameters, or a value lies out of the
    /// range.</exception>
    public FamilyRatio At(IReadOnlyList<double> theta) => new(this, RequirePoint(theta));

    // First of all, so that a model of another kind is told by its name and not by what it lacks.
    private static void RequireFormat(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        string format = document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("format", out JsonElement entry) && entry.ValueKind == JsonValueKind.String ? entry.GetString()! : "";
        if (format != Format)
        {
            throw new InvalidDataException(
                $"its format is '{format}', expected '{Format}'; give what 'gbi search' or SignalFamily.Serialize of this version wrote.");
        }
    }

    private static string[] RequireNames(SignalFamilyDocument read)
    {
        int count = read.Parameters.Length;
        bool sound = count > 0 && read.Low.Length == count && read.High.Length == count && (!read.IsExchangeable || count == 2)
            && read.Low.Zip(read.High)
                .All(range => double.IsFinite(range.First) && double.IsFinite(range.Second) && range.First < range.Second)
            && read.Aligned.All(pair => pair is not null && read.Parameters.Contains(pair.Parameter));
        return sound ? read.Parameters : throw new InvalidDataException("Its parameters, their ranges and aligned features disagree.");
    }

    private static double RequireReach(double reach) => reach is > 0 and <= 0.5
        ? reach
        : throw new InvalidDataException($"Its half-width is {reach}, expected more than 0 and at most 0.5.");

    private static TreeEnsemble[][] ReadFolds(byte[]?[]?[] folds, FamilyFeatures columns, int outputs)
    {
        TreeEnsemble[][] read = [.. folds.Select(members => (members ?? []).Select(TreeEnsembleFormat.FromBytes).ToArray())];
        bool sound = read.Length > 0 && read[0].Length > 0
            && read.All(members => members.Length == read[0].Length)
            && read.All(members => members.All(member => member.OutputCount == outputs && member.Features.SequenceEqual(columns.Columns)));
        return sound ? read : throw new InvalidDataException("Its folds are empty or differ in members, features or outputs.");
    }
}

/// <summary>What a signal family's text holds.</summary>
internal sealed record SignalFamilyDocument
{
    public required string Format { get; init; }

    public required string[] Parameters { get; init; }

    public required string[] Features { get; init; }

    public required AlignedFeature[] Aligned { get; init; }

    public required bool IsLogarithmic { get; init; }

    public required bool IsExchangeable { get; init; }

    public required double Reach { get; init; }

    public required double[] Low { get; init; }

    public required double[] High { get; init; }

    public required byte[]?[]?[] Folds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SignalFamilyDocument))]
internal sealed partial class SignalFamilyJson : JsonSerializerContext;
