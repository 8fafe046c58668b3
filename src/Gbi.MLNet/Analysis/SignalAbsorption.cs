namespace Gbi.Analysis;

/// <summary>What a background template made of sidebands takes of the signal, for each signal event in the signal region.</summary>
/// <param name="Shape">k: weight of signal events among the template's.</param>
/// <param name="Rate">k_T: events by which the mass spectrum, fitted to the sidebands, expects more background.</param>
public readonly record struct SignalAbsorption(double Shape, double Rate);
