using System.Diagnostics;
using System.Text.Json.Nodes;
using Citrus.Research.Questions;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Cli;

/// <summary><c>citrus train</c> as a user runs it.</summary>
public sealed class TrainTests : IClassFixture<TrainTests.Trained>
{
    private readonly Trained _made;

    public TrainTests(Trained made) => _made = made;

    private TempFolder Folder => _made.Folder;

    /// <summary>A student of 0.1M after a few steps, and the files that it learned from.</summary>
    public sealed class Trained : IDisposable
    {
        public Trained()
        {
            Questions = Folder["questions.jsonl"];
            UnifiedQuestions.Write(Questions, Pathways.Some.Exam(12, Register.Chart));
            Data = Folder["examples.jsonl"];
            File.WriteAllLines(Data, Enumerable.Range(0, 60).Select(i =>
                $$"""{"id":"e{{i}}","messages":[{"role":"user","content":"does patient {{i % 7}} have fever {{i % 5}} ?"},{"role":"assistant","content":"patient {{i % 7}} has <answer> fever {{i % 5}} </answer>"}]}"""));
            Pairs = Folder["pairs.jsonl"];
            File.WriteAllLines(Pairs, Enumerable.Range(0, 24).Select(i =>
                $$"""{"id":"p{{i}}","prompt":[{"role":"user","content":"does patient {{i % 7}} have fever {{i % 5}} ?"}],"chosen":"patient {{i % 7}} has <answer> fever {{i % 5}} </answer>","rejected":"patient {{i % 7}} has <answer> fever {{(i + 1) % 5}} </answer>"}"""));
            Student = Folder["student"];
            Result = CitrusProcess.Run("train", "--stage", "sft", "--data", Data, "--size", "0.1M", "--tokenizer", "bpe", "--vocabulary", "300", "--steps", "12", "--log-every", "2", "--save-every", "6", "--dev", Questions, "--out", Student);
        }

        internal TempFolder Folder { get; } = new();

        public string Data { get; }

        public string Pairs { get; }

        public string Questions { get; }

        public string Student { get; }

        internal CitrusProcess Result { get; }

        public void Dispose() => Folder.Dispose();
    }

    [Fact]
    public void A_training_leaves_a_model_and_a_run_with_log_events_and_plot()
    {
        Assert.True(_made.Result.Exit == 0, _made.Result.Error);
        Assert.True((double)_made.Result.Line["loss"]! < (double)_made.Result.Line["firstLoss"]!);
        Assert.InRange((double)_made.Result.Line["devAccuracy"]!, 0, 1);
        var run = _made.Student + ".run";
        var log = TrainingRun.ReadLog(run);
        Assert.Equal(12, log[^1].Step);
        Assert.All(log, l => Assert.True(l is { GradientNorm: > 0, Rate: > 0, Memory: > 0, Mfu: > 0 }));
        Assert.Contains(Training.EventFileTests.Read(Directory.GetFiles(Path.Combine(run, "events")).Single()), e => e.Step == 12 && e.Values.Contains("train/loss", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(run, "loss.html")));
        var note = JsonNode.Parse(File.ReadAllText(Path.Combine(_made.Student, "training.json")))!;
        Assert.Equal("student-sft", (string)note["recipe"]!);
        Assert.Equal(64, ((string)note["data"]!["sha256"]!).Length);
    }

