using System.Text.Json.Nodes;
using Citrus.Research.Examples;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Synthesis;

public sealed class PreferenceFilesTests
{
    private static readonly Pair Some = new()
    {
        Id = "q1/0-3",
        Prompt = [new Turn("user", "Which?")],
        Chosen = "<think>a</think><answer>B</answer>",
        Rejected = "<think>b</think><answer>A</answer>",
        ChosenScore = 92.5,
        RejectedScore = 13,
    };

    [Fact]
    public void A_LLaMA_Factory_record_has_the_shape_of_its_own_demo_and_is_found_by_dataset_info()
    {
        using var folder = new TempFolder();
        var files = PreferenceFiles.Write(folder.Root, [Some, Some], PreferenceFiles.LlamaFactory);
        Assert.Equal(["pairs.llamafactory.jsonl", "dataset_info.json"], files.Select(Path.GetFileName));
        var lines = File.ReadAllLines(files[0]);
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            """{"conversations":[{"from":"human","value":"Which?"}],"chosen":{"from":"gpt","value":"<think>a</think><answer>B</answer>"},"rejected":{"from":"gpt","value":"<think>b</think><answer>A</answer>"},"id":"q1/0-3","chosen_score":92.5,"rejected_score":13}""",
            lines[0]);

        var demo = JsonNode.Parse(File.ReadAllText(RealData.File("sft_preference_samples", "llamafactory", "dpo_en_demo.json")))![0]!.AsObject();
        Assert.Equal(Shape(demo), Shape(Only(JsonNode.Parse(lines[0])!.AsObject(), demo)));
        var theirs = JsonNode.Parse(File.ReadAllText(RealData.File("sft_preference_samples", "llamafactory", "dataset_info.json")))!["dpo_en_demo"]!.AsObject();
        var ours = JsonNode.Parse(File.ReadAllText(files[1]))!["citrus_pairs"]!.AsObject();
        theirs["file_name"] = "pairs.llamafactory.jsonl";
        Assert.True(JsonNode.DeepEquals(theirs, ours), ours.ToJsonString());
    }

    [Fact]
    public void An_implicit_record_has_the_shape_of_the_original_authors_example()
    {
        var record = PreferenceFiles.Record(Some, PreferenceFiles.Implicit);
        Assert.Equal(["user", "assistant"], record["rejected"]!.AsArray().Select(m => (string)m!["role"]!));
        Assert.Equal("Which?", (string)record["chosen"]![0]!["content"]!);
        Assert.Equal(Some.Rejected, (string)record["rejected"]![1]!["content"]!);
        var theirs = JsonNode.Parse(File.ReadLines(RealData.File("citrus_repo", "model_train", "example_data_for_train", "dpo_data.jsonl")).First())!.AsObject();
        Assert.Equal(Shape(theirs), Shape(Only(record, theirs)));
    }

    [Fact]
    public void The_form_of_TRL_is_the_one_that_is_trained_from()
    {
        using var folder = new TempFolder();
        ExampleFiles.WritePairs(folder["p.jsonl"], [Some]);
        var record = JsonNode.Parse(File.ReadAllText(folder["p.jsonl"]))!;
        foreach (var side in (string[])["prompt", "chosen", "rejected"]) Assert.Equal(side == "prompt" ? "user" : "assistant", (string)Assert.Single(record[side]!.AsArray())!["role"]!);
        Assert.Equal(Some.ChosenScore, Assert.Single(ExampleFiles.ReadPairs(folder["p.jsonl"])).ChosenScore);
        Assert.Throws<ArgumentException>(() => PreferenceFiles.Record(Some, PreferenceFiles.Trl));
    }

    private static JsonObject Only(JsonObject record, JsonObject like) => new(record.Where(p => like.ContainsKey(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));

    private static string Shape(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(",", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Shape(p.Value))) + "}",
        JsonArray a => "[" + Shape(a[0]) + "]",
        _ => node?.GetValueKind().ToString() ?? "null",
    };
}
