namespace Citrus.Research.Examples;

/// <summary>One message of an example.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Segments">The message's text in stretches of equal loss weight; only an assistant's words are ever learned.</param>
public sealed record Turn(string Role, IReadOnlyList<Segment> Segments)
{
    public Turn(string role, string text) : this(role, [new Segment(text)]) { }

    /// <summary>The whole text of the message.</summary>
    public string Text => string.Concat(Segments.Select(s => s.Text));
}
