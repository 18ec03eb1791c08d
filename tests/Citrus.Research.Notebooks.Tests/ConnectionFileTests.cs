using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class ConnectionFileTests
{
    private const string Good = """{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"control_port":2,"iopub_port":3,"stdin_port":4,"hb_port":5,"key":"secret","signature_scheme":"hmac-sha256","kernel_name":""}""";

    [Fact]
    public void Jupyter_s_file_is_read()
    {
        var file = ConnectionFile.Parse(Good, "k.json");
        Assert.Equal(("127.0.0.1", 1, 2, 3, 4, 5), (file.Ip, file.Shell, file.Control, file.Iopub, file.Stdin, file.Heartbeat));
    }

    [Theory]
    [InlineData("\"127.0.0.1\"", "\"0.0.0.0\"", "ip")]
    [InlineData("\"127.0.0.1\"", "\"192.168.1.5\"", "SSH")]
    [InlineData("\"127.0.0.1\"", "\"example.org\"", "ip")]
    [InlineData("\"tcp\"", "\"ipc\"", "transport")]
    [InlineData("\"secret\"", "\"\"", "key")]
    [InlineData("hmac-sha256", "hmac-md5", "hmac-md5")]
    [InlineData(":5,", ":70000,", "hb_port")]
    [InlineData(":5,", ":4,", "same port")]
    [InlineData("{", "", "JSON")]
    public void What_is_not_safe_or_not_known_is_refused_with_the_mend(string from, string to, string word) =>
        Assert.Contains(word, Assert.Throws<KernelException>(() => ConnectionFile.Parse(Good.Replace(from, to, StringComparison.Ordinal), "k.json")).Message);
}
