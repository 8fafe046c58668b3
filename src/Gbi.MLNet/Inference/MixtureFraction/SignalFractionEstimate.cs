namespace Gbi.Inference.MixtureFraction;

/// <summary>A fitted signal fraction without intervals.</summary>
/// <param name="Value">μ̂, the share of signal among the events; negative for a deficit.</param>
/// <param name="Error">Standard error from the size of the data, √(Σ w² s²) / Σ w s² with s = (r−1)/(1+μ̂(r−1)).</param>
/// <param name="Iterations">Newton steps taken.</param>
/// <param name="IsAtBorder">Whether the minimum lies at the border of the domain, where the error means nothing.</param>
public readonly record struct SignalFractionEstimate(double Value, double Error, int Iterations, bool IsAtBorder);
