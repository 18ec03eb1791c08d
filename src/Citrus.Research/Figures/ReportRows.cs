using System.Globalization;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Figures;

/// <summary>Brings the runs together: the same question of several runs is one row, and nothing that a run holds is left out without a sentence.</summary>
internal static class ReportRows
{
    public static (List<ReportRow> Rows, List<string> Problems) Join(IReadOnlyList<ReportRun> runs, IReadOnlyList<Trace> traces, ReportOptions options)
    {
        var rows = new List<ReportRow>();
        var problems = new List<string>();
        var places = new Dictionary<(string, string, string), int>();
        for (var r = 0; r < runs.Count; r++)
        {
            var told = runs[r].Problems.ToList();
            var own = new Dictionary<string, List<int>>(StringComparer.Ordinal);
            foreach (var question in runs[r].Questions)
            {
                var row = Place(question, known: true);
                if (!rows[row].Asked.TryAdd(r, question)) throw new InvalidDataException($"Run {runs[r].Name}: question {question.Id} is there twice; ids are unique within benchmark and split.");
                if (!own.TryGetValue(question.Id, out var same)) own[question.Id] = same = [];
                same.Add(row);
            }

            if (runs[r].IsSynthesis) AddTraces(r, own, told);
            else AddSamples(r, own, told);
            problems.AddRange(told.Select(p => $"{runs[r].Name}: {p}"));
        }

        Attach();
        foreach (var row in rows) row.Entries.Sort(InOrder);
        return (rows, problems);

        int Place(Question question, bool known)
        {
            var key = (question.Benchmark, question.Split, question.Id);
            if (places.TryGetValue(key, out var row)) return row;
            if (rows.Count == options.MaximumQuestions) throw new InvalidDataException($"More than {options.MaximumQuestions} questions in all; give fewer runs (MaximumQuestions).");
            rows.Add(new ReportRow(question, known));
            return places[key] = rows.Count - 1;
        }

        void AddSamples(int r, Dictionary<string, List<int>> own, List<string> told)
        {
            var (unknown, ambiguous, truths, outside, twice) = (new List<string>(), new List<string>(), new List<string>(), new List<string>(), new List<string>());
            var seen = new HashSet<(int, string, int)>();
            foreach (var sample in runs[r].Samples)
            {
                var found = own.GetValueOrDefault(sample.Question) ?? [];
                if (found.Count > 1 && sample.Benchmark.Length > 0) found = found.FindAll(i => rows[i].Question.Benchmark == sample.Benchmark);
                if (found.Count > 1) ambiguous.Add(sample.Question);
                if (found.Count == 0)
                {
                    unknown.Add(sample.Question);
                    found = [Place(new Question { Id = sample.Question, Stem = sample.Prompt ?? "", Options = [], Answers = sample.Answers, Benchmark = sample.Benchmark, Split = "?" }, known: false)];
                }

                var row = rows[found[0]];
                if (!seen.Add((found[0], sample.Variant, sample.Repeat))) twice.Add(sample.Question);
                if (row.Asked.TryGetValue(r, out var asked))
                {
                    if (!asked.Answers.ToHashSet(StringComparer.Ordinal).SetEquals(sample.Answers)) truths.Add(sample.Question);
                    if (sample.Choice.Any(c => asked.Options.All(o => o.Label != c))) outside.Add(sample.Question);
                }

                row.Entries.Add(ReportEntry.Of(r, sample));
            }

            Tell(unknown, "of a question that is not among the run's questions: shown, and counted for nothing");
            Tell(ambiguous, "whose id several questions have and that names no benchmark: taken to the first");
            Tell(twice, "of a question, variant and repeat that was there before: all are shown, a question counts by the share of its samples that is right");
            Tell(truths, "with other right answers than the question has: what the sample says of right and wrong is shown");
            Tell(outside, "that choose a label no option has");
            var missing = runs[r].Questions.Count - rows.Count(row => row.Asked.ContainsKey(r) && row.Entries.Exists(e => e.Run == r));
            if (missing > 0) told.Add($"{N(missing)} of {N(runs[r].Questions.Count)} questions have no sample; they count as wrong.");

            void Tell(List<string> ids, string what)
            {
                if (ids.Count > 0) told.Add($"{N(ids.Count)} {(ids.Count == 1 ? "sample" : "samples")} {what} ({string.Join(", ", ids.Distinct().Take(3))}{(ids.Distinct().Count() > 3 ? ", …" : "")}).");
            }
        }

        void AddTraces(int r, Dictionary<string, List<int>> own, List<string> told)
        {
            var verdicts = new Dictionary<string, VerifiedTrace>(StringComparer.Ordinal);
            foreach (var verdict in runs[r].Verified) verdicts[verdict.Question] = verdict;
            var (strange, earlier) = (0, 0);
            foreach (var trace in runs[r].Traces)
            {
                if (!own.TryGetValue(trace.Question, out var found))
                {
                    strange++;
                    found = [Place(new Question { Id = trace.Question, Stem = "", Options = [], Answers = [], Split = "?" }, known: false)];
                }

                var row = rows[found[0]];
                var before = row.Entries.FindIndex(e => e.Run == r && e.Counts);
                if (before >= 0)
                {
                    earlier++;
                    row.Entries[before] = row.Entries[before] with { Counts = false, Verdict = null };
                }

                // verified.jsonl names the question and not the trace: its last line is of the last trace.
                row.Entries.Add(ReportEntry.Of(r, row.Question, trace, verdicts.GetValueOrDefault(trace.Question)) with { Repeat = row.Entries.Count(e => e.Run == r) });
            }

            if (strange > 0) told.Add($"{N(strange)} traces are of questions that the folder's questions.jsonl does not have.");
            if (earlier > 0) told.Add($"{N(earlier)} traces are earlier ones of a question that has a later; they are shown and not counted.");
            var open = rows.Sum(row => row.Entries.Count(e => e.Run == r && e.Counts && e.State == ReportState.Unchecked));
            if (open > 0) told.Add($"{N(open)} free answers are not held against the truth (no verified.jsonl, or its checker gave no reply); they count as not right.");
        }

        void Attach()
        {
            if (traces.Count == 0) return;
            var byId = rows.Select((row, i) => (row.Question.Id, i)).ToLookup(x => x.Id, x => x.i, StringComparer.Ordinal);
            var strange = 0;
            foreach (var trace in traces)
            {
                if (!byId[trace.Question].Any()) strange++;
                foreach (var i in byId[trace.Question]) rows[i].Traces.Add(trace);
            }

            if (strange > 0) problems.Add($"--traces: {N(strange)} of {N(traces.Count)} traces are of questions that no run asked; they are not shown.");
        }
    }

    private static int InOrder(ReportEntry a, ReportEntry b) =>
        a.Run != b.Run ? a.Run.CompareTo(b.Run)
        : string.CompareOrdinal(a.Sample?.Variant, b.Sample?.Variant) is var variant and not 0 ? variant
        : a.Repeat.CompareTo(b.Repeat);

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
