using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Simulators.Priors.Constraints;
using Gbi.Simulators.Priors.Distributions;
using Gbi.Simulators.Priors.Documents;

namespace Gbi.Simulators.Priors;

// The priors that a document can describe.
public abstract partial class Prior
{
    /// <summary>A flat density, p(θ) = 1/(high − low).</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="low">Lowest value; finite.</param>
    /// <param name="high">Highest value; finite, above <paramref name="low"/>.</param>
    /// <param name="isPeriodic">Whether the lowest and the highest value are the same point, such as of an angle.</param>
    /// <exception cref="ArgumentException">The range is empty, not finite, or too narrow for single precision.</exception>
    public static Prior Uniform(string name, double low, double high, bool isPeriodic = false) =>
        new UniformPrior(name, low, high, isPeriodic);

    /// <summary>A normal density, truncated to a range where one is given.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="mean">Mean before truncation.</param>
    /// <param name="standardDeviation">Standard deviation before truncation; above 0.</param>
    /// <param name="low">Lowest value; −∞ for none.</param>
    /// <param name="high">Highest value; ∞ for none.</param>
    /// <exception cref="ArgumentException">The standard deviation is not above 0, or the range is empty or beyond 8 of them.</exception>
    public static Prior Normal(
        string name, double mean, double standardDeviation, double low = double.NegativeInfinity, double high = double.PositiveInfinity) =>
        new NormalPrior(name, mean, standardDeviation, low, high);

    /// <summary>A normal density of several parameters with their covariances.</summary>
    /// <param name="names">Names of the parameters.</param>
    /// <param name="mean">One mean a parameter.</param>
    /// <param name="covariance">One row a parameter; symmetric and positive definite.</param>
    /// <exception cref="ArgumentException">Sizes disagree, or the matrix is not symmetric or not positive definite.</exception>
    public static Prior Normal(
        IReadOnlyList<string> names, IReadOnlyList<double> mean, IReadOnlyList<IReadOnlyList<double>> covariance) =>
        new JointNormalPrior(names, mean, covariance);

    /// <summary>A normal density of several parameters with their correlations.</summary>
    /// <param name="names">Names of the parameters.</param>
    /// <param name="mean">One mean a parameter.</param>
    /// <param name="standardDeviations">One a parameter; above 0.</param>
    /// <param name="correlations">One row a parameter; symmetric and positive definite, 1 on its diagonal.</param>
    /// <exception cref="ArgumentException">Sizes disagree, or the matrix is not symmetric or not positive definite.</exception>
    public static Prior Normal(
        IReadOnlyList<string> names, IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviations,
        IReadOnlyList<IReadOnlyList<double>> correlations) =>
        new JointNormalPrior(names, mean, JointNormalPrior.CovarianceOf(names, standardDeviations, correlations));

    /// <summary>A density of a positive number whose logarithm is normal.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="median">Median, exp of the mean of ln θ; above 0.</param>
    /// <param name="sigma">Standard deviation of ln θ; above 0.</param>
    /// <exception cref="ArgumentException">A number is not above 0, or so large that values leave single precision.</exception>
    public static Prior LogNormal(string name, double median, double sigma) => new LogNormalPrior(name, median, sigma);

    /// <summary>A density of a number of 0 or more, the upper half of a normal one around 0.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="standardDeviation">Standard deviation of the normal density; above 0.</param>
    /// <exception cref="ArgumentException">The standard deviation is not above 0.</exception>
    public static Prior HalfNormal(string name, double standardDeviation) => new HalfNormalPrior(name, standardDeviation);

    /// <summary>A beta density, ∝ y^(a−1) (1−y)^(b−1) with y = (θ − low)/(high − low).</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="a">Exponent at the low end. Range: 0.1 or more.</param>
    /// <param name="b">Exponent at the high end. Range: 0.1 or more.</param>
    /// <param name="low">Lowest value; finite.</param>
    /// <param name="high">Highest value; finite, above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentException">An exponent is below 0.1, or the range is empty or too narrow for single precision.</exception>
    public static Prior Beta(string name, double a, double b, double low = 0, double high = 1) => new BetaPrior(name, a, b, low, high);

