namespace Gbi.Searches.Family.Fits;

/// <summary>
/// Signal fraction μ and local coordinates t at which the data have the mean score that background and signal of these parameters have,
/// and their covariance.
/// </summary>
/// <param name="Point">μ and t.</param>
/// <param name="Covariance">Their covariance, row-major.</param>
internal sealed record FamilyEstimate(double[] Point, double[] Covariance);
