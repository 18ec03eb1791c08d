// Filters, keys, theme: what ties the parts together.

const $ = id => document.getElementById(id);
const filterNames = ['outcome', 'run', 'between', 'benchmark', 'kind', 'tag', 'tier', 'variant'];
const query = { terms: [], hits: null };

function fillSelect(id, any, choices) {
  const node = $(id);
  node.append(el('option', { value: '' }, any), ...choices.map(([value, text]) => el('option', { value: String(value) }, text)));
  node.closest('label').hidden = choices.length < (id === 'outcome' || id === 'between' ? 1 : 2);
}

function named(names) {
  return names.map((name, i) => [i, name]).filter(([, name]) => name !== '');
}

function fillFilters() {
  const states = new Set(index.samples.state);
  fillSelect('outcome', 'any', [['right', 'right'], ['notright', 'not right (wrong, no answer, missing)'], ['wrong', 'wrong answer'], ['none', 'no answer'], ['missing', 'missing'], ...(states.has(UNCHECKED) ? [['unchecked', 'not checked']] : [])]);
  fillSelect('run', 'any', named(index.runs.map(r => r.name)));
  fillSelect('between', 'anything', [...(runCount > 1 ? [['answers', 'runs disagree: answers differ'], ['mixed', 'runs disagree: right and not right'], ['allwrong', 'no run is right']] : []), ...(hasRepeats ? [['samples', "a run's samples differ"]] : [])]);
  fillSelect('benchmark', 'all', named(index.benchmarks));
  fillSelect('kind', 'all', named(index.kinds));
  fillSelect('tag', 'all', named(index.tags));
  if (index.tags.length === 1) $('tag').closest('label').hidden = false;
  const tiers = new Set(index.samples.tier);
  fillSelect('tier', 'any means', index.runs.every(r => r.synthesis) ? [] : named(index.tiers).filter(([i]) => tiers.has(i)).map(([i, name]) => [i, TIER[name] ?? name]));
  fillSelect('variant', 'all', index.variants.length > 200 ? [] : named(index.variants));
  const order = $('order');
  order.append(el('option', { value: '' }, 'as in the file'), el('option', { value: 'tokens' }, 'longest output'), el('option', { value: 'latency' }, 'slowest'), el('option', { value: 'worst' }, 'fewest runs right'));
}

function currentFilter() {
  return Object.fromEntries(filterNames.map(name => [name, $(name).value]));
}

function applyFilter() {
  const filter = currentFilter();
  let rows = [];
  for (let row = 0; row < rowCount; row++) if ((query.hits === null || query.hits[row] === 1) && passes(row, filter)) rows.push(row);
  const order = $('order').value;
  if (order !== '') {
    const key = new Map(rows.map(row => [row, orderKey(row, order)]));
    rows.sort((a, b) => key.get(b) - key.get(a) || a - b);
  }
  fillList(rows);
  $('count').textContent = `${number(rows.length)} of ${number(rowCount)} ${rowCount === 1 ? 'question' : 'questions'}`;
  showSubset(rows);
  $('reset').disabled = Object.values(filter).every(v => v === '') && order === '' && $('search').value === '';
}

function orderKey(row, order) {
  if (order === 'worst') return -[...Array(runCount).keys()].reduce((sum, run) => sum + (shareOf(row, run) ?? 0), 0);
  let most = -1;
  for (let i = firstSample[row]; i < firstSample[row + 1]; i++) most = Math.max(most, index.samples[order][i] ?? -1);
  return most;
}

// Each run's accuracy on what the filters leave.
function showSubset(rows) {
  const parts = [];
  if (rows.length < rowCount && rows.length > 0) {
    for (let run = 0; run < runCount; run++) {
      let right = 0, n = 0;
      for (const row of rows) {
        if (!isAsked(row, run)) continue;
        n++;
        right += shareOf(row, run) ?? 0;
      }
      if (n === 0) continue;
      const [low, high] = wilson(right, n);
      parts.push(el('span', { class: 'tag muted', title: `${number(right)} of ${number(n)} of these questions right; Wilson's 95 % interval` }, `${runCount > 1 ? index.runs[run].name + ' ' : ''}${percent(right / n)} (${(100 * low).toFixed(0)}\u2013${(100 * high).toFixed(0)})`));
    }
  }
  $('subset').replaceChildren(...parts);
}

let typing = 0;
function searchChanged() {
  clearTimeout(typing);
  typing = setTimeout(() => {
    query.terms = termsOf($('search').value);
    if (query.terms.length === 0) {
      cancelSearch();
      query.hits = null;
      applyFilter();
      refresh();
      return;
    }
    $('count').textContent = 'Searching \u2026';
    search(query.terms, share => { $('count').textContent = `Searching \u2026 ${Math.floor(100 * share)} %`; }, hits => {
      query.hits = hits;
      applyFilter();
      refresh();
    });
  }, 150);
}

function refresh() {
  if (detail.row >= 0) showDetail(detail.row, query.terms);
}

function reset() {
  for (const name of [...filterNames, 'order']) $(name).value = '';
  $('search').value = '';
  cancelSearch();
  query.terms = [];
  query.hits = null;
  applyFilter();
  refresh();
}

