namespace Gbi.Likelihoods.Constraints;

/// <summary>A function of one parameter at a point.</summary>
/// <param name="Value">f.</param>
/// <param name="First">f′.</param>
/// <param name="Second">f″.</param>
public readonly record struct ValueWithDerivatives(double Value, double First, double Second);
