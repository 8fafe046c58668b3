using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Tests.Posteriors.Ratios;

[TestFixture]
internal sealed class ContrastiveObjectiveTests
{
    private static BinnedEvents Data(int rows) => FeatureBins.Learn(Table(rows), ["x"]).Apply(Table(rows));

    private static EventTable Table(int rows) => EventTable.FromColumns(
        ("x", [.. Enumerable.Range(0, rows).Select(row => (float)((row % 4 == 0 ? 0.5 : 0) + new Seed(1).Uniform(row)))]));

    private static ContrastiveObjective Objective(int contrasts, double gamma) =>
        new(Data(contrasts + 1), [1], contrasts, gamma, new TreeOptions());

    [TestCase(1, 1), TestCase(3, 1), TestCase(3, 20), TestCase(4, 0.1), TestCase(3, double.PositiveInfinity)]
    public void Derivatives_are_those_of_the_loss(int contrasts, double gamma)
    {
        float[] outputs = [.. Enumerable.Range(0, contrasts + 1).Select(k => (float)(1.5 * Math.Sin(1 + k)))];
        ContrastiveObjective objective = Objective(contrasts, gamma);
        double[] gradient = new double[outputs.Length];
        double[] hessian = new double[outputs.Length];
        double loss = objective.Derivatives(outputs, gradient, hessian);
        Assert.That(loss, Is.EqualTo(Formula(outputs, gamma)).Within(1e-6));
        for (int k = 0; k < outputs.Length; k++)
        {
            const float Step = 1f / 64;
            double[] up = new double[outputs.Length];
            double[] down = new double[outputs.Length];
            double above = objective.Derivatives(Moved(Step), up, new double[outputs.Length]);
            double below = objective.Derivatives(Moved(-Step), down, new double[outputs.Length]);
            Assert.That(gradient[k], Is.EqualTo((above - below) / (2 * Step)).Within(2e-4));
            Assert.That(hessian[k], Is.EqualTo((up[k] - down[k]) / (2 * Step)).Within(2e-4));

            float[] Moved(float by)
            {
                float[] moved = [.. outputs];
                moved[k] += by;
                return moved;
            }
        }
    }

    /// <summary>The loss as it stands in the papers.</summary>
    private static double Formula(float[] h, double gamma)
    {
        int contrasts = h.Length - 1;
        if (double.IsPositiveInfinity(gamma))
        {
            return Math.Log(h.Sum(value => Math.Exp(value))) - h[0];
        }

        double marginal = contrasts / (contrasts + (gamma * h[1..].Sum(value => Math.Exp(value))));
        double joint = gamma * Math.Exp(h[0]) / (contrasts + (gamma * h[..contrasts].Sum(value => Math.Exp(value))));
        return (-Math.Log(marginal) / (1 + gamma)) - (gamma / (1 + gamma) * Math.Log(joint));
    }

    [Test]
    public void A_constant_of_an_observation_has_no_gradient_in_the_softmax_loss_and_large_outputs_do_not_overflow()
    {
        double[] gradient = new double[4];
        double loss = Objective(3, double.PositiveInfinity).Derivatives([900, 901, 899, -2000], gradient, new double[4]);
        Assert.That(gradient.Sum(), Is.EqualTo(0).Within(1e-12));
        Assert.That(loss, Is.EqualTo(Math.Log(1 + Math.E + Math.Exp(-1))).Within(1e-6));

        // ½ (900 − ln 3) + ½ (900 + 2000).
        double steep = Objective(3, 1).Derivatives([-2000, 900, 0, 0], gradient, new double[4]);
        Assert.That(steep, Is.EqualTo(1900 - (Math.Log(3) / 2)).Within(1e-6));
    }

    [Test]
    public void One_contrast_of_weight_one_is_the_logistic_loss()
    {
        // Rows of groups (simulation, contrast): trees of the contrastive loss with K = γ = 1 are those of the logistic one.
        const int Rows = 4000;
        BinnedEvents data = Data(Rows);
        TreeOptions options = new() { TreeCount = 5, LeafCount = 6 };
        float[] weights = [.. Enumerable.Repeat(1f, Rows / 2)];
        TreeEnsemble contrastive = Booster.Train(data, new ContrastiveObjective(data, weights, 1, 1, options), [0], options);
        TreeEnsemble logistic = LogisticTrees.Train(
            data, new LogisticSample([.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0)], [.. Enumerable.Repeat(1.0, Rows)]),
            default, options, default, default);
        Assert.That(contrastive.Predict(Table(Rows)), Is.EqualTo(logistic.Predict(Table(Rows))).Within(0.003f));
        Assert.That(contrastive.Predict(Table(Rows)).Max(), Is.GreaterThan(0.2));
    }
}
