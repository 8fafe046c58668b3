namespace Gbi.Tests.Architecture;

/// <summary>A room with its floor, and all other rooms and packages that its code uses.</summary>
internal sealed record Room(string Name, int Floor, string[] MayUse, string[] Packages);

/// <summary>A folder of a room, and all others of that room that its code uses.</summary>
internal sealed record SubRoom(string Name, string[] MayUse);

/// <summary>An arrow of the code that the design does not allow.</summary>
internal sealed record ArrowToRemove(string From, string To, string Reason);

/// <summary>The library's rooms (a room is a namespace Gbi.X) and the arrows between them, exactly as the code uses them.</summary>
internal static class Rooms
{
    public const string TopOfRoom = "";

    /// <summary>Rooms from the ground up; each lists all that its code uses, and nothing else.</summary>
    public static readonly Room[] Table =
    [
        new("Numerics", 0, [], ["System.Numerics.Tensors", "MathNet.Numerics"]),
        new("Events", 0, ["Numerics"], ["Parquet.Net", "PureHDF", "Sep", "Snappier", "ZstdSharp", "K4os.Compression.LZ4"]),
        new("Documents", 0, ["Events"], []),
        new("Trees", 1, ["Numerics", "Events"], ["System.Numerics.Tensors"]),
        new("Calibration", 2, ["Numerics"], []),
        new("Ratios", 2, ["Numerics", "Events", "Trees", "Calibration"], ["System.Numerics.Tensors"]),
        new("Systematics", 2, ["Numerics", "Events", "Trees", "Ratios"], []),
        new("Generators", 2, ["Numerics", "Events", "Trees", "Ratios"], ["System.Numerics.Tensors"]),
        new("Simulators", 2, ["Numerics", "Events", "Documents", "Generators"], ["MathNet.Numerics"]),
        // The exponent of a shape variation is made of the monomials of parametric ratios.
        new("Likelihoods", 2, ["Numerics", "Events", "Documents", "Ratios"], ["System.Numerics.Tensors"]),
        new("Inference", 2, ["Numerics", "Events", "Likelihoods"], ["System.Numerics.Tensors", "MathNet.Numerics"]),
        new("Posteriors", 2, ["Numerics", "Events", "Trees", "Simulators"], ["MathNet.Numerics", "System.Numerics.Tensors"]),
        // Whether a systematic closes is tested on the events that its training held out.
        new("Diagnostics", 2,
            ["Numerics", "Events", "Trees", "Ratios", "Simulators", "Systematics", "Inference", "Posteriors"], []),
        new("Onnx", 2,
            ["Numerics", "Events", "Documents", "Trees", "Calibration", "Ratios", "Generators", "Simulators", "Posteriors", "Diagnostics"],
            ["Microsoft.ML.OnnxRuntime.Managed", "Google.Protobuf", "System.Numerics.Tensors"]),
        new("Jobs", 3, ["Numerics", "Events", "Simulators", "Likelihoods", "Inference"], []),
        new("Infer", 3, ["Numerics", "Events", "Simulators", "Inference", "Posteriors", "Diagnostics", "Jobs"], []),
        new("Searches", 3,
            ["Numerics", "Events", "Trees", "Calibration", "Ratios", "Generators", "Simulators", "Likelihoods", "Inference",
                "Diagnostics", "Jobs"],
            ["System.Numerics.Tensors"]),
        new("Peaks", 3,
            ["Numerics", "Events", "Trees", "Ratios", "Generators", "Likelihoods", "Inference", "Diagnostics", "Jobs"],
            []),
        // A report shows the records of these rooms.
        new("Reports", 4,
            ["Numerics", "Events", "Trees", "Ratios", "Generators", "Simulators", "Likelihoods", "Inference", "Posteriors", "Diagnostics",
                "Jobs", "Infer", "Searches", "Peaks"],
            []),
        new("Pipeline", 4,
            ["Numerics", "Events", "Trees", "Calibration", "Ratios", "Systematics", "Generators", "Simulators", "Posteriors", "Diagnostics",
                "Onnx"],
            ["Microsoft.ML", "Microsoft.ML.FastTree"]),
        new("Scoring", 4, ["Numerics", "Events", "Ratios", "Posteriors", "Onnx", "Pipeline"], []),
    ];

    /// <summary>The sub-rooms of three rooms, in the order in which they build on each other.</summary>
    public static readonly Dictionary<string, SubRoom[]> SubTables = new()
    {
        ["Searches"] =
        [
            new("Options", []),
            new("Background", ["Options"]),
            new("Anomaly", ["Background"]),
            new("Signal", ["Options", "Background"]),
            new("Family.Scans", []),
            new("Family.Fits", ["Options", "Family.Scans"]),
            new("Family", ["Options", "Background", "Signal", "Family.Fits"]),
            new("Results", ["Options", "Background", "Signal", "Family"]),
            new("Checks", ["Options", "Background", "Anomaly", "Signal", "Family", "Results"]),
            new("Blind", ["Options", "Background", "Signal", "Checks", "Results"]),
            new(TopOfRoom, ["Options", "Background", "Anomaly", "Signal", "Family", "Checks", "Results"]),
            new("Hunt", ["Options", "Signal", "Results", TopOfRoom]),
            new("Coverage", ["Options", "Results", TopOfRoom, "Hunt"]),
        ],
        ["Likelihoods"] =
        [
            new("Constraints", []),
            new("Interpolations", ["Constraints"]),
            new("Factors", ["Constraints", "Interpolations"]),
            new("Model", ["Constraints", "Interpolations", "Factors"]),
            new("Binned", ["Constraints", "Interpolations", "Factors", "Model"]),
            new("Unbinned", ["Constraints", "Interpolations", "Factors", "Model"]),
            new("Descriptions", ["Constraints", "Interpolations", "Factors", "Model"]),
            new("Documents", ["Constraints", "Interpolations", "Factors", "Model"]),
            new(TopOfRoom, ["Constraints", "Interpolations", "Factors", "Model", "Binned", "Unbinned", "Descriptions", "Documents"]),
            new("HistFactory", ["Constraints", "Interpolations", "Factors", "Model", TopOfRoom]),
        ],
        ["Inference"] =
        [
            new("Fits", []),
            new("Contours", ["Fits"]),
            new("Impacts", ["Fits"]),
            new("Yields", ["Fits"]),
            new("Toys", ["Fits"]),
            new("Tests", ["Fits", "Toys"]),
            new("Belts", ["Fits", "Toys"]),
            new("GlobalProbability", ["Fits", "Tests"]),
            new("MixtureFraction", ["Fits"]),
        ],
    };

    /// <summary>Arrows of the code that the design does not allow.</summary>
    public static readonly ArrowToRemove[] ToBeRemoved =
    [
        new("Scoring", "Microsoft.ML", "ScoringModel is given a transformer, and finds its model in it."),
    ];

    /// <summary>Namespaces that alone may use a package; it is found nowhere else.</summary>
    public static readonly (string Package, string Namespace)[] Owners =
    [
        ("Parquet.Net", "Gbi.Events.IO"),
        ("PureHDF", "Gbi.Events.IO.Hdf5"),
        ("Sep", "Gbi.Events.IO"),
        ("Snappier", "Gbi.Events.IO"),
        ("ZstdSharp", "Gbi.Events.IO"),
        ("K4os.Compression.LZ4", "Gbi.Events.IO"),
        ("Microsoft.ML.OnnxRuntime.Managed", "Gbi.Onnx"),
        ("Microsoft.ML", "Gbi.Pipeline"),
        ("Microsoft.ML.FastTree", "Gbi.Pipeline"),
    ];
}
