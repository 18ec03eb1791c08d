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
    public void Logits_of_the_CPU_agree(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        using var engine = new CpuEngine(decoder);
        FamilyFixture.AssertLogits(Expected("families", family), Longest, 4, prefixes => ReadAtOnce(engine, decoder, prefixes));
    }

    [Theory, MemberData(nameof(Families))]
    public void Logits_agree_token_by_token(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.AssertLogits(Expected("families", family), Longest, 4, prefixes => ReadOneByOne(decoder, prefixes));
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Logits_with_an_adapter_agree_read_at_once_token_by_token_and_merged(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        var expected = Expected("adapters", family);
        using (var engine = new CpuEngine(decoder)) FamilyFixture.AssertLogits(expected, Longest, 4, prefixes => ReadAtOnce(engine, decoder, prefixes));
        FamilyFixture.AssertLogits(expected, Longest, 4, prefixes => ReadOneByOne(decoder, prefixes));
        decoder.MergeAdapter();
        Assert.Null(decoder.Adapter);
        using var merged = new CpuEngine(decoder);
        FamilyFixture.AssertLogits(expected, Longest, 4, prefixes => ReadAtOnce(merged, decoder, prefixes));
    }

    [Theory, MemberData(nameof(Families))]
    public void Losses_and_gradients_of_the_CPU_agree_in_one_piece_and_in_many(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        foreach (var logits in new[] { CpuEngine.DefaultLogits, 5 * decoder.Config.VocabularySize, 1 })
        {
            using var engine = new CpuEngine(decoder, logits: logits);
            Check(decoder, engine, FamilyFixture.Json.GetProperty("families").GetProperty(family));
        }
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Gradients_of_an_adapter_agree_in_one_piece_and_in_many(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        foreach (var logits in new[] { CpuEngine.DefaultLogits, 5 * decoder.Config.VocabularySize })
        {
            using var engine = new CpuEngine(decoder, logits: logits);
            Check(decoder, engine, FamilyFixture.Json.GetProperty("adapters").GetProperty(family));
        }
    }

    [Fact]
    public void A_published_Llama_folder_gives_PyTorchs_logits()
    {
        Torch.EnsureLoaded();
        var folder = Path.GetDirectoryName(RealData.File("tiny_llama_safetensors", "model", "model.safetensors"))!;
        using var decoder = Checkpoint.Load(folder, torch.CPU);
        Assert.Equal(DecoderArchitecture.Llama, decoder.Config.Architecture);
        using var engine = new CpuEngine(decoder);
        var expected = FamilyFixture.Read("tiny_llama.json");
        int[] ids = [.. expected.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
        FamilyFixture.AssertLogits(expected.GetProperty("logits"), ids, 3, prefixes => ReadAtOnce(engine, decoder, prefixes));
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

    private static float[] ReadAtOnce(CpuEngine engine, Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prefixes)
    {
        var memories = prefixes.Select(p => new CpuMemory(decoder.Config, p.Count)).ToList();
        var logits = engine.Read(TokenBatch.ToRead(prefixes), memories);
        foreach (var memory in memories) memory.Dispose();
        return logits;
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
