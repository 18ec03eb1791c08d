namespace Citrus.Research.Clinic;

public enum Sex { Male, Female }
