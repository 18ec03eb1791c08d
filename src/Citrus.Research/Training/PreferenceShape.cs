namespace Citrus.Research.Training;

/// <summary>What a pair costs, as a function of how far the chosen answer's score leads.</summary>
public enum PreferenceShape
{
    /// <summary>-log sigmoid(beta lead - gamma): CPO, SimPO and DPO.</summary>
    Logistic,

    /// <summary>max(0, 1 - (beta lead - gamma)): SLiC's hinge (Zhao et al. 2023).</summary>
    Hinge,

    /// <summary>(lead - 1 / (2 beta))^2: IPO (Azar et al. 2023, equation 17). It knows no gamma.</summary>
    Squared,
}
