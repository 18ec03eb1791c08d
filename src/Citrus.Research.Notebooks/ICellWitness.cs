namespace Citrus.Research.Notebooks;

/// <summary>Is told when cells of a notebook begin and end.</summary>
internal interface ICellWitness
{
    /// <summary>A cell begins; its outputs gather in the sink.</summary>
    void Begins(int number, CellSink sink);

    /// <summary>A cell is over.</summary>
    void Ended(CellTiming timing, CellSink sink);
}
