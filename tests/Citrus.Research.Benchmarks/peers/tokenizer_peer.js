// The peer of `tokenizer`: Hugging Face's Rust tokenizers on the same texts, one thread. NODE_PATH=.../node_modules node tokenizer_peer.js TOKENIZER.JSON TEXTS.JSON SECONDS
process.env.RAYON_NUM_THREADS = '1';
process.env.TOKENIZERS_PARALLELISM = 'false';
const { Tokenizer } = require('tokenizers');
const fs = require('fs');

(async () => {
  const tokenizer = Tokenizer.fromFile(process.argv[2]);
  const texts = JSON.parse(fs.readFileSync(process.argv[3]));
  const round = async () => {
    let tokens = 0;
    for (const text of texts) tokens += (await tokenizer.encode(text, null, { addSpecialTokens: false })).getLength();
    return tokens;
  };
  const perRound = await round();
  const times = [];
  for (let spent = 0; spent < Number(process.argv[4]) || times.length < 3;) {
    const begin = process.hrtime.bigint();
    await round();
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    times.push(seconds);
    spent += seconds;
  }
  console.log(JSON.stringify({ tokens: perRound, seconds: Math.min(...times), version: require('tokenizers/package.json').version }));
})();
