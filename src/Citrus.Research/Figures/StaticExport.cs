using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Citrus.Research.Figures;

/// <summary>Figures as SVG, PNG and PDF, drawn by a Chromium that is there already. Nothing is downloaded, and the browser gets no network work to do.</summary>
public static partial class StaticExport
{
    /// <summary>The environment variable that names the browser; a file that is not there means no browser.</summary>
    public const string Variable = "CITRUS_CHROMIUM";

    /// <summary>PNG pixels per CSS pixel.</summary>
    public const int PngScale = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge", "microsoft-edge-stable"];

    /// <summary>The browser that would be used, or null: the variable's, else a usual name on the path, else a usual place.</summary>
    public static string? FindChromium()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(named)) return File.Exists(named) ? named : null;
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var onPath = Names.SelectMany(n => path.Select(p => Path.Combine(p, n + suffix)));
        string[] roots = [Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)];
        string[] places = OperatingSystem.IsWindows()
            ? [.. roots.SelectMany(r => (string[])[Path.Combine(r, "Google", "Chrome", "Application", "chrome.exe"), Path.Combine(r, "Microsoft", "Edge", "Application", "msedge.exe"), Path.Combine(r, "Chromium", "Application", "chrome.exe")])]
            : OperatingSystem.IsMacOS()
            ? ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"]
            : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"];
        return onPath.Concat(places).FirstOrDefault(File.Exists);
    }

    /// <summary>Draws a figure as SVG and PNG; see the other overload.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<StaticPicture> RenderAsync(Figure figure, CancellationToken cancellationToken = default) => RenderAsync(figure, FigureFormats.Pictures, cancellationToken);

    /// <summary>
    /// Draws a figure. The same figure gives the same bytes on the same machine (text is measured with its fonts; another version of the browser may draw a pixel otherwise).
    /// Whatever goes wrong with the browser ends in <see cref="StaticPicture.Note"/>, not in an exception.
    /// </summary>
    /// <param name="figure">The figure.</param>
    /// <param name="formats">What is wanted; <see cref="FigureFormats.Html"/> needs no browser and is nothing to this method.</param>
    /// <param name="cancellationToken">Stops the browser.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<StaticPicture> RenderAsync(Figure figure, FigureFormats formats, CancellationToken cancellationToken = default)
    {
        if ((formats & (FigureFormats.Pictures | FigureFormats.Pdf)) == 0) return new StaticPicture(null, null, null);
        if (FindChromium() is not { } browser)
        {
            var named = Environment.GetEnvironmentVariable(Variable);
            return new StaticPicture(null, null, string.IsNullOrWhiteSpace(named)
                ? $"No SVG, PNG or PDF: no Chromium, Chrome or Edge was found; install one or set {Variable} to its path. The HTML page and the table are complete."
                : $"No SVG, PNG or PDF: {Variable} names {named}, which does not exist.");
        }

        var folder = Directory.CreateTempSubdirectory("citrus-figure-").FullName;
        try
        {
            var page = Path.Combine(folder, "figure.html");
            await File.WriteAllTextAsync(page, ExportPage(figure), cancellationToken).ConfigureAwait(false);
            var (dom, problem) = await RunAsync(browser, page, Path.Combine(folder, "profile"), ["--dump-dom"], cancellationToken).ConfigureAwait(false);
            if (Encoded("svg", dom) is not { } drawn || Encoded("png", dom) is not { } pixels)
                return new StaticPicture(null, null, $"No SVG, PNG or PDF: {browser} {problem ?? "did not draw the figure"}{(Message().Match(dom) is { Success: true } m ? ": " + m.Groups[1].Value : "")}.");
            var svg = Encoding.UTF8.GetString(drawn).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
            var picture = new StaticPicture(formats.HasFlag(FigureFormats.Svg) ? svg : null, formats.HasFlag(FigureFormats.Png) ? SmallPng.Pack(pixels) : null, null)
            {
                Browser = Encoded("agent", dom) is { } agent && Agent().Match(Encoding.UTF8.GetString(agent)) is { Success: true } found ? $"Chrome/{found.Groups[1].Value}" : null,
            };
            if (!formats.HasFlag(FigureFormats.Pdf)) return picture;

            var (sheet, pdf) = (Path.Combine(folder, "sheet.html"), Path.Combine(folder, "figure.pdf"));
            await File.WriteAllTextAsync(sheet, PrintedPage.Html(figure, svg), cancellationToken).ConfigureAwait(false);
            (_, problem) = await RunAsync(browser, sheet, Path.Combine(folder, "profile"), ["--no-pdf-header-footer", "--print-to-pdf=" + pdf], cancellationToken).ConfigureAwait(false);
            return File.Exists(pdf)
                ? picture with { Pdf = PrintedPage.WithoutTime(await File.ReadAllBytesAsync(pdf, cancellationToken).ConfigureAwait(false)) }
                : picture with { Note = $"No PDF: {browser} {problem ?? "printed nothing"}." };
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            return new StaticPicture(null, null, $"No SVG, PNG or PDF: {browser} could not be run: {e.Message}");
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>
    /// A page that leaves both pictures in its own document as base64. Plotly names clip paths at random; here the dice are seeded by the figure, so that the names are
    /// the same each time, and differ between figures that one page shows.
    /// </summary>
    private static string ExportPage(Figure figure)
    {
        var seed = Convert.ToUInt32(FigureManifest.Hash(figure.ToJson())[..8], 16);
        return $$"""
            <!DOCTYPE html><html><head><meta charset="utf-8"><script>(function(s){Math.random=function(){s=(Math.imul(s,1664525)+1013904223)>>>0;return s/4294967296;};})({{seed}});</script>
            <script>{{PlotlyScript.Text()}}</script></head><body><div id="figure"></div><pre id="svg"></pre><pre id="png"></pre><pre id="agent"></pre><pre id="message"></pre>
            <script>(function(f){var size={width:{{figure.Width}},height:{{figure.Height}}};var put=function(id,t){document.getElementById(id).textContent=t;};put("agent",btoa(navigator.userAgent));
            Plotly.newPlot("figure",f.data,f.layout,{staticPlot:true}).then(function(g){
            return Plotly.toImage(g,{format:"svg",width:size.width,height:size.height,imageDataOnly:true}).then(function(t){put("svg",btoa(unescape(encodeURIComponent(t))));
            return Plotly.toImage(g,{format:"png",width:size.width,height:size.height,scale:{{PngScale}},imageDataOnly:true});}).then(function(t){put("png",t);});
            }).catch(function(e){put("message",String(e));}).then(function(){document.getElementById("figure").remove();document.querySelectorAll("script,style").forEach(function(s){s.remove();});});
            })({{FigureHtml.InScript(figure.ToJson())}});</script></body></html>
            """;
    }

    private static async Task<(string Output, string? Problem)> RunAsync(string browser, string page, string profile, string[] what, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8 };
        string[] flags =
        [
            "--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
            "--disable-sync", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--metrics-recording-only", "--hide-scrollbars",
            "--font-render-hinting=none", "--force-color-profile=srgb", "--virtual-time-budget=60000", "--user-data-dir=" + profile, .. what,
        ];
        foreach (var flag in flags) start.ArgumentList.Add(flag);
        // Chromium refuses to run as root with its sandbox; the page is our own.
        if (OperatingSystem.IsLinux() && Environment.UserName == "root") start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);

        using var process = Process.Start(start) ?? throw new IOException("it did not start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            var dom = await output.ConfigureAwait(false);
            var last = (await errors.ConfigureAwait(false)).TrimEnd().Split('\n')[^1].Trim();
            return (dom, process.ExitCode == 0 ? null : $"ended with code {process.ExitCode} ({last})");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return ("", $"did not finish within {Limit.TotalSeconds:0} s");
        }
    }

    private static byte[]? Encoded(string id, string dom)
    {
        var start = dom.IndexOf($"<pre id=\"{id}\">", StringComparison.Ordinal);
        if (start < 0) return null;
        start = dom.IndexOf('>', start) + 1;
        var end = dom.IndexOf('<', start);
        return end <= start ? null : Convert.FromBase64String(dom[start..end]);
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A browser process that is still on its way out holds a file; the folder is in the temporary directory.
        }
    }

    [GeneratedRegex("<pre id=\"message\">([^<]+)<")]
    private static partial Regex Message();

    [GeneratedRegex("Chrome/([0-9]+)")]
    private static partial Regex Agent();
}
