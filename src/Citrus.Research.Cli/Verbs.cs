using System.CommandLine;

namespace Citrus.Research.Cli;

/// <summary>All verbs, in the order of the help page.</summary>
internal static class Verbs
{
    public static IEnumerable<Command> All =>
    [
        ReproduceVerb.Create(),
        ClinicVerbs.Create(),
        Synthesize.Create(),
        BatchVerbs.Create(),
        Pairs.Create(),
        Dialogues.Create(),
        CorpusVerbs.Create(),
        QuestionVerbs.Create(),
        DataVerbs.Create(),
        Train.Create(),
        Generate.Create(),
        Export.Create(),
        Export.CreateMerge(),
        TokenizerVerbs.Create(),
        Evaluate.Create(),
        ScoreVerb.Create(),
        ContaminationVerb.Create(),
        Compare.Create(),
        Report.Create(),
        ExpertsVerb.Create(),
        StudyVerbs.Create(),
        FiguresVerb.Create(),
        NotebookVerbs.Create(),
        KernelVerbs.Create(),
        Doctor.Create(),
    ];
}
