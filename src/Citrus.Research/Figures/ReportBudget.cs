using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>How many bytes of input are left for one page; asked before anything is read.</summary>
internal sealed class ReportBudget(ReportOptions options)
{
    private long _spent;

    public ReportOptions Options { get; } = options.Validated();

    /// <summary>Opens a file, its size counted.</summary>
    /// <exception cref="InvalidDataException">It does not fit in what is left.</exception>
    public FileStream Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        _spent += stream.Length;
        if (_spent <= Options.MaximumBytes) return stream;
        stream.Dispose();
        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
            $"{path}: with this file the inputs are {_spent / 1048576.0:0.##} MiB; a page holds at most {Options.MaximumBytes / 1048576.0:0.##} MiB. Give fewer runs, or raise --max-mb (MaximumBytes)."));
    }
}
