using Gbi.Documents;


namespace Gbi.Likelihoods.HistFactory;

/// <summary>A modifier as the document has it, with the sample it belongs to.</summary>
/// <param name="Name">Name of its parameter or parameters.</param>
/// <param name="Kind">Its type, known to <see cref="Kinds"/>.</param>
/// <param name="Node">The modifier in the document.</param>
/// <param name="Channel">Name of its channel.</param>
/// <param name="Nominal">Nominal yields of its sample.</param>
internal sealed record DocumentModifier(string Name, string Kind, DocumentNode Node, string Channel, double[] Nominal)
{
    /// <summary>The types of modifiers, in the order in which their parameters are counted.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["histosys", "lumi", "normfactor", "normsys", "shapefactor", "shapesys", "staterror"];

    public DocumentNode Data => Node.Property("data");

    public static DocumentModifier Read(DocumentNode node, string channel, double[] nominal)
    {
        string kind = node.Property("type").Text();
        return Kinds.Contains(kind)
            ? new DocumentModifier(node.Property("name").Text(), kind, node, channel, nominal)
            : throw node.Property("type").Error($"is '{kind}', expected one of {string.Join(", ", Kinds)}");
    }

    /// <summary>Uncertainties of the sample's bins; 0 or more.</summary>
    public double[] Uncertainties()
    {
        double[] data = Data.Numbers(Nominal.Length);
        return data.All(value => value >= 0) ? data : throw Data.Error("has a negative uncertainty");
    }
}

/// <summary>A sample as the document has it.</summary>
internal sealed record DocumentSample(string Name, double[] Nominal, IReadOnlyList<DocumentModifier> Modifiers)
{
    public static DocumentSample Read(DocumentNode node, string channel)
    {
        double[] nominal = node.Property("data").Numbers();
        return new DocumentSample(
            node.Property("name").Text(),
            nominal.Length > 0 ? nominal : throw node.Property("data").Error("is empty, expected one number per bin"),
            [.. node.Property("modifiers").Items().Select(modifier => DocumentModifier.Read(modifier, channel, nominal))]);
    }
}

/// <summary>A channel as the document has it; all samples have as many bins as the first.</summary>
internal sealed record DocumentChannel(string Name, IReadOnlyList<DocumentSample> Samples)
{
    public static DocumentChannel Read(DocumentNode node)
    {
        string name = node.Property("name").Text();
        DocumentNode samplesNode = node.Property("samples");
        DocumentSample[] samples = [.. samplesNode.Items().Select(sample => DocumentSample.Read(sample, name))];
        if (samples.Length == 0)
        {
            throw samplesNode.Error("is empty, expected at least one sample");
        }

        for (int i = 1; i < samples.Length; i++)
        {
            samplesNode.Items()[i].Property("data").Numbers(samples[0].Nominal.Length);
        }

        return new DocumentChannel(name, samples);
    }
}