function closeDetail() {
  document.body.classList.remove('opened');
  listNode.focus();
}

function remember(row) {
  try {
    history.replaceState(null, '', '#q=' + encodeURIComponent(index.rows.id[row]));
  } catch {
    // A page that may not change its address is still a page.
  }
}

let opening = 0;
list.open = row => {
  cancelAnimationFrame(opening);
  opening = requestAnimationFrame(() => {
    showDetail(row, query.terms);
    remember(row);
  });
};

function step(direction, wanted) {
  for (let place = list.at + direction; place >= 0 && place < list.rows.length; place += direction) {
    if (wanted(list.rows[place])) {
      choose(place);
      return;
    }
  }
}

const anyQuestion = () => true;
const notRight = row => [...Array(runCount).keys()].some(run => isAsked(row, run) && (shareOf(row, run) ?? 0) < 1);
const KEYS = [
  ['j  \u2193', 'next question'], ['k  \u2191', 'previous question'], ['n  p', 'next, previous question that some run did not get right'], ['g  G', 'first, last question'],
  ['Enter', 'go to the question (scroll it with the arrows)'], ['/', 'search'], ['f', 'filter by outcome'], ['o', 'open or close all folded thinking'], ['t', 'light or dark'], ['Esc', 'back: from a question to the list, from the search to no search'], ['?', 'this help'],
];

function fillHelp() {
  $('help-body').append(
    el('dl', { class: 'keys' }, KEYS.map(([keys, what]) => el('div', null, el('dt', null, keys.split('  ').map(k => el('kbd', null, k))), el('dd', null, what)))),
    el('h3', null, 'Words'),
    el('p', null, 'Right: exactly the right options were chosen. No answer: no option could be read from the output; it counts as wrong, as a missing sample does. ' +
      'Of a question with several samples the mark shows how many are right; "right" then asks that all are, "wrong" that one is. ' +
      'Search looks through questions, options, outputs, thinking, messages and traces; a question must have all words. ' +
      'A mark such as U+202E stands for a character that hides or reorders text.'));
}

function openHelp() {
  $('help').showModal();
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function showTheme() {
  $('theme').textContent = isDark() ? 'Light' : 'Dark';
  $('theme').setAttribute('aria-pressed', isDark() ? 'true' : 'false');
}

function toggleTheme() {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem('citrus-report-theme', document.documentElement.dataset.theme);
  } catch {
    // Kept for this visit only.
  }
  showTheme();
}

function toggleThinking() {
  const folds = [...detailNode.querySelectorAll('details.thinking')];
  const open = folds.some(f => !f.open);
  for (const f of folds) f.open = open;
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $('help').open) return;
  const target = event.target;
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  const inDetail = detailNode.contains(target);
  if (event.key === 'Escape') {
    if (target === $('search') && $('search').value !== '') {
      $('search').value = '';
      searchChanged();
    } else if (isField || inDetail || document.body.classList.contains('opened')) {
      closeDetail();
    }
    event.preventDefault();
    return;
  }
  if (target === $('search') && (event.key === 'Enter' || event.key === 'ArrowDown')) {
    listNode.focus();
    if (list.at < 0) choose(0);
    event.preventDefault();
    return;
  }
  if (isField) return;
  const actions = {
    j: () => step(1, anyQuestion), k: () => step(-1, anyQuestion), n: () => step(1, notRight), p: () => step(-1, notRight), g: () => choose(0), G: () => choose(list.rows.length - 1),
    '/': () => { $('search').focus(); $('search').select(); }, f: () => $('outcome').focus(), o: toggleThinking, t: toggleTheme, '?': openHelp,
  };
  if (target === listNode) {
    const page = Math.max(1, Math.floor(listNode.clientHeight / ROW_HEIGHT) - 1);
    Object.assign(actions, {
      ArrowDown: actions.j, ArrowUp: actions.k, Home: actions.g, End: actions.G, PageDown: () => choose(list.at + page), PageUp: () => choose(list.at - page),
      Enter: () => { if (list.at < 0) choose(0); requestAnimationFrame(() => requestAnimationFrame(() => detailNode.focus())); },
    });
  }
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  action();
});

try {
  const theme = localStorage.getItem('citrus-report-theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // The system's choice then.
}

for (const id of ['tools', 'status', 'main']) $(id).hidden = false;
// On a narrow screen the list comes first.
if (innerWidth < 820) $('scores').open = false;
fillFilters();
fillHelp();
showTheme();
$('theme').addEventListener('click', toggleTheme);
$('help-open').addEventListener('click', openHelp);
$('reset').addEventListener('click', reset);
$('search').addEventListener('input', searchChanged);
for (const name of [...filterNames, 'order']) $(name).addEventListener('change', applyFilter);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showTheme);
clearDetail();
applyFilter();
const wanted = location.hash.startsWith('#q=') ? index.rows.id.indexOf(decodeHash(location.hash.slice(3))) : -1;
if (wanted >= 0) choose(wanted);
listNode.focus();
document.documentElement.dataset.ready = 'true';

function decodeHash(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
