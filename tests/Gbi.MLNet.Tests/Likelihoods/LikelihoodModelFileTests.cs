using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods;

public sealed class LikelihoodModelFileTests
{
    [Test]
    public void Files_are_found_beside_the_document_and_only_their_needed_columns_are_read()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["events"]);
        var table = EventTable.FromColumns(("unused", [1f, 2f, 3f]), ("l", [0.1f, 0.2f, 0.3f]));
        ParquetEventWriter.Write(folder["events/data.parquet"], table);
        ParquetEventWriter.Write(folder["reference.parquet"], table.WithWeights(new[] { 0.5, -0.25, 2 }));
        File.WriteAllText(folder["model.json"], new LikelihoodModelBuilder()
            .AddChannel(new BinnedChannel("first", [new BinnedSample("b", [4, 5])]), [6, 7])
            .AddChannel(
                new UnbinnedChannel("sr", [new Process("p", 2) { LogRatio = "l" }]),
                new EventFile("events/data.parquet"),
                new EventFile(Path.GetFullPath(folder["reference.parquet"]), "weight"))
            .AddChannel(new BinnedChannel("last", [new BinnedSample("b", [8])]), [9])
            .ToJson());

        var file = LikelihoodModelFile.Open(folder["model.json"]);
        EventTable events = file.RequireData().Events[0];
        EventTable reference = file.Model.UnbinnedChannels[0].Reference!;

        Assert.Multiple(() =>
        {
            Assert.That(events.ColumnNames, Is.EqualTo(new[] { "l" }));
            Assert.That((events["l"].ToArray(), events.HasWeights), Is.EqualTo((new[] { 0.1f, 0.2f, 0.3f }, false)));
            Assert.That(reference.ColumnNames, Is.EqualTo(new[] { "l" }));
            Assert.That(reference.Weights.ToArray(), Is.EqualTo(new[] { 0.5, -0.25, 2 }));
            Assert.That(file.Data!.Counts, Is.EqualTo(new[] { 6, 7, 9 }));
            Assert.That(file.Definition.Channels[1].Events, Is.EqualTo(new EventFile("events/data.parquet")));
        });
    }

    [Test]
    public void A_document_without_data_is_a_model_all_the_same()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["model.json"], new LikelihoodModelBuilder()
            .AddChannel(new BinnedChannel("cr", [new BinnedSample("b", [4, 5])])).ToJson());

        var file = LikelihoodModelFile.Open(folder["model.json"]);
        Assert.That(file.Data, Is.Null);
        Assert.That(file.Model.BinCount, Is.EqualTo(2));
        Assert.That(file.RequireData, Throws.TypeOf<DocumentException>().With.Message.EqualTo(
            "model.json: /channels/0 has no 'observed', the counts of its bins; add \"observed\", one number per bin, 2 in all."));
    }

    [TestCase(false), TestCase(true)]
    public void The_document_says_whether_weights_are_expected_numbers(bool isAsimov)
    {
        using var folder = new ScratchFolder();
        WriteTwoChannels(folder, isAsimov, isAsimov);

        var file = LikelihoodModelFile.Open(folder["model.json"]);
        Assert.That(file.RequireData(), Is.InstanceOf(isAsimov ? typeof(AsimovData) : typeof(ObservedData)));
        Assert.That(new Likelihood(file.Model, file.RequireData()).HasWeightedEvents, Is.EqualTo(!isAsimov));
        Assert.That(file.Definition.ToJson(), Is.EqualTo(File.ReadAllText(folder["model.json"])));
    }

    [Test]
    public void Observed_and_expected_events_are_not_mixed()
    {
        using var folder = new ScratchFolder();
        WriteTwoChannels(folder, isAsimov: true, otherIsAsimov: false);
        Assert.That(() => LikelihoodModelFile.Open(folder["model.json"]), Throws.TypeOf<DocumentException>().With.Message.StartsWith(
            "model.json: /channels/1/events are observed events, and those of another channel are Asimov data (\"asimov\": true);"));
    }

    private static void WriteTwoChannels(ScratchFolder folder, bool isAsimov, bool otherIsAsimov)
    {
        ParquetEventWriter.Write(
            folder["data.parquet"], EventTable.FromColumns(("l", [0.1f, 0.2f, 0.3f])).WithWeights(new[] { 0.5, 1, 2 }));
        File.WriteAllText(folder["model.json"], new LikelihoodModelBuilder()
            .AddChannel(
                new UnbinnedChannel("one", [new Process("p", 2) { LogRatio = "l" }]), new EventFile("data.parquet", "weight", isAsimov))
            .AddChannel(
                new UnbinnedChannel("two", [new Process("p", 2) { LogRatio = "l" }]),
                new EventFile("data.parquet", "weight", otherIsAsimov))
            .ToJson());
    }
}
