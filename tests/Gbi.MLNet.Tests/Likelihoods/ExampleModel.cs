using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods;

/// <summary>A model with every part that a document can have, in C# and as its document.</summary>
internal static class ExampleModel
{
    public const string Json = """
        {
          "gbiModel": "1",
          "parameterOfInterest": "mu",
          "parameters": [
            { "name": "mu", "initial": 1, "lower": 0, "upper": 10 },
            { "name": "c", "initial": 0, "lower": -5 },
            { "name": "jes", "initial": 0, "constraint": { "gaussian": { "observed": 0, "width": 1 } } },
            { "name": "tes", "initial": 0.1, "constraint": { "gaussian": { "observed": 0.1, "width": 0.8 } } },
            { "name": "rate", "initial": 1, "constraint": { "logNormal": { "observed": 1, "kappa": 1.1 } } },
            { "name": "gamma", "initial": 0.96, "constraint": { "poisson": { "observed": 24, "expected": 25 } } },
            { "name": "lumi", "initial": 1, "fixed": true }
          ],
          "channels": [
            {
              "name": "sr",
              "events": { "file": "data.parquet", "weight": "w" },
              "reference": { "file": "simulation.parquet" },
              "normaliseShapes": false,
              "processes": [
                {
                  "name": "signal",
                  "yield": 100,
                  "factors": [
                    { "strength": "mu" },
                    { "strength": "lumi" },
                    { "polynomial": { "parameter": "c", "coefficients": [1, 0.3, -0.1] } },
                    { "interpolated": { "parameter": "jes", "down": 0.95, "up": 1.04, "law": "polynomialExponential" } },
                    { "exponential": { "parameter": "tes", "linear": 0.02, "quadratic": 0 } }
                  ],
                  "logRatio": "log_ratio_signal",
                  "shapes": [
                    {
                      "exponential": [
                        { "monomial": "jes", "column": "Delta_jes" },
                        { "monomial": "jes^2", "column": "Delta_jes^2" }
                      ]
                    },
                    { "upDown": { "parameter": "tes", "down": "tes_down", "up": "tes_up", "law": "polynomialExponential" } }
                  ]
                },
                {
                  "name": "other",
                  "yield": 20.5,
                  "factors": [{ "interpolated": { "parameter": "tes", "down": -0.1, "up": 2, "law": "piecewiseLinear" } }],
                  "ratio": "ratio_other"
                },
                { "name": "background", "yield": 123456, "factors": [{ "strength": "rate" }] }
              ]
            },
            {
              "name": "cr",
              "observed": [120, 80],
              "samples": [
                {
                  "name": "background",
                  "nominal": [118.25, 83],
                  "factors": [{ "strength": "rate" }],
                  "shifts": [{ "parameter": "jes", "down": [117, 80], "up": [119.5, 85], "law": "quadraticLinear" }],
                  "binFactors": [["gamma", null]]
                }
              ]
            }
          ]
        }

        """;

    public static LikelihoodModelBuilder Builder() => new LikelihoodModelBuilder()
        .AddParameter("mu", initial: 1, lower: 0, upper: 10)
        .AddParameter("c", initial: 0, lower: -5)
        .AddNuisance("jes")
        .AddNuisance("tes", Constraint.Gaussian(0.1, 0.8))
        .AddNuisance("rate", Constraint.LogNormal(1.1))
        .AddNuisance("gamma", Constraint.Poisson(25, 24))
        .AddParameter(new FitParameter { Name = "lumi", Initial = 1, IsFixed = true })
        .AddChannel(
            new UnbinnedChannel("sr",
            [
                new Process("signal", 100)
                {
                    YieldFactors =
                    [
                        YieldFactor.Strength("mu"), YieldFactor.Strength("lumi"), YieldFactor.Polynomial("c", 1, 0.3, -0.1),
                        YieldFactor.Interpolated("jes", 0.95, 1.04), YieldFactor.Exponential("tes", 0.02),
                    ],
                    LogRatio = "log_ratio_signal",
                    ShapeVariations =
                    [
                        ExponentialVariation.Quadratic("jes", "Delta_jes", "Delta_jes^2"), new UpDownVariation("tes", "tes_down", "tes_up")
                    ],
                },
                new Process("other", 20.5)
                {
                    YieldFactors = [YieldFactor.Interpolated("tes", -0.1, 2, InterpolationLaw.PiecewiseLinear)], Ratio = "ratio_other"
                },
                new Process("background", 123456) { YieldFactors = [YieldFactor.Strength("rate")] },
            ])
            {
                NormalisesShapes = false,
            },
            events: new EventFile("data.parquet", "w"),
            reference: new EventFile("simulation.parquet"))
        .AddChannel(
            new BinnedChannel("cr",
            [
                new BinnedSample("background", [118.25, 83])
                {
                    YieldFactors = [YieldFactor.Strength("rate")],
                    Shifts = [new BinShift("jes", [117, 80], [119.5, 85], InterpolationLaw.QuadraticLinear)],
                    BinFactors = [new BinFactors(["gamma", null])],
                },
            ]),
            observed: [120, 80])
        .WithParameterOfInterest("mu");
}
