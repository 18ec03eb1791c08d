// How an expert thought: a line of steps with their verdicts, or a tree with every branch.

const MOST_STEPS = 150;

function traceNode(trace, verdict, terms) {
  const node = el('div', { class: 'trace' });
  const facts = [['Pathway', trace.pathway], ['Answer', trace.answerLabel ? `${trace.answerLabel}. ${trace.answerText ?? ''}` : trace.answerText ?? 'none'], ['Calls', number(trace.calls ?? 0)]];
  if (trace.repaired) facts.push(['Repaired replies', number(trace.repaired)]);
  if (trace.retried) facts.push(['Asked again', number(trace.retried)]);
  if (trace.unusable) facts.push(['Unusable', trace.unusable]);
  if (trace.fault) facts.push(['Fault', trace.fault]);
  if (verdict) {
    facts.push(['Verified', verdict.kept ? 'kept' : 'not kept: ' + verdict.reason]);
    if (verdict.by) facts.push(['Decided by', verdict.by === 'checker' ? 'the answer checker' : 'the same ' + verdict.by]);
  }
  node.append(factList(facts));
  if (verdict && verdict.said) node.append(fold('What the checker said', () => textBlock(verdict.said, terms)));
  const isTree = trace.steps.some(s => s.node !== undefined);
  node.append(isTree ? treeNode(trace.steps, terms) : lineNode(trace.steps, terms));
  if (isTree) node.append(fold(`All ${number(trace.steps.length)} steps in the order they were said`, () => lineNode(trace.steps, terms)));
  return node;
}

function factList(facts) {
  const node = el('dl', { class: 'factlist' });
  for (const [name, value] of facts) node.append(el('div', null, el('dt', null, name), el('dd', null, value)));
  return node;
}

const ROLE = { 'reasoning-expert': 'reasoning expert', 'reflection-expert': 'reflection expert', 'sufficiency-judge': 'sufficiency judge' };

function stepNode(step, terms, tag = 'li') {
  const isVerdict = step.kind === 'Reflection';
  const says = isVerdict && step.text === '1' ? (step.role === 'sufficiency-judge' ? '\u2713 enough to answer' : '\u2713 accepted') : isVerdict && step.text === '0' ? (step.role === 'sufficiency-judge' ? '\u2717 not enough yet' : '\u2717 rejected') : null;
  const about = [];
  if (step.tokensIn || step.tokensOut) about.push(`${number(step.tokensIn ?? 0)} + ${number(step.tokensOut ?? 0)} tokens`);
  if (step.latency !== undefined) about.push(duration(step.latency));
  if (step.cost) about.push('$' + step.cost.toPrecision(2));
  if (step.expert) about.push(step.expert);
  const head = el('p', { class: 'step-head' },
    el('span', { class: 'kind' }, step.kind),
    step.node !== undefined && el('span', { class: 'muted' }, 'node ' + step.node),
    step.score !== undefined && el('span', { class: 'score', title: "the reflection expert's score, 0 to 100" }, 'score ' + step.score),
    says && el('span', { class: 'says ' + (step.text === '1' ? 'right' : 'wrong') }, says),
    !isVerdict && (step.accepted ? el('span', { class: 'tag right' }, '\u2713 stands') : el('span', { class: 'tag wrong' }, step.node !== undefined ? 'not followed' : '\u2717 rejected')),
    step.answer && el('span', { class: 'tag' }, 'answer ' + step.answer),
    el('span', { class: 'muted end' }, [ROLE[step.role] ?? step.role, ...about].join(' \u00b7 ')));
  const node = el(tag, { class: `step ${isVerdict ? 'verdict' : step.accepted ? 'stands' : 'rejected'}` }, head);
  if (!says) node.append(textBlock(step.text, terms));
  if (step.feedback) node.append(el('div', { class: 'feedback' }, el('span', { class: 'muted' }, 'Reflection: '), textBlock(step.feedback, terms)));
  if (step.reasoning) node.append(fold(`Thinking behind it (${size(step.reasoning.length)})`, () => textBlock(step.reasoning, terms)));
  return node;
}

// Appends what make gives for each item: the first ones at once, the rest on demand in their place.
function appendSome(node, items, make) {
  node.append(...items.slice(0, MOST_STEPS).map(make));
  if (items.length <= MOST_STEPS) return;
  const rest = items.slice(MOST_STEPS);
  const next = () => {
    const part = document.createDocumentFragment();
    appendSome(part, rest, make);
    more.replaceWith(part);
  };
  const more = el('li', { class: 'step' }, el('button', { type: 'button', class: 'more', onclick: next }, `Show ${number(Math.min(MOST_STEPS, rest.length))} of ${number(rest.length)} more`));
  node.append(more);
}

function lineNode(steps, terms) {
  const node = el('ol', { class: 'steps' });
  appendSome(node, steps, step => stepNode(step, terms));
  return node;
}

// The path that was followed goes straight down; a branch that was not hangs at its fork, folded where it is long.
function treeNode(steps, terms) {
  const nodes = steps.filter(s => s.node !== undefined);
  const known = new Set(nodes.map(s => s.node));
  const children = new Map();
  for (const step of nodes) {
    // A parent that comes later or is not there would make a circle or lose the step: it hangs at the question then.
    const parent = step.parent > 0 && step.parent < step.node && known.has(step.parent) ? step.parent : 0;
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(step);
  }
  const path = new Set(nodes.filter(s => s.accepted).map(s => s.node));
  const root = el('ol', { class: 'tree', 'aria-label': 'Tree of steps' });
  const branch = (parent, into, depth) => {
    let at = parent, count = 0;
    while (at !== null) {
      const own = children.get(at) ?? [];
      const next = own.find(s => path.has(s.node)) ?? (own.length === 1 ? own[0] : null);
      appendSome(into, own.filter(s => s !== next), step => {
        const item = el('li', { class: 'fork' }, stepNode(step, terms, 'div'));
        const after = children.get(step.node);
        if (after) item.append(fold(`What followed (${number(after.length)} ${after.length === 1 ? 'step' : 'steps'})`, () => { const inner = el('ol', { class: 'tree' }); branch(step.node, inner, depth + 1); return inner; }, depth < 2));
        return item;
      });
      if (next === null) return;
      into.append(stepNode(next, terms));
      at = next.node;
      if (++count >= MOST_STEPS && children.has(at)) {
        const from = at;
        const more = el('li', { class: 'step' }, el('button', { type: 'button', class: 'more', onclick: () => { more.remove(); branch(from, into, depth); } }, 'Show what follows'));
        into.append(more);
        return;
      }
    }
  };
  branch(0, root, 0);
  return root;
}
