using System.Globalization;

namespace Citrus.Research.Clinic;

/// <summary>Claims of chart words, by the grammar; words out of place are passed over.</summary>
internal sealed class ClaimReaderChart(Knowledge knowledge)
{
    public IReadOnlyList<Claim> Read(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var claims = new List<Claim>();
        var statement = -1;
        var i = 0;

        string Word(int at) => at < words.Length ? words[at] : "";
        bool IsDisease(int at) => knowledge.Diseases.ContainsKey(Word(at));
        bool IsDrug(int at) => knowledge.Drugs.ContainsKey(Word(at));
        int? Number(int at) => int.TryParse(Word(at), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
        void Add(Claim claim) => claims.Add(claim with { Statement = statement });

        while (i < words.Length)
        {
            switch (words[i])
            {
                case "consider" when IsDisease(i + 1):
                    statement++;
                    i = Consider(i, Word(i + 1));
                    break;
                case "so" when IsDisease(i + 1):
                    statement++;
                    Add(new Claim { Kind = ClaimKind.Conclusion, Text = $"so {Word(i + 1)}", Hypothesis = Word(i + 1) });
                    if (Number(i + 2) is { } against) Add(new Claim { Kind = ClaimKind.Count, Text = $"so {Word(i + 1)} {against}", Hypothesis = Word(i + 1), Count = against });
                    i += 2;
                    break;
                case "looks" when Word(i + 1) == "like" && IsDisease(i + 2):
                    statement++;
                    i = LooksLike(i + 2);
                    break;
                case "confirm" when knowledge.Tests.ContainsKey(Word(i + 1)):
                    statement++;
                    Add(new Claim { Kind = ClaimKind.Test, Text = $"confirm {Word(i + 1)}", Test = Word(i + 1) });
                    i += 2;
                    break;
                case "give" or "second" when IsDrug(i + 1):
                    statement++;
                    Add(new Claim { Kind = ClaimKind.Drug, Text = $"{words[i]} {Word(i + 1)}", Drug = Word(i + 1), Line = words[i] });
                    i += 2;
                    break;
                case "first" when IsDrug(i + 1):
                    statement++;
                    i = First(i + 1);
                    break;
                case "check":
                    i = Check(i + 1);
                    break;
                default:
                    i++;
                    break;
            }
        }

        return claims;

        int Consider(int at, string disease)
        {
            for (at += 2; at < words.Length && Word(at) is not ("." or "consider" or "so" or "check"); at++)
            {
                if (knowledge.Findings.ContainsKey(Word(at)) && Word(at + 1) is "+" or "-")
                    Add(new Claim { Kind = ClaimKind.Finding, Text = $"{disease} : {Word(at)} {Word(at + 1)}", Hypothesis = disease, Finding = Word(at), Favours = Word(at + 1) == "+" });
                else if (Word(at) == "=" && Number(at + 1) is { } n)
                    Add(new Claim { Kind = ClaimKind.Count, Text = $"{disease} = {Word(at + 1)}", Hypothesis = disease, Count = n });
            }

            return at;
        }

        int LooksLike(int at)
        {
            var disease = Word(at);
            Add(new Claim { Kind = ClaimKind.Conclusion, Text = $"looks like {disease}", Hypothesis = disease });
            for (at++; at < words.Length && (Word(at) == "because" || knowledge.Findings.ContainsKey(Word(at))); at++)
            {
                if (Word(at) != "because")
                    Add(new Claim { Kind = ClaimKind.Finding, Text = $"{disease} because {Word(at)}", Hypothesis = disease, Finding = Word(at), Present = true, Favours = true });
            }

            return at;
        }

        int First(int at)
        {
            var drug = Word(at);
            Add(new Claim { Kind = ClaimKind.Drug, Text = $"first {drug}", Drug = drug, Line = "first" });
            at++;
            if (Word(at) == "avoid")
            {
                for (at++; knowledge.Contexts.ContainsKey(Word(at)); at++)
                {
                    var context = Word(at);
                    Add(new Claim { Kind = ClaimKind.Contraindication, Text = $"{drug} avoid {context}", Drug = drug, Context = context, Forbidden = true });
                    if (Word(at + 1) is not ("+" or "-")) continue;
                    at++;
                    Add(new Claim { Kind = ClaimKind.History, Text = $"{context} {Word(at)}", Context = context, Present = Word(at) == "+" });
                }
            }

            if (Word(at) is "ok" or "stop")
            {
                Add(new Claim { Kind = ClaimKind.Contraindication, Text = $"{drug} {Word(at)}", Drug = drug, Forbidden = Word(at) == "stop" });
                at++;
            }

            if (Word(at) == "second" && IsDrug(at + 1))
            {
                Add(new Claim { Kind = ClaimKind.Drug, Text = $"second {Word(at + 1)}", Drug = Word(at + 1), Line = "second" });
                at += 2;
            }

            return at;
        }

        int Check(int at)
        {
            var about = Word(at) is "history" ? "history" : knowledge.Diseases.ContainsKey(Word(at)) ? "disease" : "";
            var end = at;
            while (end < words.Length && end < at + 12 && Word(end) is not ("ok" or "wrong")) end++;
            if (Word(end) is not ("ok" or "wrong")) return at;
            var wrong = Word(end) == "wrong";
            var retracted = statement;
            if (wrong)
            {
                for (var c = 0; c < claims.Count; c++)
                    if (claims[c].Statement == retracted) claims[c] = claims[c] with { Retracted = true };
            }

            statement++;
            if (about == "disease")
            {
                var disease = Word(at);
                if (Number(at + 1) is { } n) Add(new Claim { Kind = ClaimKind.Count, Text = $"check {disease} {n}", Hypothesis = disease, Count = n });
                // "check x 3 wrong" after a weighing says that the weighing was wrong, after a commitment that x is not it.
                var commitment = claims.Any(c => c.Statement == retracted && c.Kind == ClaimKind.Conclusion);
                if (commitment)
                    Add(new Claim { Kind = wrong ? ClaimKind.Elimination : ClaimKind.Conclusion, Text = $"check {disease} {Word(end)}", Hypothesis = disease });
            }
            else if (about == "history" && claims.LastOrDefault(c => c.Statement == retracted && c.Kind == ClaimKind.Contraindication && c.Context is null) is { } verdict)
            {
                Add(verdict with { Text = $"check history {Word(end)}", Retracted = false, Forbidden = wrong ? !verdict.Forbidden : verdict.Forbidden });
            }

            return end + 1;
        }
    }
}
