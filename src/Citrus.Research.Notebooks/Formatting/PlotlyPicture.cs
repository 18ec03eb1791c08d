using System.Diagnostics;
using System.Text;

namespace Citrus.Research.Notebooks.Formatting;

/// <summary>
/// A chart as a static picture, drawn by a Chromium, Chrome or Edge that is there already, with the plotly.js that a charting library has brought into the process.
/// Nothing is downloaded.
/// </summary>
internal static class PlotlyPicture
{
    /// <summary>The environment variable that names the browser.</summary>
    public const string Variable = "CITRUS_CHROMIUM";

    private const int MaxDom = 64 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Whether a MIME type is one that is drawn here.</summary>
    public static bool Draws(string mimeType) => mimeType is "image/svg+xml" or "image/png";

    /// <summary>The picture: SVG as text, PNG as base64.</summary>
    /// <param name="figure">The chart for plotly.js.</param>
    /// <param name="mimeType"><c>image/svg+xml</c> or <c>image/png</c>.</param>
    /// <param name="problem">Why there is none.</param>
    public static string? Draw(string figure, string mimeType, out string problem)
    {
        problem = "";
        if (Browser() is not { } browser)
        {
            problem = $"no Chromium, Chrome or Edge was found to draw it; install one or set {Variable} to its path";
            return null;
        }

        if (EmbeddedPlotly.Find() is not { } script)
        {
            problem = "no assembly of this process brings plotly.js along";
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("citrus-picture-").FullName;
        try
        {
            var page = Path.Combine(folder, "chart.html");
            File.WriteAllText(page, Page(figure, script, mimeType == "image/png" ? "png" : "svg"));
            var dom = Dump(browser, page, Path.Combine(folder, "profile"));
            var picture = Between(dom, "<pre id=\"picture\">");
            if (picture is { Length: > 0 }) return mimeType == "image/png" ? picture : Encoding.UTF8.GetString(Convert.FromBase64String(picture));
            problem = $"{browser} did not draw it{(Between(dom, "<pre id=\"message\">") is { Length: > 0 } message ? ": " + message : "")}";
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException or TimeoutException or FormatException)
        {
            problem = $"{browser}: {e.Message}";
        }
        finally
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A browser process on its way out holds a file; the folder is in the temporary directory.
            }
        }

        return null;
    }

    /// <summary>The browser: the variable's, else one on the path or in a usual place.</summary>
    public static string? Browser()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return File.Exists(named) ? named : null;
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];
        string[] programs = [Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86)];
        var usual = OperatingSystem.IsWindows()
            ? programs.SelectMany(p => (string[])[Path.Combine(p, "Google", "Chrome", "Application", "chrome.exe"), Path.Combine(p, "Microsoft", "Edge", "Application", "msedge.exe")])
            : ["/usr/bin/chromium", "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];
        return names.SelectMany(n => folders.Select(f => Path.Combine(f, n + suffix))).Concat(usual).FirstOrDefault(File.Exists);
    }

    /// <summary>What the browser makes of a page, as HTML.</summary>
    /// <exception cref="TimeoutException">It did not come to an end.</exception>
    internal static string Dump(string browser, string page, string profile)
    {
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var flag in (string[])["--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage", "--disable-sync", "--no-first-run", "--no-default-browser-check", "--hide-scrollbars", "--force-color-profile=srgb", "--virtual-time-budget=30000", $"--user-data-dir={profile}", "--dump-dom"])
            start.ArgumentList.Add(flag);
        // As root Chromium refuses to run in its sandbox; the page is made here.
        if (OperatingSystem.IsLinux() && Environment.UserName == "root") start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);
        using var process = Process.Start(start) ?? throw new IOException("it did not start");
        var text = new StringBuilder();
        using var ended = new ManualResetEventSlim();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ended.Set();
            else if (text.Length < MaxDom) text.Append(line.Data).Append('\n');
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(Limit) && ended.Wait(TimeSpan.FromSeconds(5))) return text.ToString();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        throw new TimeoutException($"did not finish within {Limit.TotalSeconds:0} s");
    }

    /// <summary>Plotly names clip paths by chance; here the dice always fall alike, so that the same chart gives the same picture.</summary>
    private static string Page(string figure, string script, string format) => $$"""
        <!DOCTYPE html><html><head><meta charset="utf-8"><script>(function(s){Math.random=function(){s=(s*48271)%2147483647;return s/2147483647;};})(20011);</script>
        <script>{{script}}</script></head><body><div id="chart"></div><pre id="picture"></pre><pre id="message"></pre>
        <script>(function(f){var layout=f.layout||{},put=function(id,text){document.getElementById(id).textContent=text;};
        Plotly.newPlot("chart",f.data,layout,{staticPlot:true}).then(function(drawn){
        return Plotly.toImage(drawn,{format:"{{format}}",width:layout.width||700,height:layout.height||450,scale:{{(format == "png" ? 2 : 1)}},imageDataOnly:true});
        }).then(function(t){put("picture","{{format}}"==="png"?t:btoa(unescape(encodeURIComponent(t))));}).catch(function(e){put("message",String(e));})
        .then(function(){document.getElementById("chart").remove();document.querySelectorAll("script,style").forEach(function(s){s.remove();});});
        })({{NotebookPage.InScript(figure)}});</script></body></html>
        """;

    private static string? Between(string dom, string tag)
    {
        var start = dom.IndexOf(tag, StringComparison.Ordinal);
        if (start < 0) return null;
        start += tag.Length;
        var end = dom.IndexOf('<', start);
        return end < 0 ? null : dom[start..end];
    }
}
