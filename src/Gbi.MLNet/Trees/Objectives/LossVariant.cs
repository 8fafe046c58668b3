namespace Gbi.Trees.Objectives;

/// <summary>What differs from the plain logistic loss; the default is that loss.</summary>
/// <param name="Balance">λ of the balanced loss; 0 for none.</param>
/// <param name="SignalFraction">
/// μ, where the numerator is taken for the mixture (1−μ) p₀ + μ p_S and the output is ln p_S/p₀ in place of the log ratio itself; null
/// where it is not.
/// </param>
internal readonly record struct LossVariant(double Balance, double? SignalFraction);
