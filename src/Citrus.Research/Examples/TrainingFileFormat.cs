namespace Citrus.Research.Examples;

/// <summary>A layout of training records, known by the fields of the first record.</summary>
public enum TrainingFileFormat
{
    /// <summary><c>messages</c>: ours, OpenAI's, LLaMA-Factory's v1.</summary>
    Messages,

    /// <summary><c>messages</c> with a <c>label</c>: answers called good or bad, each alone (KTO).</summary>
    LabelledMessages,

    /// <summary><c>conversations</c> of <c>from</c> and <c>value</c> (ShareGPT).</summary>
    Conversations,

    /// <summary><c>instruction</c>, <c>input</c>, <c>output</c> (alpaca).</summary>
    Instruction,

    /// <summary><c>input</c>, <c>target</c>: the paper's repository.</summary>
    InputTarget,

    /// <summary><c>prompt</c> with <c>completion</c>, <c>response</c> or <c>output</c>.</summary>
    PromptCompletion,

    /// <summary><c>Question</c>, <c>Complex_CoT</c>, <c>Response</c> (HuatuoGPT-o1): the thought goes between think tags, the response between answer tags.</summary>
    QuestionThoughtResponse,

    /// <summary><c>question</c>, <c>answer</c> in prose.</summary>
    QuestionAnswer,

    /// <summary><c>prompt</c>, <c>chosen</c>, <c>rejected</c>: ours, and others' whose answers are texts or one message.</summary>
    Pairs,

    /// <summary><c>chosen</c>, <c>rejected</c> (or <c>chosen_messages</c>, <c>rejected_messages</c>): two whole conversations that differ in the last turn.</summary>
    ConversationPairs,

    /// <summary><c>conversations</c>, <c>chosen</c>, <c>rejected</c> (ShareGPT).</summary>
    ShareGptPairs,

    /// <summary><c>instruction</c>, <c>input</c>, <c>chosen</c>, <c>rejected</c> (alpaca).</summary>
    InstructionPairs,
}
