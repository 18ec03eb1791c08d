using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Questions;

/// <summary>Every form of question file that is understood, in the order in which a record is compared with them.</summary>
internal static class QuestionForms
{
    /// <summary>The form of a file whose name ends in .xlsx.</summary>
    public const string Workbook = "jmed";

    /// <summary>The form of a table without a header.</summary>
    public const string Headerless = "mmlu";

    public static IReadOnlyList<QuestionForm> All { get; } =
    [
        new("unified", "id, stem, options, answers", r => Has(r, "stem"), s => UnifiedQuestions.Read(s.Path)),
        new("citrus", "exam_name, id, Q, A, OP", r => Has(r, "Q", "A", "OP"), s => CitrusUnifiedReader.Read(s.Path, s.Split)),
        new("medbullets", "question, opa to ope, answer_idx", r => Has(r, "question", "opa", "opb", "answer_idx"), s => MedBulletsReader.Read(s.Path, s.Split)),
        new("medqa", "question, options, answer_idx", r => Has(r, "question", "answer_idx"), s => MedQaReader.Read(s.Path, s.Split, s.Entry?.Name)),
        new("pubmedqa", "QUESTION, CONTEXTS, final_decision", r => Has(r, "final_decision"), s => PubMedQaReader.Read(s.Path, s.Split)),
        new("careqa", "question, op1 to op4, cop, unique_id", r => Has(r, "question", "op1", "op2", "cop"), s => CareQaReader.Read(s.Path, s.Split, s.LeftOut)),
        new("medmcqa", "question, opa to opd, cop, id", r => Has(r, "question", "opa", "opb", "opc") && (Has(r, "cop") || Has(r, "subject_name")), s => MedMcqaReader.Read(s.Path, s.Split, null, s.LeftOut)),
        new("medmcqa-1", "the same with cop from 1 to 4, as the authors number", _ => false, s => MedMcqaReader.Read(s.Path, s.Split, 1, s.LeftOut)),
        new("medmcqa-0", "the same with cop from 0 to 3, as Hugging Face numbers", _ => false, s => MedMcqaReader.Read(s.Path, s.Split, 0, s.LeftOut)),
        new("mmlu-pro", "question_id, question, options, answer, category", r => Has(r, "question_id", "question", "options", "answer", "category"), s => MmluProReader.Read(s.Path, s.Split, s.Entry?.Part, s.LeftOut)),
        new("medxpertqa", "id, question, options, label, medical_task", r => Has(r, "question", "options", "label"), s => MedXpertQaReader.Read(s.Path, s.Split, s.LeftOut)),
        new("cmb", "exam_type, question, option, answer", r => Has(r, "question", "option") && (Has(r, "exam_type") || Has(r, "exam_class")), s => CmbReader.Read(s.Path, s.Split, s.LeftOut)),
        new("cmexam", "Question, Options, Answer", r => Has(r, "Question", "Options"), s => CmExamReader.Read(s.Path, s.Split, s.LeftOut)),
        new("cmmlu", "Question, A, B, C, D, Answer", r => Has(r, "Question", "A", "B", "C", "D", "Answer"), s => CmmluReader.Read(s.Path, s.Split)),
        new("gpqa", "Question, Correct Answer, Incorrect Answer 1 to 3, Record ID", r => Has(r, "Question", "Correct Answer"), s => GpqaReader.Read(s.Path, s.Split)),
        new("mlec-qa", "qid, qtype, qtext, options, answer", r => Has(r, "qtext", "options"), s => MlecQaReader.Read(s.Path, s.Split, s.LeftOut)),
        new("hle", "id, question, answer_type, answer, category", r => Has(r, "question", "answer_type"), s => HleReader.Read(s.Path, s.Split, s.LeftOut)),
        new(Headerless, "CSV without a header: question, four options, label", _ => false, s => MmluReader.Read(s.Path, s.Split)),
        new(Workbook, "JMED's .xlsx, or JSON Lines of question, options, answer", _ => false, s => s.Path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) ? JmedReader.Read(s.Path, s.Split) : PlainReader.Read(s.Path, s.Split, JmedReader.Benchmark)),
        new("plain", "your own CSV or JSON: question, options (or A, B, C...), answer", PlainReader.Fits, s => PlainReader.Read(s.Path, s.Split, s.Entry?.Name)),
    ];

    /// <summary>The form with this name, or null.</summary>
    public static QuestionForm? Find(string name) => All.FirstOrDefault(f => f.Name == name);

    private static bool Has(QuestionLine record, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
            if (!record.Fields.Contains(field)) return false;
        return true;
    }
}
