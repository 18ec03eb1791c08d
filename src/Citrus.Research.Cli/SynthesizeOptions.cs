using System.CommandLine;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary>What <c>citrus synthesize</c> and its stages read from the command line. A stage alone takes what is not said from the folder's last run.</summary>
internal sealed class SynthesizeOptions
{
    private readonly Option<string?> _questions = new("--questions") { Description = "Questions: our unified JSON Lines, or a published file of a known form; which is seen from the fields. A stage alone takes those of the folder." };
    private readonly Option<int> _skipBad = new("--skip-bad") { Description = "Leave out up to N lines that cannot be read, and report them. An id that is there twice is always an error." };
    private readonly Option<int?> _limit = Inputs.Limit();
    private readonly Option<string?> _pathway = new("--pathway") { Description = $"How to think: {string.Join(", ", PathwayNames.All)}." };
    private readonly Option<string?> _expert = new("--expert") { Description = "The reasoning expert, e.g. clinic?fallibility=0.3&seed=7. Default: clinic." };
    private readonly Option<string?> _reflector = new("--reflector") { Description = "The reflection expert and judge. Default: the same." };
    private readonly WalkInputs _walk = new();
    private readonly Option<bool> _label = new("--label") { Description = "Also rewrite the questions openly and, with --weak, measure how hard they are." };
    private readonly Option<string?> _rewriter = new("--rewriter") { Description = "Who rewrites openly. Default: --expert." };
    private readonly Option<string?> _weak = new("--weak") { Description = "The weak answerer: easy is what it gets right. Default: none, difficulty is not measured." };
    private readonly Option<string?> _strong = new("--strong") { Description = "The strong answerer: hard is what only it gets right, unknown what neither does. Default: --expert." };
    private readonly Option<int?> _labelSamples = new("--label-samples") { Description = "Answers sampled per answerer and question; right is who is right in half of them or more. Default: 1." };
    private readonly Option<string?> _checker = new("--checker") { Description = "Who says whether a free answer means the truth where a rule cannot tell. Default: --reflector." };
    private readonly Option<string?> _narrator = new("--narrator") { Description = "Who retells prose as one thought. Default: a rule, which costs nothing." };
    private readonly Option<int?> _retries = new("--reply-retries") { Description = "How often an unusable reply of a rewriter, answerer, checker or narrator is asked for again. Default: 2." };
    private readonly Option<int?> _least = new("--min-words") { Description = "Fewest words of a thought (in Chinese, characters). Default: 0." };
    private readonly Option<int?> _most = new("--max-words") { Description = "Most words of a thought (in Chinese, characters). Default: 4000." };
    private readonly Option<double?> _duplicate = new("--near-duplicate") { Description = "Similarity, above 0 to 1, from which on an example repeats an earlier one and is left out; 1: exact repetitions only. Default: 0.9." };
    private readonly Option<string[]> _against = new("--against") { Description = "A file of test questions that no example may overlap (13 words, 20 characters of Chinese). May be given several times." };
    private readonly Option<string[]> _format = new("--format") { Description = $"Further files beside examples.jsonl: {string.Join(", ", DatasetWriter.Formats)}. May be given several times. Default: parquet." };
    private readonly Option<string?> _licence = new("--licence") { Description = "Licence of the data set, for the card." };
    private readonly Option<string> _world = Inputs.World();
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "Questions in flight at once.", DefaultValueFactory = _ => 8 };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the run. A run that was stopped goes on from its journals.", Required = true };
    private readonly SynthesisStage? _stage;

    /// <param name="stage">The stage that is run alone; null for all.</param>
    public SynthesizeOptions(SynthesisStage? stage)
    {
        _stage = stage;
        _format.AcceptOnlyFromAmong([.. DatasetWriter.Formats]);
        // Case does not matter, as everywhere; the pathway itself refuses what it does not know.
        _questions.Required = stage is null;
        _pathway.Required = stage is null;
    }

    public ExpertDesk Desk { get; } = new();

    /// <summary>The options that this stage has a use for.</summary>
    public Symbol[] Symbols
    {
        get
        {
            System.CommandLine.Option[] label = [_rewriter, _weak, _strong, _labelSamples];
            System.CommandLine.Option[] emit = [_least, _most, _duplicate, _against, _format, _licence];
            System.CommandLine.Option[] asks = [_retries, _concurrency, .. Desk.Options];
            System.CommandLine.Option[] of = _stage switch
            {
                null => [_pathway, _expert, _reflector, .. _walk.Options, _label, .. label, _checker, _narrator, .. emit, .. asks],
                SynthesisStage.Label => [_expert, .. label, .. asks],
                SynthesisStage.Reason => [_pathway, _expert, _reflector, .. _walk.Options, _concurrency, .. Desk.Options],
                SynthesisStage.Verify => [_checker, .. asks],
                SynthesisStage.Narrate => [_narrator, .. asks],
                _ => [.. emit],
            };
            return [_questions, _skipBad, _limit, .. of, _world, _out];
        }
    }

    public StudyWorld World(ParseResult parse) => StudyWorld.Open(parse.GetValue(_world)!);

    /// <summary>The questions and how they are to be worked on.</summary>
    /// <param name="skipped">What was wrong with the lines that were left out.</param>
    public (IReadOnlyList<Question> Questions, SynthesisPipelineOptions Options) Read(ParseResult parse, out IReadOnlyList<QuestionFormatException> skipped)
    {
        var folder = parse.GetValue(_out)!;
        var usual = (_stage is null ? null : SynthesisPipeline.Settings(folder)) ?? new SynthesisPipelineOptions { Folder = folder };
        var file = parse.GetValue(_questions) ?? Path.Combine(folder, SynthesisPipeline.QuestionsFile);
        if (parse.GetValue(_questions) is null && !File.Exists(file)) throw new FileNotFoundException($"{folder} holds no questions of an earlier stage; say which with --questions FILE.");
        var questions = Questions(file, parse.GetValue(_limit), parse.GetValue(_skipBad), out skipped);
        T Given<T>(Option<T?> option, T before) where T : struct => Has(parse, option) && parse.GetValue(option) is { } value ? value : before;
        string? Text(Option<string?> option, string? before) => Has(parse, option) ? parse.GetValue(option) ?? before : before;
        string[] Many(Option<string[]> option, IReadOnlyList<string> before) => Has(parse, option) && parse.GetValue(option) is { Length: > 0 } values ? [.. values.Distinct(StringComparer.Ordinal)] : [.. before];
        var filters = usual.Filters with { MinLength = Given(_least, usual.Filters.MinLength), MaxLength = Given(_most, usual.Filters.MaxLength), NearDuplicate = Given(_duplicate, usual.Filters.NearDuplicate) };
        var against = Many(_against, usual.Against);
        if (against.FirstOrDefault(f => !File.Exists(f)) is { } missing) throw new FileNotFoundException($"--against {missing}: there is no such file.");
        return (questions, usual with
        {
            Folder = folder,
            Pathway = PathwayNames.Create(Text(_pathway, usual.Pathway)!).Name,
            Walk = _stage is null or SynthesisStage.Reason ? _walk.Of(parse, usual.Walk) : usual.Walk,
            Expert = Text(_expert, usual.Expert)!,
            Reflector = Text(_reflector, usual.Reflector),
            Label = _stage is null ? parse.GetValue(_label) : usual.Label || _stage == SynthesisStage.Label,
            Rewriter = Text(_rewriter, usual.Rewriter),
            Weak = Text(_weak, usual.Weak),
            Strong = Text(_strong, usual.Strong),
            LabelSamples = Inputs.AtLeast(Given(_labelSamples, usual.LabelSamples), 1, "--label-samples"),
            Checker = Text(_checker, usual.Checker),
            Narrator = Text(_narrator, usual.Narrator),
            Retries = Inputs.AtLeast(Given(_retries, usual.Retries), 0, "--reply-retries"),
            Filters = filters,
            Against = against,
            Formats = Many(_format, usual.Formats),
            Licence = Text(_licence, usual.Licence),
            QuestionsFile = parse.GetValue(_questions) is { } given ? Path.GetFileName(given) : usual.QuestionsFile,
            QuestionsSha256 = parse.GetValue(_questions) is { } path ? Inputs.Sha256(path) : usual.QuestionsSha256,
            SkippedLines = parse.GetValue(_questions) is null ? usual.SkippedLines : skipped.Count,
            Concurrency = Has(parse, _concurrency) ? Inputs.AtLeast(parse.GetValue(_concurrency), 1, "--concurrency") : usual.Concurrency,
        });
    }

    private static IReadOnlyList<Question> Questions(string file, int? limit, int skipBad, out IReadOnlyList<QuestionFormatException> skipped)
    {
        skipped = [];
        if (Inputs.AtLeast(skipBad, 0, "--skip-bad") == 0 || Directory.Exists(file)) return Inputs.Read(file, limit);
        var questions = TolerantQuestions.Read(file, skipBad, out skipped).Take(limit is { } n ? Inputs.AtLeast(n, 1, "--limit") : int.MaxValue).ToList();
        if (questions.Count == 0) throw new QuestionFormatException(file, 0, "", "the file holds no question that can be read; one JSON object a line is needed.");
        return questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new QuestionFormatException(file, 0, "id", $"{twice.Key} is there {twice.Count()} times (in different benchmarks or splits); put them into files of their own.")
            : questions;
    }

    /// <summary>Whether this stage has the option at all.</summary>
    private static bool Has(ParseResult parse, System.CommandLine.Option option) => parse.CommandResult.Command.Options.Contains(option);
}
