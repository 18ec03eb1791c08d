using System.Text.Json.Nodes;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Models;

/// <summary>A JSON object as it may arrive: fields gone, fields with odd values, a stray character.</summary>
internal static class DamagedJson
{
    /// <param name="text">The sound object.</param>
    /// <param name="values">Odd values, as JSON.</param>
    public static string Of(string text, IReadOnlyList<string> values, SeededRandom random)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        var names = json.Select(p => p.Key).ToList();
        for (var change = random.Next(3); change >= 0; change--)
        {
            var name = names[random.Next(names.Count)];
            if (random.Chance(0.2)) json.Remove(name);
            else json[name] = JsonNode.Parse(values[random.Next(values.Count)]);
        }

        var content = json.ToJsonString().ToCharArray();
        if (random.Chance(0.3)) content[random.Next(content.Length)] = (char)random.Next(128);
        return new string(content);
    }
}
