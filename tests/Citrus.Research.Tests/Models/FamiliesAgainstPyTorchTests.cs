using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class FamiliesAgainstPyTorchTests
{
    public static TheoryData<string> Families => FamilyFixture.Families;

    public static TheoryData<string> Adapters => FamilyFixture.Adapters;

    private static int[] Longest => FamilyFixture.Sequences[2].Ids;

    [Theory, MemberData(nameof(Families))]
    public void Logits_agree_read_at_once_token_by_token_and_as_the_engine_trains(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        CheckLogits(decoder, Expected("families", family), Longest, 4);
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Logits_with_an_adapter_agree_and_so_do_those_with_it_merged(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        CheckLogits(decoder, Expected("adapters", family), Longest, 4);
        decoder.MergeAdapter();
        Assert.Null(decoder.Adapter);
        CheckLogits(decoder, Expected("adapters", family), Longest, 4);
    }

    [Theory, MemberData(nameof(Families))]
    public void Losses_and_gradients_of_the_CPU_agree_however_memory_is_saved(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        CheckGradients(decoder, FamilyFixture.Json.GetProperty("families").GetProperty(family));
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Gradients_of_an_adapter_agree_however_memory_is_saved(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        CheckGradients(decoder, FamilyFixture.Json.GetProperty("adapters").GetProperty(family));
    }

    [Fact]
    public void A_published_Llama_folder_gives_PyTorchs_logits()
    {
        Torch.EnsureLoaded();
        var folder = Path.GetDirectoryName(RealData.File("tiny_llama_safetensors", "model", "model.safetensors"))!;
        using var decoder = Checkpoint.Load(folder, torch.CPU);
        Assert.Equal(DecoderArchitecture.Llama, decoder.Config.Architecture);
        var expected = FamilyFixture.Read("tiny_llama.json");
        CheckLogits(decoder, expected.GetProperty("logits"), [.. expected.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())], 3);
    }

    /// <summary>Loss and gradients of whatever is trained.</summary>
    internal static void Check(Decoder decoder, IDecoderEngine engine, JsonElement expected)
    {
        using var scope = torch.NewDisposeScope();
        var batch = TokenBatch.Pack([.. FamilyFixture.Sequences.Select(s => (s.Ids, s.Weights))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
        var loss = 0.0;
        var gradients = engine.Gradients(batch, found =>
        {
            var slopes = new float[found.Length];
            loss = Losses.CrossEntropy(found, batch.Weights, slopes);
            return slopes;
        });
        StudentFixture.Close(expected.GetProperty("loss").GetDouble(), loss, 1e-5 * loss, "loss");
        var named = new Dictionary<string, float[]>();
        for (var i = 0; i < gradients.Count; i++)
            foreach (var (name, view) in decoder.Trainable[i].Views(gradients[i])) named[name] = view.contiguous().data<float>().ToArray();
        StudentFixture.AssertTensors(expected.GetProperty("gradients"), named, 1e-5);
    }

    private static JsonElement Expected(string kind, string family) => FamilyFixture.Json.GetProperty(kind).GetProperty(family).GetProperty("logits");

    private static void CheckLogits(Decoder decoder, JsonElement expected, int[] ids, int step)
    {
        FamilyFixture.AssertLogits(expected, ids, step, prefixes => ReadAtOnce(decoder, prefixes));
        FamilyFixture.AssertLogits(expected, ids, step, prefixes => ReadOneByOne(decoder, prefixes));
        FamilyFixture.AssertLogProbabilities(expected, ids, step, prefixes =>
        {
            // What each prefix could go on with, each in a sequence of its own.
            using var engine = new CpuEngine(decoder);
            var sequences = prefixes.SelectMany(p => Enumerable.Range(0, decoder.Config.VocabularySize).Select(v => (Ids: (int[])[.. p, v], Weights: p.Select(_ => 0f).Append(1).ToArray())));
            return engine.LogProbabilities(TokenBatch.Pack([.. sequences], decoder.Config.VocabularySize, decoder.Config.MaxPositions));
        });
    }

    private static void CheckGradients(Decoder decoder, JsonElement expected)
    {
        foreach (var options in new EngineOptions[] { new(), new() { LogitChunk = 5 }, new() { LogitChunk = 1, ActivationCheckpointing = true } })
        {
            using var engine = new CpuEngine(decoder, options);
            Check(decoder, engine, expected);
            Check(decoder, engine, expected); // nothing is left over
        }
    }

    private static float[] ReadAtOnce(Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prefixes)
    {
        using var writer = decoder.CreateWriter();
        writer.Read([.. prefixes.Select(p => new WriterInput(writer.Open(), p.ToArray(), 1))]);
        writer.Predict(0, prefixes.Count);
        return [.. Enumerable.Range(0, prefixes.Count).SelectMany(i => writer.Logits(i).ToArray())];
    }

    private static float[] ReadOneByOne(Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prefixes)
    {
        using var writer = decoder.CreateWriter();
        var longest = prefixes[^1];
        var text = writer.Open();
        var (logits, next) = (new List<float>(), 0);
        for (var i = 0; i < longest.Count; i++)
        {
            writer.Read([new WriterInput(text, new[] { longest[i] }, 1)]);
            if (i + 1 != prefixes[next].Count) continue;
            writer.Predict(0, 1);
            logits.AddRange(writer.Logits(0));
            next++;
        }

        return [.. logits];
    }
}
