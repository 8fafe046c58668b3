using Gbi.Events;

namespace Gbi.Ratios.Families;

/// <summary>Events, each with the fold whose models did not see it.</summary>
/// <param name="Events">The events.</param>
/// <param name="FoldOf">One fold an event.</param>
internal sealed record FoldedEvents(EventTable Events, int[] FoldOf);
