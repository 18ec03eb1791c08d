/// <summary>What <c>display</c> returns, by .NET Interactive's signature.</summary>
public sealed class DisplayedValue
{
    /// <summary>Shows another value in its place.</summary>
    public void Update(object? updatedValue) => Shown.Write("update", updatedValue);
}
