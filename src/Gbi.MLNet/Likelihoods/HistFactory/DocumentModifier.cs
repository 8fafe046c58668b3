using Gbi.Documents;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>A modifier as the document has it, with the sample it belongs to.</summary>
/// <param name="Name">Name of its parameter or parameters.</param>
/// <param name="Kind">Its type, one of <see cref="Kinds"/>.</param>
/// <param name="Node">The modifier in the document.</param>
/// <param name="Channel">Name of its channel.</param>
/// <param name="Sample">Name of its sample.</param>
/// <param name="Nominal">Nominal yields of its sample.</param>
internal sealed record DocumentModifier(
    string Name, string Kind, DocumentNode Node, string Channel, string Sample, double[] Nominal)
{
    /// <summary>The types of modifiers, in the order in which their parameters are counted.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["histosys", "lumi", "normfactor", "normsys", "shapefactor", "shapesys", "staterror"];

    public DocumentNode Data => Node.Property("data");

    /// <summary>Uncertainties of the sample's bins.</summary>
    public double[] Uncertainties() => Data.Numbers(Nominal.Length);
}

/// <summary>A sample as the document has it.</summary>
internal sealed record DocumentSample(string Name, double[] Nominal, IReadOnlyList<DocumentModifier> Modifiers)
{
    public static DocumentSample Read(DocumentNode node, string channel)
    {
        string name = node.Property("name").Text();
        double[] nominal = node.Property("data").Numbers();
        return new DocumentSample(name, nominal, [.. node.Property("modifiers").Items().Select(modifier => new DocumentModifier(
            modifier.Property("name").Text(), modifier.Property("type").Text(), modifier, channel, name, nominal))]);
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
        for (int i = 1; i < samples.Length; i++)
        {
            samplesNode.Items()[i].Property("data").Numbers(samples[0].Nominal.Length);
        }

        return new DocumentChannel(name, samples);
    }
}