    [Fact]
    public void Killed_and_gone_on_with_it_saves_the_same_weights_as_an_undisturbed_run()
    {
        string[] Command(string name) => ["train", "--stage", "sft", "--data", _made.Data, "--base", _made.Student, "--steps", "400", "--save-every", "20", "--ema", "0.9", "--accumulate", "2", "--out", Folder[name]];
        Assert.Equal(0, CitrusProcess.Run(Command("whole")).Exit);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "citrus.dll"), .. Command("killed")]) start.ArgumentList.Add(argument);
        var checkpoints = Folder["killed.run/checkpoints"];
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            // Some checkpoints later, wherever it is then.
            var before = Newest(checkpoints);
            while (!process.HasExited && Newest(checkpoints) < before + 60) Thread.Sleep(3);
            process.Kill();
            process.WaitForExit();
        }

        Assert.InRange(Newest(checkpoints), 20, 400);
        var finished = CitrusProcess.Run(Command("killed"));
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Contains("Goes on after step", finished.Out);
        Assert.Equal(File.ReadAllBytes(Folder["whole/model.safetensors"]), File.ReadAllBytes(Folder["killed/model.safetensors"]));
        Assert.Equal(TrainingRun.ReadLog(Folder["whole.run"]).Select(l => (l.Step, l.Loss)), TrainingRun.ReadLog(Folder["killed.run"]).Select(l => (l.Step, l.Loss)));
    }

    [Fact]
    public void An_adapter_is_trained_gone_on_with_and_refused_on_another_base()
    {
        var adapter = Folder["adapter"];
        var trained = CitrusProcess.Run("train", "--stage", "preference", "--data", _made.Pairs, "--base", _made.Student, "--lora", "--lora-rank", "4", "--lora-targets", "q_proj", "v_proj", "--steps", "4", "--out", adapter);
        Assert.True(trained.Exit == 0, trained.Error);
        Assert.True(File.Exists(Path.Combine(adapter, "adapter_model.safetensors")));
        Assert.True((long)trained.Line["trained"]! < (long)trained.Line["parameters"]! / 10);
        var config = Path.Combine(adapter, "adapter_config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"lora_dropout\": 0,", "\"lora_dropout\": 0.05,", StringComparison.Ordinal));
        var further = CitrusProcess.Run("train", "--stage", "dpo", "--data", _made.Pairs, "--base", _made.Student, "--adapter", adapter, "--steps", "3", "--out", Folder["further"]);
        Assert.True(further.Exit == 0, further.Error);
        Assert.Equal("dpo", (string)further.Line["recipe"]!);
        Assert.Contains("lora_dropout 0.05; training here drops nothing out", further.Out);

        Assert.Equal(0, CitrusProcess.Run("train", "--stage", "sft", "--data", _made.Data, "--size", "0.2M", "--steps", "1", "--out", Folder["other"]).Exit);
        var refused = CitrusProcess.Run("train", "--stage", "sft", "--data", _made.Data, "--base", Folder["other"], "--adapter", adapter, "--steps", "1", "--out", Folder["never"]);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("adapter", refused.Error);
        Assert.False(Directory.Exists(Folder["never"]));
    }

    [Fact]
    public void A_changed_option_is_named_and_the_run_is_left_as_it_was()
    {
        var newest = Newest(_made.Student + ".run/checkpoints");
        var refused = CitrusProcess.Run("train", "--stage", "sft", "--data", _made.Data, "--size", "0.1M", "--tokenizer", "bpe", "--vocabulary", "300", "--steps", "13", "--out", _made.Student);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("--steps 12; now it is 13", refused.Error);
        Assert.Contains("--fresh", refused.Error);
        Assert.Equal(newest, Newest(_made.Student + ".run/checkpoints"));
    }

    [Fact]
    public void Frozen_weights_stay_as_they_were()
    {
        var trained = CitrusProcess.Run("train", "--stage", "cpt", "--data", Folder.With("text.txt", "patient one has fever\n\npatient two has none at all\n"), "--base", _made.Student, "--freeze", "model.embed_tokens.*", "model.layers.0.*",
            "--schedule", "cosine", "--warmup", "2", "--optimizer", "adamw", "--weight-decay", "0.1", "--clip", "1", "--steps", "3", "--out", Folder["frozen"]);
        Assert.True(trained.Exit == 0, trained.Error);
        using var before = Research.Models.Checkpoint.Load(_made.Student);
        using var after = Research.Models.Checkpoint.Load(Folder["frozen"]);
        var (was, now) = (new Dictionary<string, float[]>(), new Dictionary<string, float[]>());
        before.Read((name, values) => was[name] = values);
        after.Read((name, values) => now[name] = values);
        Assert.All(was, w => Assert.Equal(w.Key.Contains("embed", StringComparison.Ordinal) || w.Key.Contains("layers.0.", StringComparison.Ordinal), w.Value.SequenceEqual(now[w.Key])));
    }

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { "", "", "", "holds no record" },
        { """{"messages":[{"role":"user","content":"why ?"},{"role":"assistant","content":"because","weight":0}]}""", "", "", "nothing to learn" },
        { "", "--batch", "0", "--batch is 0" },
        { "", "--rate", "7", "--rate is 7" },
        { "", "--ema", "1.5", "--ema is 1.5" },
        { "", "--keep", "0", "--keep is 0" },
        { "", "--epochs", "-1", "--epochs is -1" },
        { "", "--freeze", "lm_tail*", "--freeze lm_tail* names no weights" },
        { "", "--beta", "2", "--beta is for preference" },
        { "", "--schedule", "sideways", "sideways" },
        { "", "--lora-rank", "8", "add --lora" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_input_ends_with_what_to_mend_and_leaves_nothing(string record, string option, string value, string message)
    {
        using var folder = new TempFolder();
        var data = option.Length > 0 ? _made.Data : folder.With("data.jsonl", record.Length == 0 ? "" : record + "\n");
        var refused = CitrusProcess.Run(["train", "--stage", "sft", "--data", data, "--base", _made.Student, "--out", folder["out"], .. option.Length == 0 ? Array.Empty<string>() : [option, value]]);
        Assert.Equal(1, refused.Exit);
        Assert.Contains(message, refused.Error);
        Assert.False((bool)refused.Line["ok"]!);
        if (option.Length == 0) Assert.Contains(data, refused.Error);
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static long Newest(string checkpoints) =>
        Directory.Exists(checkpoints) ? Directory.GetDirectories(checkpoints, "step-*").Select(d => long.Parse(Path.GetFileName(d)[5..], System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max() : 0;
}
