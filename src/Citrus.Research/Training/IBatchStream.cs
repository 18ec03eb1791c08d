namespace Citrus.Research.Training;

/// <summary>An endless stream of batches of which each is known by its place, so that a run that stopped goes on with the batch it would have had.</summary>
/// <remarks>The same stream made anew gives the same batch at the same place. Not for several threads.</remarks>
public interface IBatchStream<T>
{
    /// <summary>Batches given so far: the cursor that a checkpoint keeps.</summary>
    long Position { get; }

    /// <summary>The next batch.</summary>
    /// <exception cref="InvalidOperationException">The stream has an end, and it is reached.</exception>
    IReadOnlyList<T> Next();

    /// <summary>Goes to a place, forwards or back.</summary>
    void Seek(long position);
}
