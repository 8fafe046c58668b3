namespace Gbi.Searches.Signal;

/// <summary>
/// Where the error of a signal fraction comes from. What is known of a parameter ν with the error σ_ν beforehand contributes
/// |cov(μ,ν)|/σ_ν to the error of μ, the shift of μ̂ by one standard deviation of that knowledge; the statistical part is what the
/// squares of these leave of the variance. Errors of the Hessian at the best fit.
/// </summary>
/// <param name="Statistical">From the number of observed events; the rate too, where the data alone determine it.</param>
/// <param name="Rate">From the error of the background's rate that the mass spectrum gives; 0 where that is not used.</param>
/// <param name="Template">From the finite size of the background template; 0 where it is not varied.</param>
/// <param name="Simulation">From the finite size of the signal simulation; 0 where it is not varied.</param>
/// <param name="Generator">From the spread of the background generator's members; 0 where they are not varied.</param>
/// <remarks>
/// The split of a covariance by measurements is exact for a likelihood that is a parabola: Var μ = Σ over measurements of (∂μ̂/∂m)² Var m.
/// </remarks>
public sealed record SignalErrorBudget(double Statistical, double Rate, double Template, double Simulation, double Generator)
{
    /// <summary>The error of the signal fraction: the root of the sum of squares.</summary>
    public double Total => Math.Sqrt(
        (Statistical * Statistical) + (Rate * Rate) + (Template * Template) + (Simulation * Simulation) + (Generator * Generator));

    /// <summary>The parts with their names, the statistical one first.</summary>
    public IReadOnlyList<(string Source, double Error)> Parts =>
    [
        ("events", Statistical),
        ("rate", Rate),
        ("template", Template),
        ("simulation", Simulation),
        ("generator", Generator),
    ];
}
