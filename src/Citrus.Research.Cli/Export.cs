using System.CommandLine;
using Citrus.Research.Models;
using TorchSharp;

namespace Citrus.Research.Cli;

/// <summary><c>citrus export</c> and <c>citrus merge</c>.</summary>
internal static class Export
{
    private const string Hf = "hf", Gguf = "gguf", Q8 = "q8_0";

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a checkpoint: a student made here, or a Llama, Qwen or Mistral as published.", Required = true };
        var to = new Option<string>("--to") { Description = "hf: a Hugging Face folder with a model card, for Transformers and vLLM. gguf: one file for llama.cpp.", Required = true }.AcceptOnlyFromAmong(Hf, Gguf);
        var output = new Option<string>("--out") { Description = "Folder (hf) or file (gguf) to write.", Required = true };
        var type = new Option<string?>("--type") { Description = "Element type: f32, f16, bf16, or q8_0 (gguf only). Default: that of the model's files." }.AcceptOnlyFromAmong("f32", "f16", "bf16", Q8);
        var adapter = new Option<string?>("--adapter") { Description = "Folder of a PEFT adapter of that model, which is merged into it." };
        return Verb.Create("export", "Write a checkpoint for Transformers and vLLM, or for llama.cpp.",
            "citrus export --model students/dual --to gguf --out dual.gguf --type q8_0",
            (parse, _) =>
            {
                var (from, path, chosen) = (Inputs.StudentFolder(parse.GetValue(model)!), parse.GetValue(output)!, parse.GetValue(type));
                if (parse.GetValue(to) == Hf)
                {
                    if (chosen == Q8) throw new ArgumentException("--type q8_0 is for --to gguf; a Hugging Face folder has f32, f16 or bf16.");
                    return Folder(from, path, Type(chosen), parse.GetValue(adapter));
                }

                var note = CheckpointExport.ToGguf(from, path, chosen switch
                {
                    "f16" => GgufType.Float16,
                    "bf16" => GgufType.BFloat16,
                    Q8 => GgufType.Q8,
                    "f32" => GgufType.Float32,
                    _ => OfFiles(from),
                }, parse.GetValue(adapter));
                var bytes = new FileInfo(path).Length;
                Verb.Say($"  {Inputs.N(bytes)} bytes in {path}; try it: llama-cli -m {path}");
                if (note.Length > 0) Verb.Say("  " + note);
                return new VerbResult([path], ("to", Gguf), ("bytes", bytes));
            }, model, to, output, type, adapter);
    }

    public static Command CreateMerge()
    {
        var model = new Option<string>("--model") { Description = "Folder of the base model.", Required = true };
        var adapter = new Option<string>("--adapter") { Description = "Folder of a PEFT adapter (adapter_config.json, adapter_model.safetensors) that was trained on it.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder to write the merged model to, as Hugging Face has it.", Required = true };
        var type = new Option<string?>("--type") { Description = "Element type: f32, f16 or bf16. Default: that of the base's files." }.AcceptOnlyFromAmong("f32", "f16", "bf16");
        return Verb.Create("merge", "Put a LoRA adapter into its base model for good.",
            "citrus merge --model Qwen2.5-0.5B --adapter adapters/medical --out merged",
            (parse, _) => Folder(Inputs.StudentFolder(parse.GetValue(model)!), parse.GetValue(output)!, Type(parse.GetValue(type)), parse.GetValue(adapter)), model, adapter, output, type);
    }

    private static VerbResult Folder(string from, string folder, torch.ScalarType? type, string? adapter)
    {
        CheckpointExport.ToHuggingFace(from, folder, type, adapter);
        var bytes = Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length);
        Verb.Say($"  {Inputs.N(bytes)} bytes in {folder}, described in {Path.Combine(folder, "README.md")}; ask it: citrus generate --model {folder} --prompt \"...\"");
        return new VerbResult([folder], ("to", Hf), ("bytes", bytes));
    }

    private static torch.ScalarType? Type(string? name) => name switch
    {
        "f32" => torch.ScalarType.Float32,
        "f16" => torch.ScalarType.Float16,
        "bf16" => torch.ScalarType.BFloat16,
        _ => null,
    };

    private static GgufType OfFiles(string model) => CheckpointExport.TypeOf(model) switch
    {
        torch.ScalarType.Float16 => GgufType.Float16,
        torch.ScalarType.BFloat16 => GgufType.BFloat16,
        _ => GgufType.Float32,
    };
}
