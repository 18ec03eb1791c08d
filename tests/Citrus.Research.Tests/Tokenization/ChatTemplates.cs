namespace Citrus.Research.Tests.Tokenization;

/// <summary>Templates in our own words that write what the published ones of the same name write, as far as a conversation without tools goes.</summary>
internal static class ChatTemplates
{
    private const string ChatMlTurns = "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}";
    private const string ChatMlPrompt = "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["qwen2"] = "{%- if messages[0].role != 'system' %}{{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{%- endif %}" + ChatMlTurns + ChatMlPrompt,
        ["qwen2.5"] = """
            {%- if tools %}{{- "whatever " + tools }}{%- else %}
                {%- if messages[0]['role'] == 'system' %}
                    {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
                {%- else %}
                    {{- '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' }}
                {%- endif %}
            {%- endif %}
            """ + ChatMlTurns + ChatMlPrompt,
        ["qwen3"] = """
            {%- for message in messages %}
                {%- if message.role != "assistant" %}{{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
                {%- else %}
                    {%- set content = message.content.split('</think>')[-1].lstrip('\n') %}
                    {%- if later %}{{- '<|im_start|>' + message.role + '\n<think>\n' + reasoning_content.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
                    {%- else %}{{- '<|im_start|>' + message.role + '\n' + content }}{%- endif %}
                    {{- '<|im_end|>\n' }}
                {%- endif %}
            {%- endfor %}
            """ + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}",
        ["llama3"] = Llama3(""),
        ["llama3.1"] = Llama3("26 Jul 2024"),
        ["llama3.2"] = Llama3("{# today #}"),
        ["mistral-v0.1"] = Mistral("[INST] ", " [/INST]", "message.content + eos_token + ' '", null),
        ["mistral-v0.2"] = Mistral(" [INST] ", " [/INST]", "' ' + message.content + eos_token", "loop.first and system_message is defined"),
        ["mistral-v0.3"] = Mistral("[INST] ", "[/INST]", "\" \" + message[\"content\"]|trim + eos_token", "loop.last and system_message is defined"),
        ["mistral-nemo"] = Mistral("[INST]", "[/INST]", "message[\"content\"] + eos_token", "loop.last and system_message is defined"),
    };

    private static string Llama3(string date) =>
        "{{- bos_token }}"
        + (date.Length == 0 ? "" : "{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' }}{{- 'Cutting Knowledge Date: December 2023\\n' }}{{- 'Today Date: ' + date_string + '\\n\\n' }}{{- system_message }}{{- '<|eot_id|>' }}" + date.Replace("26 Jul 2024", ""))
        + "{%- for message in messages %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{%- endfor %}"
        + "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}";

    private static string Mistral(string open, string close, string answer, string? system) =>
        "{{- bos_token }}{%- for message in loop_messages %}{%- if message['role'] == 'user' %}"
        + (system is null ? "" : $"{{%- if {system} %}}{{{{- '{open}' + system_message + '\\n\\n' + message['content'] + '{close}' }}}}{{%- else %}}")
        + $"{{{{- '{open}' + message['content'] + '{close}' }}}}" + (system is null ? "" : "{%- endif %}")
        + $"{{%- else %}}{{{{- {answer} }}}}{{%- endif %}}{{%- endfor %}}";
}
