using System.Diagnostics;
using NetMQ;
using NetMQ.Sockets;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>The kernel's sockets and the one thread that touches them.</summary>
internal sealed class KernelSockets : IDisposable
{
    /// <summary>No message from outside may be longer.</summary>
    private const long MaxIncomingBytes = 64 << 20;

    /// <summary>How long the last messages may take to leave.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>How long a port that a kernel before this one has just given up is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Action<KernelChannel, JupyterMessage> received;
    private readonly WireFormat wire;
    private readonly TextWriter log;
    private readonly RouterSocket shell = new();
    private readonly RouterSocket control = new();
    private readonly RouterSocket stdin = new();
    private readonly RouterSocket heartbeat = new();
    private readonly PublisherSocket iopub = new();
    private readonly NetMQQueue<(KernelChannel Channel, List<byte[]> Frames)> outgoing = new();
    private readonly NetMQPoller poller;

    /// <summary>Opens the sockets; <see cref="Start"/> begins to listen to them.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="wire">How messages are read.</param>
    /// <param name="received">Called with each believable message, on the sockets' own thread: it must be quick.</param>
    /// <param name="log">Where unbelievable messages are noted.</param>
    /// <exception cref="KernelException">A port is taken.</exception>
    public KernelSockets(ConnectionFile connection, WireFormat wire, Action<KernelChannel, JupyterMessage> received, TextWriter log)
    {
        (this.wire, this.received, this.log) = (wire, received, log);
        try
        {
            Bind(shell, connection, connection.Shell);
            Bind(control, connection, connection.Control);
            Bind(stdin, connection, connection.Stdin);
            Bind(heartbeat, connection, connection.Heartbeat);
            Bind(iopub, connection, connection.Iopub);
        }
        catch
        {
            foreach (var socket in Sockets) socket.Dispose();
            throw;
        }

        shell.ReceiveReady += (_, _) => Receive(shell, KernelChannel.Shell);
        control.ReceiveReady += (_, _) => Receive(control, KernelChannel.Control);
        stdin.ReceiveReady += (_, _) => stdin.ReceiveMultipartBytes();
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartBytes(heartbeat.ReceiveMultipartBytes());
        outgoing.ReceiveReady += (_, _) => Drain();
        poller = [shell, control, stdin, heartbeat, outgoing];
    }

    private IEnumerable<NetMQSocket> Sockets => [shell, control, stdin, heartbeat, iopub];

    /// <summary>Begins to receive and to send.</summary>
    public void Start() => poller.RunAsync("jupyter", isBackgroundThread: true);

    /// <summary>Sends soon; what is sent from one thread keeps its order.</summary>
    public void Send(KernelChannel channel, List<byte[]> frames) => outgoing.Enqueue((channel, frames));

    /// <summary>Sends what is waiting and closes the sockets.</summary>
    public void Dispose()
    {
        if (poller.IsRunning) poller.Stop();
        Drain();
        poller.Dispose();
        foreach (var socket in Sockets) socket.Dispose();
        outgoing.Dispose();
        NetMQConfig.Cleanup(block: true);
    }

    private static void Bind(NetMQSocket socket, ConnectionFile connection, int port)
    {
        socket.Options.Linger = Linger;
        socket.Options.MaxMsgSize = MaxIncomingBytes;
        // Nothing is ever dropped because a page is slow to take it: a cell's output has its own limit.
        socket.Options.SendHighWatermark = 0;
        socket.Options.ReceiveHighWatermark = 0;
        var ip = connection.Ip.Contains(':') ? $"[{connection.Ip}]" : connection.Ip;
        if (connection.Ip.Contains(':')) socket.Options.IPv4Only = false;
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            try
            {
                socket.Bind($"tcp://{ip}:{port}");
                return;
            }
            catch (NetMQException e)
            {
                if (e is not AddressAlreadyInUseException || watch.Elapsed > Patience)
                    throw new KernelException($"Port {port} of {connection.Ip} cannot be opened: {e.Message} Start the kernel again; Jupyter will choose other ports.", e);
            }
        }
    }

    private void Receive(RouterSocket socket, KernelChannel channel)
    {
        var frames = new List<byte[]>();
        while (socket.TryReceiveMultipartBytes(TimeSpan.Zero, ref frames!))
        {
            try
            {
                received(channel, wire.Parse(frames));
            }
            catch (WireException e)
            {
                log.WriteLine($"citrus kernel: a message on the {channel.ToString().ToLowerInvariant()} channel was dropped: {e.Message}");
            }

            frames = [];
        }
    }

    private void Drain()
    {
        while (outgoing.TryDequeue(out var message, TimeSpan.Zero))
        {
            NetMQSocket socket = message.Channel switch { KernelChannel.Shell => shell, KernelChannel.Control => control, _ => iopub };
            socket.SendMultipartBytes(message.Frames);
        }
    }
}
