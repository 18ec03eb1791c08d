using System.CommandLine;
using Citrus.Research.Models;

namespace Citrus.Research.Cli;

/// <summary><c>citrus generate</c>.</summary>
internal static class Generate
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a student.", Required = true };
        var prompt = new Option<string>("--prompt") { Description = "What the user says, or - to read it from standard input. The chat template is applied.", Required = true };
        var temperature = new Option<double>("--temperature") { Description = "0 takes the likeliest token each time; higher is more varied.", DefaultValueFactory = _ => 0 };
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens to write.", DefaultValueFactory = _ => 200 };
        var seed = Inputs.Seed();
        return Verb.Create("generate", "Ask a student and print its answer.",
            "citrus generate --model students/dual --prompt \"dept cardiology male old has dizziness no fever history none ask diagnosis ? atrial_fibrillation A heart_failure B\"",
            (parse, cancellation) =>
            {
                using var student = Student.Load(Inputs.StudentFolder(parse.GetValue(model)!));
                var said = parse.GetValue(prompt) is "-" ? Console.In.ReadToEnd() : parse.GetValue(prompt)!;
                said = said.Trim();
                if (said.Length == 0) throw new ArgumentException("The prompt is empty; write --prompt \"TEXT\", or --prompt - and give the text on standard input.");
                var ids = student.Tokenizer.Encode(said);
                var limit = student.Decoder.Config.MaxPositions;
                if (ids.Count + 3 >= limit) throw new ArgumentException($"The prompt has {Inputs.N(ids.Count)} tokens; this student reads {Inputs.N(limit)}, answer included. Shorten it.");
                var unknown = UnknownWords.In(student.Tokenizer, [ids]);
                var options = new GenerationOptions { MaxNewTokens = Inputs.AtLeast(parse.GetValue(tokens), 1, "--max-tokens"), Temperature = parse.GetValue(temperature), Seed = parse.GetValue(seed) };
                var answer = student.Answer([said], options, cancellation: cancellation)[0];
                Verb.Say(answer.Text.Trim());
                if (unknown.Unknown > 0)
                {
                    var words = said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => UnknownWords.In(student.Tokenizer, [student.Tokenizer.Encode(w)]).Unknown > 0).Distinct().ToList();
                    Console.Error.WriteLine($"Not in its vocabulary: {unknown}, e.g. {string.Join(", ", words.Take(5))}. The answer is worth little where much is unknown.");
                }

                if (!answer.Stopped) Console.Error.WriteLine($"Cut off after {Inputs.N(answer.Tokens)} tokens; --max-tokens allows more.");
                return new VerbResult([], ("answer", answer.Text.Trim()), ("promptTokens", answer.PromptTokens), ("tokens", answer.Tokens), ("stopped", answer.Stopped), ("unknownTokens", Math.Round(unknown.Share, 4)));
            }, model, prompt, temperature, tokens, seed);
    }
}
