using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Citrus.Research.Cli;

// What Jupyter starts: neither the other verbs nor their way with Ctrl+C concern it, and every millisecond is waited for.
if (args is ["kernel", "run", "--connection-file" or "-f", var connection]) return await KernelVerbs.ServeAsync(connection);

Console.OutputEncoding = Encoding.UTF8;
var root = new RootCommand("""
    Citrus.Research: from exam questions to expert reasoning, from reasoning to trained students, from students to a figure.
    A research tool; not for clinical use. Start with `citrus reproduce --scale smoke`.
    Every verb ends with one JSON line on stdout; people read what is above it.
    """);
foreach (var verb in Verbs.All) root.Add(verb);
var parse = root.Parse(args);
if (parse.Errors.Count > 0) return Verb.Refuse(parse);

// The first Ctrl+C lets the verb end in order, however long its last step takes; the second ends the process.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);
