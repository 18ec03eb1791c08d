namespace Citrus.Research.Tokenization;

/// <summary>Where a tokenizer's chat format comes from; judged only when somebody asks for the format.</summary>
/// <param name="Origin">The file and field for messages.</param>
/// <param name="Template">The Jinja text; null where there is none.</param>
/// <param name="First">bos_token; null where none is named.</param>
/// <param name="Last">eos_token.</param>
internal sealed record ChatSource(string Origin, string? Template, string? First, string? Last)
{
    /// <exception cref="TokenizerFormatException">There is no template, or it is of none of the supported formats.</exception>
    public ChatFormat Format()
    {
        if (Template is null)
            throw new TokenizerFormatException($"{Origin}: no chat template, so no chat format is known. Choose one by name (supported: {string.Join(", ", ChatFormat.Names)}); base models have none.");
        try
        {
            return new ChatFormat(ChatRecognition.Style(Template, First, Last));
        }
        catch (FormatException e)
        {
            throw new TokenizerFormatException($"{Origin}: the chat template is none of the supported formats ({string.Join(", ", ChatFormat.Names)}): {e.Message}. Choose a supported one by name if the model was trained on it.", e);
        }
    }
}
