namespace Gbi.Likelihoods.HistFactory;

/// <summary>What is done with parts that two workspaces both have, as <c>pyhf combine</c> does it.</summary>
public enum WorkspaceJoin
{
    /// <summary>Refused: channels, observations and measurements must have different names.</summary>
    None,

    /// <summary>Taken once where they are equal, else refused; settings of measurements with the same name are joined.</summary>
    Outer,

    /// <summary>Taken from the first workspace, whatever the second has.</summary>
    LeftOuter,

    /// <summary>Taken from the second workspace, whatever the first has.</summary>
    RightOuter,
}
