using Gbi.Tracer;

#pragma warning disable CA1050, CA1852, IDE0130 // the runtime looks for this name, outside of any namespace
/// <summary>What the runtime of the traced process calls before Main, as the variable DOTNET_STARTUP_HOOKS says.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(MethodListener.OutputVariable) is { } path)
        {
            var listener = new MethodListener();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => listener.Write(path);
        }
    }
}
