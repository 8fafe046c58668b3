using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;

// Two bins of signal over a background with independent uncertainties: the first example of pyhf's documentation.
const string Json = """
    {
      "channels": [{ "name": "singlechannel", "samples": [
        { "name": "signal", "data": [12.0, 11.0], "modifiers": [{ "name": "mu", "type": "normfactor", "data": null }] },
        { "name": "background", "data": [50.0, 52.0], "modifiers": [{ "name": "uncorr_bkguncrt", "type": "shapesys", "data": [3.0, 7.0] }] }
      ] }],
      "observations": [{ "name": "singlechannel", "data": [51.0, 48.0] }],
      "measurements": [{ "name": "Measurement", "config": { "poi": "mu", "parameters": [] } }],
      "version": "1.0.0"
    }
    """;

Workspace workspace = Workspace.Parse(Json);
LikelihoodModel model = workspace.Model();
var test = new StrengthTest(model, workspace.Data(model));
StrengthTestResult atOne = test.Test(mu: 1);
UpperLimits limits = test.UpperLimits();
Console.WriteLine($"CLs at mu = 1: {atOne.Cls:F5} observed, {atOne.ExpectedCls[2]:F5} expected");
Console.WriteLine($"Upper limit at 95 % CL: {limits.Observed:F4} observed, {limits.Expected[2]:F4} expected");
