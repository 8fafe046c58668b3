namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Workspaces small enough for answers in closed form.</summary>
internal static class SmallWorkspace
{
    /// <summary>One bin with n counts over s μ + b: μ̂ = (n − b)/s.</summary>
    public static string Counting(double signal, double background, double observed) => FormattableString.Invariant($$"""
        {
          "channels": [{ "name": "c", "samples": [
            { "name": "signal", "data": [{{signal}}], "modifiers": [{ "name": "mu", "type": "normfactor", "data": null }] },
            { "name": "background", "data": [{{background}}], "modifiers": [] }] }],
          "observations": [{ "name": "c", "data": [{{observed}}] }],
          "measurements": [{ "name": "m", "config": { "poi": "mu", "parameters": [] } }],
          "version": "1.0.0"
        }
        """);

    /// <summary>A patch set for the workspace of a digest (SHA-256), with one value a patch.</summary>
    public static string PatchSet(string digest, params (string Name, string Operations)[] patches) => $$"""
        { "metadata": { "description": "signals", "labels": ["m"], "digests": { "sha256": "{{digest}}" },
            "references": { "hepdata": "ins1234567" } },
          "patches": [{{string.Join(", ", patches.Select((patch, at) =>
              $$"""{"metadata": {"name": "{{patch.Name}}", "values": [{{at}}]}, "patch": {{patch.Operations}}}"""))}}], "version": "1.0.0" }
        """;

    /// <summary>A workspace of the given channels and observations, with mu as its parameter of interest.</summary>
    public static string Of(string channels, string observations, string parameters = "[]") => $$"""
        { "channels": {{channels}}, "observations": {{observations}},
          "measurements": [{ "name": "m", "config": { "poi": "mu", "parameters": {{parameters}} } }], "version": "1.0.0" }
        """;
}
