namespace Citrus.Research.Models;

/// <summary>Element type of a GGUF file's matrices; norms and biases are float32 in all of them, as llama.cpp's converter has it.</summary>
public enum GgufType
{
    Float32,

    /// <summary>A weight beyond 65504 is refused.</summary>
    Float16,

    BFloat16,

    /// <summary>Blocks of 32 weights with one float16 scale, 8.5 bits a weight (ggml's <c>Q8_0</c>). A matrix whose rows are no multiple of 32 long is float16.</summary>
    Q8,
}
