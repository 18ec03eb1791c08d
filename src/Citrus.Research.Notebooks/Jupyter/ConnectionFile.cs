using System.Net;
using System.Text;
using System.Text.Json;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What Jupyter tells a kernel about its sockets: the JSON file behind <c>{connection_file}</c>.</summary>
/// <param name="Ip">The loopback address to listen at.</param>
/// <param name="Shell">TCP port of requests.</param>
/// <param name="Control">TCP port of interrupt and shutdown.</param>
/// <param name="Iopub">TCP port of outputs.</param>
/// <param name="Stdin">TCP port of input, which this kernel never asks for.</param>
/// <param name="Heartbeat">TCP port on which everything is echoed.</param>
/// <param name="Key">The secret that messages are signed with.</param>
internal sealed record ConnectionFile(string Ip, int Shell, int Control, int Iopub, int Stdin, int Heartbeat, byte[] Key)
{
    private const int MaxBytes = 64 << 10;

    /// <summary>Reads the file.</summary>
    /// <exception cref="KernelException">The file is missing, no connection file, or asks for what this kernel does not do.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw new KernelException($"{path}: there is no such connection file; Jupyter writes it and names it with --connection-file.");
            if (info.Length > MaxBytes) throw new KernelException($"{path}: {info.Length} bytes are no connection file.");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads the file's text.</summary>
    public static ConnectionFile Parse(string json, string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new KernelException($"{path}: not JSON (line {e.LineNumber + 1}): {e.Message}", e);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new KernelException($"{path}: a JSON object is expected.");
            var transport = Text("transport", "tcp");
            if (transport != "tcp") throw new KernelException($"{path}: transport \"{transport}\" is not offered; set \"transport\": \"tcp\" (c.KernelManager.transport in Jupyter's configuration).");
            var ip = Text("ip", "127.0.0.1");
            if (ip == "localhost") ip = "127.0.0.1";
            if (!IPAddress.TryParse(ip, out var address) || !IPAddress.IsLoopback(address))
                throw new KernelException($"{path}: ip \"{ip}\" is refused: whoever reaches a kernel runs code as you. Use 127.0.0.1, and an SSH tunnel from elsewhere.");
            var scheme = Text("signature_scheme", "hmac-sha256");
            if (scheme != "hmac-sha256") throw new KernelException($"{path}: signature_scheme \"{scheme}\" is not known; hmac-sha256 is.");
            var key = Text("key", "");
            if (key.Length == 0) throw new KernelException($"{path}: \"key\" is empty: without signatures any user of this machine could run code as you. Let Jupyter make the key.");
            var ports = new[] { "shell_port", "control_port", "iopub_port", "stdin_port", "hb_port" }.Select(Port).ToArray();
            if (ports.Distinct().Count() != ports.Length) throw new KernelException($"{path}: two channels have the same port.");
            return new ConnectionFile(ip, ports[0], ports[1], ports[2], ports[3], ports[4], Encoding.UTF8.GetBytes(key));

            string Text(string name, string fallback) => !root.TryGetProperty(name, out var value) ? fallback
                : value.ValueKind == JsonValueKind.String ? value.GetString()!
                : throw new KernelException($"{path}: \"{name}\" must be a text.");

            int Port(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var port) && port is > 0 and < 65536 ? port
                : throw new KernelException($"{path}: \"{name}\" must be a port from 1 to 65535.");
        }
    }
}
