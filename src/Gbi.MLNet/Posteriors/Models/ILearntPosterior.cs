using Gbi.Events;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Models;

/// <summary>A posterior with the prior that it was learnt with, which says of an observation why it may not be trusted there.</summary>
public interface ILearntPosterior : IPosteriorModel
{
    /// <summary>The prior that the simulations were drawn from.</summary>
    Prior Prior { get; }

    /// <summary>The posterior of one observation, with warnings.</summary>
    /// <param name="observation">One row with the columns <see cref="IPosteriorModel.Features"/>.</param>
    /// <exception cref="DataException">A feature is no column or infinite, or there is another number of rows.</exception>
    Posterior Given(EventTable observation);
}
