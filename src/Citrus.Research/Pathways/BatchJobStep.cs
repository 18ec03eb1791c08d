using System.Text.Json.Serialization;

namespace Citrus.Research.Pathways;

/// <summary>How far one file of a round is. Each is on disk before the next thing is done, so that a resume knows what may have happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchJobStep>))]
public enum BatchJobStep
{
    /// <summary>The input file is there.</summary>
    Written,

    /// <summary>An upload was begun; whether it arrived is to be asked.</summary>
    Uploading,

    /// <summary>The server has the file; its id is known.</summary>
    Uploaded,

    /// <summary>A batch was asked for; whether it was made is to be asked.</summary>
    Creating,

    /// <summary>The batch runs; its id is known.</summary>
    Created,

    /// <summary>It is over and its files are here.</summary>
    Fetched,

    /// <summary>Its replies are in the journal.</summary>
    Absorbed,
}
