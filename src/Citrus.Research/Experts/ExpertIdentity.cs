namespace Citrus.Research.Experts;

/// <summary>What makes two replies of an expert comparable; asked for through <c>IChatClient.GetService</c>. An expert without one is not cached.</summary>
/// <param name="Text">E.g. server and model, or a folder and the state of its weights.</param>
public sealed record ExpertIdentity(string Text);
