using Gbi.Events;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>A density to draw from: its values, the prior whose support it has, and where proposals come from.</summary>
internal sealed class SampledDensity(Prior prior, ParameterLogDensity logDensity, IProposal proposal, CancellationToken cancellation)
{
    private long _evaluations;

    public Prior Prior => prior;

    public IProposal Proposal => proposal;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Points at which the density was computed so far.</summary>
    public long EvaluationCount => _evaluations;

    /// <summary>The same density with other proposals; values that were computed count on.</summary>
    public SampledDensity By(IProposal other) => new(prior, logDensity, other, cancellation) { _evaluations = _evaluations };

    /// <summary>ln f of each row; −∞ for NaN.</summary>
    /// <exception cref="DataException">A value is +∞, or there is another number of them.</exception>
    public double[] LogDensity(EventTable parameters)
    {
        cancellation.ThrowIfCancellationRequested();
        double[] values = logDensity(parameters);
        if (values.Length != parameters.Count)
        {
            throw new DataException(
                $"The density gave {values.Length:N0} values for {parameters.Count:N0} rows of parameters; give one a row.");
        }

        for (int row = 0; row < values.Length; row++)
        {
            if (double.IsPositiveInfinity(values[row]))
            {
                throw new DataException(
                    $"The density is infinite at {Point(parameters, row)}, expected a finite logarithm or −∞; limit it there.");
            }

            values[row] = double.IsNaN(values[row]) ? double.NegativeInfinity : values[row];
        }

        _evaluations += values.Length;
        return values;
    }

    private string Point(EventTable parameters, int row) => string.Join(", ", prior.Parameters.Select(name => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{name} = {parameters[name][row]}")));
}
