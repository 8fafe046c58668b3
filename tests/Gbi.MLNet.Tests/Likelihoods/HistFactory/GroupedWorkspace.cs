namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Two channels with a modifier of each kind: a strength, a luminosity, a rate, a shape with a long name and statistics.</summary>
internal static class GroupedWorkspace
{
    /// <summary>A name as long as systematics of real analyses have.</summary>
    public const string LongName = "JET_CR_JET_EtaIntercalibration_NonClosure_negEta_of_<two>_jets_&_a_longer_name";

    public static string Text { get; } = SmallWorkspace.Of(
        $$"""
        [
          { "name": "SR", "samples": [
            { "name": "signal", "data": [2, 8], "modifiers": [
              { "name": "mu", "type": "normfactor", "data": null }, { "name": "lumi", "type": "lumi", "data": null }] },
            { "name": "background", "data": [40, 30], "modifiers": [
              { "name": "rate", "type": "normsys", "data": { "hi": 1.1, "lo": 0.9 } },
              { "name": "shape", "type": "histosys", "data": { "hi_data": [42, 29], "lo_data": [37, 31] } },
              { "name": "{{LongName}}", "type": "histosys", "data": { "hi_data": [41, 32], "lo_data": [39, 28] } },
              { "name": "stat", "type": "staterror", "data": [2, 1.5] }, { "name": "lumi", "type": "lumi", "data": null }] }] },
          { "name": "CR", "samples": [
            { "name": "background", "data": [200, 120, 90], "modifiers": [
              { "name": "rate", "type": "normsys", "data": { "hi": 1.08, "lo": 0.93 } },
              { "name": "shape", "type": "histosys", "data": { "hi_data": [206, 118, 84], "lo_data": [194, 122, 95] } },
              { "name": "lumi", "type": "lumi", "data": null }] }] }
        ]
        """,
        """[{ "name": "SR", "data": [45, 41] }, { "name": "CR", "data": [210, 118, 96] }]""",
        """[{ "name": "lumi", "auxdata": [1.0], "sigmas": [0.02], "inits": [1.0], "bounds": [[0.5, 1.5]] }]""");
}
