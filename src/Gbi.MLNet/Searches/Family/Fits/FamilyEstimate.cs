namespace Gbi.Searches.Family.Fits;

/// <summary>
/// Signal fraction μ and places t at which the data have the mean score that background and signal of these parameters have, and their
/// covariance.
/// </summary>
/// <param name="Point">μ and the places.</param>
/// <param name="Covariance">Their covariance, row-major.</param>
internal sealed record FamilyEstimate(double[] Point, double[] Covariance);