    /// <summary>Shares that add up to 1, with density ∝ Π shareᵢ^(αᵢ−1). The last share is not a parameter: it is 1 − Σ.</summary>
    /// <param name="names">Names of all shares but the last.</param>
    /// <param name="concentrations">αᵢ, one more than names, that of the last share last. Range: 0.1 or more.</param>
    /// <exception cref="ArgumentException">Numbers disagree, or a concentration is below 0.1.</exception>
    public static Prior Dirichlet(IReadOnlyList<string> names, IReadOnlyList<double> concentrations) =>
        new DirichletPrior(names, concentrations);

    /// <summary>One of several ordered whole numbers.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="values">Whole numbers up to 2²⁴, no one twice.</param>
    /// <param name="probabilities">One a value, above 0, with sum 1; null where all are equal.</param>
    /// <exception cref="ArgumentException">A value is no whole number or occurs twice, or the probabilities are none.</exception>
    public static Prior Integer(string name, IReadOnlyList<double> values, IReadOnlyList<double>? probabilities = null) =>
        new DiscretePrior(name, ParameterKind.Integer, values, probabilities);

    /// <summary>One of several numbers without order.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="values">Numbers that stand for the categories, rounded to single precision; no one twice.</param>
    /// <param name="probabilities">One a value, above 0, with sum 1; null where all are equal.</param>
    /// <exception cref="ArgumentException">A value occurs twice, or the probabilities are none.</exception>
    public static Prior Category(string name, IReadOnlyList<double> values, IReadOnlyList<double>? probabilities = null) =>
        new DiscretePrior(name, ParameterKind.Category, values, probabilities);

    /// <summary>Rows of a table, drawn with replacement in proportion to their weights. It has no density.</summary>
    /// <param name="rows">Its columns are the parameters.</param>
    /// <exception cref="DataException">A value is not finite, a weight is negative, or there are no rows.</exception>
    public static Prior Rows(EventTable rows) => new RowsPrior(rows, source: null);

    /// <summary>Independent parameters, or groups of them: the product of the densities.</summary>
    /// <exception cref="ArgumentException">There are none, or a parameter occurs twice.</exception>
    public static Prior Independent(params IReadOnlyList<Prior> priors) => ProductPrior.Of(priors);

    /// <summary>This prior where linear inequalities hold, and 0 elsewhere; normalised.</summary>
    /// <remarks>
    /// Draws are repeated until the inequalities hold. The probability that they hold is exact for one inequality of uniform parameters, or
    /// one of normal parameters without range, and for several that share none; else it is estimated by 262,144 draws, and
    /// <see cref="LogDensityError"/> is the error.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is unknown, or the inequalities hold in less than 1 of 2,600 draws.</exception>
    public Prior Where(params IReadOnlyList<LinearConstraint> constraints) => ConstrainedPrior.Of(this, constraints, []);

    /// <summary>This prior where a condition holds, and 0 elsewhere; normalised by 262,144 draws. It cannot be written as JSON.</summary>
    /// <param name="holds">The condition on a point: values in the order of <see cref="Parameters"/>. Called from several threads.</param>
    /// <exception cref="ArgumentException">The condition holds in less than 1 of 2,600 draws.</exception>
    public Prior Where(PointCondition holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return ConstrainedPrior.Of(this, [], [holds]);
    }

    /// <summary>Reads a prior from its JSON document (docs/json.md, "The prior document").</summary>
    /// <param name="json">The document.</param>
    /// <param name="folder">Where relative paths of files start; null for the current folder.</param>
    /// <exception cref="DocumentException">It is none; the message begins with the JSON pointer of the error.</exception>
    public static Prior FromJson(string json, string? folder = null) =>
        PriorDocument.Read(DocumentNode.Parse(json, "prior"), folder ?? Directory.GetCurrentDirectory());

    /// <summary>Reads a prior from a file with its JSON document; relative paths in it start at its folder.</summary>
    /// <exception cref="DocumentException">It is none; the message names the file and the JSON pointer of the error.</exception>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static Prior Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string json = JsonText.Read(path);
        try
        {
            return FromJson(json, Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (DocumentException failure)
        {
            throw new DocumentException($"{Path.GetFileName(path)}: {failure.Message}", failure);
        }
    }

    /// <summary>The JSON document of this prior.</summary>
    /// <param name="holdsRows">Whether rows of a file stand in the document, which then needs no file; rows of a table always do.</param>
    /// <exception cref="DataException">It is a class of your own, or has a condition in C#.</exception>
    public string ToJson(bool holdsRows = false) => DocumentText.Of(PriorDocument.Write(this, holdsRows));
}
