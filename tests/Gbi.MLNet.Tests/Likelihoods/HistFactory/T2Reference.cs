using System.Text.Json;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>The shared task t2: a workspace with the answers of another program, polished to |gradient| &lt; 1e-9.</summary>
internal sealed class T2Reference
{
    private readonly JsonElement _answers;

    private T2Reference(string name)
    {
        Workspace = Workspace.Parse(File.ReadAllText(SharedData.Path($"../peers/t2/{name}.json")));
        Model = Workspace.Model();
        Data = Workspace.Data(Model);
        _answers = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"../peers/t2/{name}_reference.json"))).RootElement;
    }

    public Workspace Workspace { get; }

    public LikelihoodModel Model { get; }

    public ModelData Data { get; }

    public static T2Reference Read(string name) => new(name);

    public JsonElement this[string key] => _answers.GetProperty(key);

    public double Number(string key) => this[key].GetDouble();

    public double[] Numbers(string key) => Numbers(this[key]);

    public string[] Names(string key) => [.. this[key].EnumerateArray().Select(name => name.GetString()!)];

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}
