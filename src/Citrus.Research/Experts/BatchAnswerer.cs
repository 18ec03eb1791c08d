using System.Text;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Answers a batch file with an expert that is at hand: what <c>vllm run-batch</c> does for a model on a GPU.</summary>
public static class BatchAnswerer
{
    /// <summary>Answers every request of a file that its output does not answer yet; killed and begun again, it goes on.</summary>
    /// <param name="answered">Told after every answer, with the number of them so far.</param>
    /// <returns>Lines in the output file.</returns>
    /// <exception cref="FormatException">A line of the input is no request; the message names it.</exception>
    /// <exception cref="ExpertException">One that ends the run: what was answered is kept.</exception>
    public static async Task<int> AnswerAsync(string input, string output, IChatClient expert, int concurrency = 8, Action<int>? answered = null, CancellationToken cancellationToken = default)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        using var file = new FileStream(output, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length > 0)
        {
            file.SetLength(WholeLines(file));
            foreach (var (_, line) in BatchLines.Read(output))
                if (line is not null && BatchResponseLine.Read(line).CustomId is { } id) done.Add(id);
        }

        file.Position = file.Length;
        var gate = new Lock();
        await Parallel.ForEachAsync(Requests(input, done), new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (request, token) =>
        {
            string line;
            var options = new ChatOptions { AdditionalProperties = new() { [ExpertProperties.Question] = request.CustomId, [ExpertProperties.Sample] = 0 } };
            if (PromptText.Header(request.Messages.Count == 0 ? "" : request.Messages[0].Text, "role") is { } role) options.AdditionalProperties[ExpertProperties.Role] = role;
            try
            {
                line = BatchResponseLine.Write(request.CustomId, await expert.GetResponseAsync(request.Messages, options, token).ConfigureAwait(false));
            }
            catch (ExpertException e) when (!e.EndsRun)
            {
                line = BatchResponseLine.Write(request.CustomId, e);
            }

            lock (gate)
            {
                file.Write(Encoding.UTF8.GetBytes(line + "\n"));
                file.Flush();
                done.Add(request.CustomId);
                answered?.Invoke(done.Count);
            }
        }).ConfigureAwait(false);
        return done.Count;
    }

    private static List<(string CustomId, IReadOnlyList<ChatMessage> Messages)> Requests(string input, HashSet<string> done)
    {
        var requests = new List<(string CustomId, IReadOnlyList<ChatMessage>)>();
        foreach (var (number, line) in BatchLines.Read(input))
        {
            try
            {
                var request = BatchRequestLine.Read(line ?? throw new FormatException($"the line is longer than {BatchLines.MaximumBytes >> 20} MiB"));
                if (!done.Contains(request.CustomId)) requests.Add(request);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{input}, line {number}: {e.Message}", e);
            }
        }

        return requests;
    }

    /// <summary>Bytes up to the last line end.</summary>
    private static long WholeLines(FileStream file)
    {
        for (var at = file.Length; at > 0; at--)
        {
            file.Position = at - 1;
            if (file.ReadByte() == '\n') return at;
        }

        return 0;
    }
}
