using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus dialogues</c>.</summary>
internal static class Dialogues
{
    public static Command Create()
    {
        var usual = new ConsultationOptions();
        var records = new ConsultationRecordOptions();
        var cases = new Option<string>("--cases") { Description = "clinic:N (N simulated patients), or a file: cases (JSON Lines of id, complaint, facts; also age, sex, diagnosis, differential, department, language) or questions in any known form, whose stems become patients.", Required = true };
        var doctor = new Option<string>("--doctor") { Description = "Spec of the doctor. The clinic asks for what tells most, or in random order with clinic?asks=random.", DefaultValueFactory = _ => "clinic" };
        var patient = new Option<string>("--patient") { Description = "Spec of the patient, who knows its case and nothing else.", DefaultValueFactory = _ => "clinic" };
        var most = new Option<int>("--questions") { Description = "Most questions of a consultation; then the doctor must conclude.", DefaultValueFactory = _ => usual.Questions };
        var options = new Option<int>("--options") { Description = $"Options of a question in jmed.jsonl, 3 to {ConsultationRecordOptions.MaximumOptions}, \"none of the above\" included.", DefaultValueFactory = _ => records.Options };
        var none = new Option<double>("--none-share") { Description = "Share of those questions whose right illness is left out, so that \"none of the above\" is right.", DefaultValueFactory = _ => records.NoneShare };
        var keep = new Option<string>("--keep") { Description = "right: a consultation becomes a chat example only where its diagnosis is the case's (or nobody knows); all: each one.", DefaultValueFactory = _ => "right" };
        keep.AcceptOnlyFromAmong("right", "all");
        var licence = new Option<string>("--licence") { Description = "What the card says of the licence.", DefaultValueFactory = _ => "not stated" };
        var (world, split, seed, limit) = (Inputs.World(), Inputs.Split(), Inputs.Seed(), Inputs.Limit());
        var concurrency = new Option<int>("--concurrency") { Description = "Consultations in flight at once.", DefaultValueFactory = _ => 8 };
        var output = new Option<string>("--out") { Description = "Folder for consultations.jsonl, chat.jsonl, jmed.jsonl, jmed.xlsx and the card. A run that was stopped goes on from its consultations.", Required = true };
        var desk = new ExpertDesk();
        return Verb.Create("dialogues", "Lead consultations: the doctor asks for what tells most, the patient knows only its case. Written as chat examples and as exam questions.",
            "citrus dialogues --cases clinic:300 --doctor clinic --patient clinic --out data/dialogues",
            (parse, cancellation) =>
            {
                var request = new Request(parse.GetValue(cases)!, parse.GetValue(doctor)!, parse.GetValue(patient)!, parse.GetValue(keep) == "all", parse.GetValue(licence)!, parse.GetValue(output)!)
                {
                    Protocol = new ConsultationProtocol(usual with { Questions = Inputs.AtLeast(parse.GetValue(most), 0, "--questions") }),
                    Records = Checked(records with { Options = parse.GetValue(options), NoneShare = parse.GetValue(none), Seed = parse.GetValue(seed) }),
                    Concurrency = Inputs.AtLeast(parse.GetValue(concurrency), 1, "--concurrency"),
                };
                var home = StudyWorld.Open(parse.GetValue(world)!);
                var (patients, leftOut) = Cases(request.Cases, home.Knowledge, parse.GetValue(split)!, parse.GetValue(seed), parse.GetValue(limit));
                using var held = FolderLock.Take(request.Out);
                using var session = desk.Open(parse, home.Knowledge, request.Out);
                return Run(request, home.Knowledge, session, patients, leftOut, cancellation);
            },
            [cases, doctor, patient, most, options, none, keep, licence, world, split, seed, limit, concurrency, output, .. desk.Options]);
    }

    private static ConsultationRecordOptions Checked(ConsultationRecordOptions options) =>
        options.Options is < 3 or > ConsultationRecordOptions.MaximumOptions ? throw new ArgumentException($"--options is {options.Options}; it must be 3 to {ConsultationRecordOptions.MaximumOptions}.")
        : options.NoneShare is not (>= 0 and <= 1) ? throw new ArgumentException($"--none-share is {Inputs.F(options.NoneShare)}; it must be 0 to 1.")
        : options;

    private static (IReadOnlyList<ConsultationCase> Cases, int LeftOut) Cases(string spec, Knowledge knowledge, string split, long seed, int? limit)
    {
        if (limit is { } n) Inputs.AtLeast(n, 1, "--limit");
        if (spec.StartsWith("clinic:", StringComparison.Ordinal) && !File.Exists(spec))
            return int.TryParse(spec[7..], out var count) && count > 0
                ? ([.. ConsultationCases.FromClinic(knowledge, split, seed).Take(Math.Min(count, limit ?? count))], 0)
                : throw new ArgumentException($"--cases {spec}: a number of patients is needed, e.g. clinic:300.");
        var leftOut = 0;
        List<ConsultationCase> cases = [.. ConsultationCases.Read(spec, _ => leftOut++).Take(limit ?? int.MaxValue)];
        if (cases.Count > 0) return (cases, leftOut);
        throw new QuestionFormatException(spec, 0, "", leftOut > 0 ? $"none of the {leftOut} questions asks for a diagnosis, so no patient can be made of them." : "the file holds no case.");
    }

    private static VerbResult Run(Request request, Knowledge knowledge, Experts.ExpertSession session, IReadOnlyList<ConsultationCase> cases, int leftOut, CancellationToken cancellation)
    {
        var (display, start) = (new ProgressDisplay(), DateTime.UtcNow);
        var (results, problems) = ((IReadOnlyList<Consultation?>)[], (IReadOnlyList<ConsultationProblem>)[]);
        var driver = new ConsultationDriver(request.Protocol, session.Open(request.Doctor), session.Open(request.Patient), new ConsultationDriverOptions
        {
            Concurrency = request.Concurrency,
            Journal = Path.Combine(request.Out, "consultations.jsonl"),
            DoctorSpec = request.Doctor,
            PatientSpec = request.Patient,
            Progress = new Told<(int Done, int Resumed, int Problems)>(p => display.Show($"consultations {Inputs.N(p.Done)}/{Inputs.N(cases.Count)}", (double)p.Done / cases.Count,
                Inputs.Left(start, p.Done - p.Resumed, cases.Count - p.Done), [$"{Inputs.N(p.Problems)} unusable"])),
        });
        display.Run(() => (results, problems) = driver.RunAsync(cases, cancellation).GetAwaiter().GetResult());

        var card = new DialogueCard(request, knowledge, cases, results, problems, leftOut);
        var written = card.Write();
        card.Say();
        return new VerbResult(written, card.Figures);
    }

    /// <summary>What was asked for on the command line.</summary>
    internal sealed record Request(string Cases, string Doctor, string Patient, bool KeepAll, string Licence, string Out)
    {
        public required ConsultationProtocol Protocol { get; init; }

        public required ConsultationRecordOptions Records { get; init; }

        public required int Concurrency { get; init; }
    }
}
