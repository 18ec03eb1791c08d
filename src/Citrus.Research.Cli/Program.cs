using System.CommandLine;
using System.Text;
using Citrus.Research.Cli;

Console.OutputEncoding = Encoding.UTF8;
var root = new RootCommand("""
    Citrus.Research: from exam questions to expert reasoning, from reasoning to trained students, from students to a figure.
    A research tool; not for clinical use. Start with `citrus reproduce --scale smoke`.
    Every verb ends with one JSON line on stdout; people read what is above it.
    """);
foreach (var verb in Verbs.All) root.Add(verb);
var parse = root.Parse(args);
return parse.Errors.Count > 0 ? Verb.Refuse(parse) : await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
