using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Scoring;
using Gbi.Simulators;

// Two files of the dijet simulator: a mixture with a fifth of signal, and background.
var overwrite = new ParquetWriteOptions { Overwrite = true };
ParquetEventWriter.Write("mixture.parquet", DijetSimulator.Data(50_000, signalFraction: 0.2, new Seed(1)), overwrite);
ParquetEventWriter.Write("background.parquet", DijetSimulator.Background(50_000, new Seed(2)), overwrite);

// Learns ln p(mixture)/p(background), cross-fitted and normalised.
var schema = new EventSchema { Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"] };
EventTable numerator = ParquetEventReader.Read("mixture.parquet", schema);
EventTable denominator = ParquetEventReader.Read("background.parquet", schema);
CrossFittedRatio ratio = RatioTrainer.CrossFit(numerator, denominator, schema.Features, new RatioOptions(), new Seed(1));
Console.WriteLine($"Mean ratio over the denominator before normalisation: {ratio.MeanRatio.Value:F3} ± {ratio.MeanRatio.Error:F3}");
RatioModelFile.Save(ratio.Model, "ratio.zip");

// Scores a file: its rows and columns, with the columns of the ratio appended.
using ScoringModel model = ScoringModel.Load("ratio.zip");
new FileScoring([model], new FileScoringOptions { Overwrite = true }).Run([new ScoringTask("mixture.parquet", "scored.parquet")]);
IEnumerable<string> columns = new ParquetEventReader("scored.parquet").Columns.Select(column => column.Name);
Console.WriteLine($"scored.parquet has the columns {string.Join(", ", columns)}");
