using System.CommandLine;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic ...</c>.</summary>
internal static class ClinicVerbs
{
    public static Command Create() => Verb.Group("clinic", "The simulated clinic: questions whose exact answer is known, its knowledge and its clinician.",
        ClinicGenerate.Create(), ClinicShow.Create(), ClinicCheck.Create(), ClinicTextbook.Create(), ClinicDrills.Create(), ClinicStageData.Create(), ClinicRecognise.Create());
}
