using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gbi.Tests.Reports.Html;

/// <summary>A headless Chromium with one open page, spoken to by its DevTools protocol.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly string[] Quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--remote-debugging-port=0",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder _profile = new();
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentQueue<JsonNode> _events = new();
    private int _lastId;

    private Chromium(string program)
    {
        _process = Process.Start(new ProcessStartInfo(program, [.. Quiet, $"--user-data-dir={_profile["profile"]}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What the page reported: exceptions, console errors and failed requests.</summary>
    public IEnumerable<string> Complaints => _events.Where(IsComplaint).Select(node => node.ToJsonString());

    /// <summary>Addresses that the page asked for.</summary>
    public IEnumerable<string> Requests => _events.Where(node => (string?)node["method"] == "Network.requestWillBeSent")
        .Select(node => (string)node["params"]!["request"]!["url"]!);

    /// <summary>A browser, or a skipped test where there is none.</summary>
    public static Chromium Start()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
            .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Ignore("skipped: there is no chromium; on Debian, apt-get install chromium");
        }

        var browser = new Chromium(program!);
        try
        {
            browser.Connect();
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file and waits until its scripts have run.</summary>
    public void Open(string path, string query = "")
    {
        _events.Clear();
        Send("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri + query });
        WaitFor("Page.loadEventFired");
    }

    /// <summary>The value of an expression in the page; promises are waited for.</summary>
    public JsonNode? Evaluate(string expression) => Send("Runtime.evaluate", new JsonObject
    {
        ["expression"] = expression,
        ["returnByValue"] = true,
        ["awaitPromise"] = true,
    })["result"]!["value"];

    /// <summary>The size of the window in pixels, with the screen of a phone or of a desk.</summary>
    public void Resize(int width, int height, bool isPhone)
    {
        Send("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = isPhone,
        });
        Send("Emulation.setTouchEmulationEnabled", new JsonObject { ["enabled"] = isPhone });
    }

    /// <summary>The reader's medium, "screen" or "print", and whether it prefers dark.</summary>
    public void Prefer(string medium, bool isDark)
    {
        Send("Emulation.setEmulatedMedia", new JsonObject
        {
            ["media"] = medium,
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        WaitForFrames();
    }

    /// <summary>The page as PNG, or the part between two heights.</summary>
    public byte[] Photograph(double top = 0, double? bottom = null, double scale = 1)
    {
        WaitForFrames();
        JsonNode size = Send("Page.getLayoutMetrics", [])["cssContentSize"]!;
        return Convert.FromBase64String((string)Send("Page.captureScreenshot", new JsonObject
        {
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject
            {
                ["x"] = 0,
                ["y"] = top,
                ["width"] = (double)size["width"]!,
                ["height"] = (bottom ?? (double)size["height"]!) - top,
                ["scale"] = scale,
            },
        })["data"]!);
    }

    /// <summary>The page as a PDF on A4.</summary>
    public byte[] Print() => Convert.FromBase64String((string)Send("Page.printToPDF", new JsonObject
    {
        ["paperWidth"] = 8.27,
        ["paperHeight"] = 11.69,
        ["preferCSSPageSize"] = true,
    })["data"]!);

    public void Dispose()
    {
        _socket.Dispose();
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }

        _process.WaitForExit();
        _process.Dispose();
        _profile.Dispose();
    }

    private static bool IsComplaint(JsonNode node) => (string?)node["method"] switch
    {
        "Runtime.exceptionThrown" or "Network.loadingFailed" => true,
        "Runtime.consoleAPICalled" => (string?)node["params"]!["type"] is "error" or "warning" or "assert",
        "Log.entryAdded" => (string?)node["params"]!["entry"]!["level"] is "error" or "warning",
        _ => false,
    };

    private void Connect()
    {
        string port = File.ReadLines(PortFile()).First();
        using var http = new HttpClient { Timeout = Patience };
        string targets = http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json")).GetAwaiter().GetResult();
        string address = JsonNode.Parse(targets)!.AsArray().Where(target => (string?)target!["type"] == "page")
            .Select(target => (string)target!["webSocketDebuggerUrl"]!).First();
        Wait(_socket.ConnectAsync(new Uri(address), CancellationToken.None));
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            Send($"{domain}.enable", []);
        }
    }

    /// <summary>The file in which a browser that is ready writes its port.</summary>
    private string PortFile()
    {
        string path = Path.Combine(_profile["profile"], "DevToolsActivePort");
        var watch = Stopwatch.StartNew();
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            if (watch.Elapsed > Patience || _process.HasExited)
            {
                throw new TimeoutException(
                    $"Chromium did not start within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
            }

            Thread.Sleep(20);
        }

        return path;
    }

    /// <summary>A page hears of a change, and draws, in its next frame.</summary>
    private void WaitForFrames() => Evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    private JsonNode Send(string method, JsonObject parameters)
    {
        int id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        Wait(_socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None));
        while (true)
        {
            JsonNode answer = Receive();
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
            }
        }
    }

    private void WaitFor(string name)
    {
        while (_events.All(node => (string?)node["method"] != name))
        {
            Receive();
        }
    }

    private JsonNode Receive()
    {
        using var whole = new MemoryStream();
        byte[] part = new byte[1 << 16];
        WebSocketReceiveResult received;
        do
        {
            Task<WebSocketReceiveResult> next = _socket.ReceiveAsync(part, CancellationToken.None);
            Wait(next);
            received = next.Result;
            whole.Write(part, 0, received.Count);
        }
        while (!received.EndOfMessage);

        JsonNode message = JsonNode.Parse(whole.ToArray())!;
        if (message["id"] is null)
        {
            _events.Enqueue(message);
        }

        return message;
    }

    private static void Wait(Task task)
    {
        if (!task.Wait(Patience))
        {
            throw new TimeoutException($"Chromium gave no answer within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
    }
}
