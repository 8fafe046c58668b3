using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The one environment behind an <see cref="MLContext"/>; channels end in <see cref="Message"/>.</summary>
internal sealed class LocalHost(int? seed) : IHost
{
    public event Action<string, ChannelMessage> Message;

    public int? Seed => seed;

    public Random Rand { get; } = seed is { } value ? new Random(value) : new Random();

    public ComponentCatalog ComponentCatalog { get; } = new();

    public string ContextDescription => "HostEnvironment";

    public TException Process<TException>(TException ex)
        where TException : Exception
        => ex;

    public IHost Register(string name, int? seed = null, bool? verbose = null) => this;

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>();

    public IProgressChannel StartProgressChannel(string name) => new Progress();

    private class Pipe<TMessage> : IPipe<TMessage>
    {
        public string ContextDescription => "Pipe";

        public TException Process<TException>(TException ex)
            where TException : Exception
            => ex;

        public virtual void Send(TMessage msg)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Channel(LocalHost host, string name) : Pipe<ChannelMessage>, IChannel
    {
        public override void Send(ChannelMessage msg) => host.Message?.Invoke(name, msg);

        public void Trace(MessageSensitivity sensitivity, string fmt) => Say(ChannelMessageKind.Trace, sensitivity, fmt);

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args)
            => Say(ChannelMessageKind.Trace, sensitivity, string.Format(fmt, args));

        public void Error(MessageSensitivity sensitivity, string fmt) => Say(ChannelMessageKind.Error, sensitivity, fmt);

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args)
            => Say(ChannelMessageKind.Error, sensitivity, string.Format(fmt, args));

        public void Warning(MessageSensitivity sensitivity, string fmt) => Say(ChannelMessageKind.Warning, sensitivity, fmt);

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args)
            => Say(ChannelMessageKind.Warning, sensitivity, string.Format(fmt, args));

        public void Info(MessageSensitivity sensitivity, string fmt) => Say(ChannelMessageKind.Info, sensitivity, fmt);

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args)
            => Say(ChannelMessageKind.Info, sensitivity, string.Format(fmt, args));

        private void Say(ChannelMessageKind kind, MessageSensitivity sensitivity, string text)
            => Send(new ChannelMessage(kind, sensitivity, text));
    }

    private sealed class Progress : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public IProgressChannel StartProgressChannel(string name) => new Progress();

        public void Dispose()
        {
        }
    }
}
