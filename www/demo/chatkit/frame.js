/** The inside of the stand-in: a conversation in a frame of its own. */
const STYLE = new URL('frame.css', import.meta.url).href;

const THUMB = 'M3 11h4v10H3zM7 11l4-8c1.700 1.500 2.300 3 1.600 6H19c1.300 0 2 1 1.700 2.300l-1.700 7.500c-.2 1-1 1.700-2 1.700H7';
const ICONS = {
  'Good answer': THUMB,
  'Bad answer': THUMB,
  Copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  Retry: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  Send: 'M12 20V5M5 12l7-7 7 7',
  Stop: 'M7 7h10v10H7z',
};

const h = (doc, tag, attributes = {}, ...children) => {
  const node = doc.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
};

export async function createFrame(iframe, options, on) {
  iframe.srcdoc = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Chat</title><link rel="stylesheet" href="${STYLE}"><body></body></html>`;
  await new Promise((loaded) => iframe.addEventListener('load', loaded, { once: true }));
  const doc = iframe.contentDocument;
  const el = (...args) => h(doc, ...args);
  const items = new Map();
  let settings = options;

  const log = el('ol', { class: 'log', 'aria-live': 'polite' });
  const start = el('div', { class: 'start' });
  const progress = el('p', { class: 'progress', role: 'status', hidden: true });
  const past = el('aside', { class: 'past', hidden: true }, el('h2', {}, 'Earlier conversations'), el('p', {}, 'This demo keeps none.'));
  const text = el('textarea', { rows: 1, 'aria-label': 'Message', autocomplete: 'off' });
  const icon = (label, attributes) => {
    const node = el('button', { type: 'button', 'aria-label': label, title: label, ...attributes });
    node.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[label]}"/></svg>`;
    return node;
  };
  const send = icon('Send', { class: 'send', type: 'submit' });
  const stop = icon('Stop', { class: 'stop', hidden: true, onclick: () => on.stop() });
  const file = el('input', { type: 'file', 'aria-label': 'Attach a file', hidden: true });
  const tools = el('select', { 'aria-label': 'Tool', hidden: true, onchange: () => on.tool(tools.value || null) });

  const submit = () => {
    const value = text.value.trim();
    if (!value || !stop.hidden) return;
    const files = [...file.files];
    text.value = file.value = '';
    on.submit(value, files);
  };
  const composer = el('form', { class: 'composer', onsubmit: (event) => (event.preventDefault(), submit()) }, text, el('div', { class: 'tools' }, file, tools, el('span'), send, stop));
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  const title = el('strong', {});
  const header = el(
    'header', {}, title, el('span'),
    el('button', { type: 'button', onclick: () => history(past.hidden) }, 'History'),
    el('button', { type: 'button', onclick: () => on.newThread() }, 'New'),
  );
  doc.body.append(header, past, start, log, progress, composer);

  function history(open) {
    past.hidden = !open;
    on.history(open);
  }

  function setOptions(next) {
    settings = next;
    const { theme, startScreen = {}, composer: { placeholder, attachments, tools: choices = [] } = {}, header: { title: heading } = {} } = next;
    doc.documentElement.dataset.scheme = (typeof theme === 'string' ? theme : theme?.colorScheme) ?? 'light';
    title.textContent = heading?.text ?? 'Chat';
    text.placeholder = placeholder ?? 'Message the AI';
    file.hidden = !attachments?.enabled;
    tools.hidden = !choices.length;
    tools.replaceChildren(el('option', { value: '' }, 'No tool'), ...choices.map((tool) => el('option', { value: tool.id }, tool.label)));
    start.replaceChildren(
      el('h1', {}, startScreen.greeting ?? 'What can I help with today?'),
      ...(startScreen.prompts ?? []).map(({ label, prompt }) =>
        el('button', { type: 'button', onclick: () => on.submit(prompt, []) }, label),
      ),
    );
  }

  const put = (id, node) => {
    start.hidden = true;
    const old = items.get(id);
    if (old) old.replaceWith(node);
    else log.append(node);
    items.set(id, node);
    node.scrollIntoView({ block: 'end' });
    return node;
  };
  const button = (label, onclick) => icon(label, { onclick });

  function item(data, isDone) {
    const { id, type, content = [] } = data;
    if (type === 'user_message') return void put(id, el('li', { class: 'user' }, content.map((part) => part.text).join('\n')));
    if (type === 'assistant_message') {
      progress.hidden = true;
      const node = items.get(id) ?? put(id, el('li', { class: 'assistant' }, el('p', { class: 'text' })));
      if (isDone) {
        node.querySelector('.text').textContent = content.map((part) => part.text).join('\n');
        const { feedback, retry } = settings.threadItemActions ?? {};
        node.append(
          el(
            'div', { class: 'actions' }, button('Copy', () => on.copy(id)),
            feedback && button('Good answer', (event) => (event.currentTarget.setAttribute('aria-pressed', 'true'), on.feedback(id, 'positive'))),
            feedback && button('Bad answer', (event) => (event.currentTarget.setAttribute('aria-pressed', 'true'), on.feedback(id, 'negative'))),
            retry && button('Retry', () => on.retry(id)),
          ),
        );
      }
      return;
    }
    if (type === 'workflow') return void put(id, el('li', { class: 'tasks' }, ...(data.workflow?.tasks ?? []).map(task)));
    if (type === 'widget') return void put(id, el('li', { class: 'widget' }, widget(data.widget, id)));
    if (type === 'client_tool_call') put(id, el('li', { class: 'tasks' }, el('p', { 'data-done': isDone && data.status !== 'pending' }, `Looking at this page: ${data.name}`)));
  }

  const task = (one) => el('p', { 'data-done': one.status_indicator === 'complete' }, one.title ?? one.content ?? one.type);

  /** Of ChatKit's widgets, those the demo uses. */
  function widget(node, id) {
    const children = (node.children ?? []).map((child) => widget(child, id));
    if (node.type === 'Title') return el('h3', {}, node.value);
    if (node.type === 'Text' || node.type === 'Caption') return el('p', { class: node.type.toLowerCase() }, node.value);
    if (node.type === 'Image') return el('img', { src: node.src, alt: node.alt ?? '' });
    if (node.type === 'Button') return el('button', { type: 'button', class: 'act', onclick: () => on.act(node.onClickAction, id) }, node.label);
    return el('div', { class: { Row: 'row', ListView: 'list' }[node.type] ?? 'card' }, ...children);
  }

  function update(id, change) {
    const node = items.get(id);
    if (!node) return;
    const words = node.querySelector('.text');
    if (change.type === 'assistant_message.content_part.text_delta') words.append(change.delta);
    else if (change.type === 'assistant_message.content_part.added') words.append(change.content?.text ?? '');
    else if (change.type === 'workflow.task.added') node.append(task(change.task));
    else if (change.type === 'workflow.task.updated') node.children[change.task_index]?.replaceWith(task(change.task));
    node.scrollIntoView({ block: 'end' });
  }

  setOptions(options);
  return {
    window: iframe.contentWindow,
    setOptions,
    item,
    update,
    remove: (id) => (items.get(id)?.remove(), items.delete(id)),
    progress: (words) => ((progress.hidden = false), (progress.textContent = words)),
    notice: (message, heading) => log.append(el('li', { class: 'notice' }, heading ? `${heading}: ${message}` : message)),
    fail: () => log.append(el('li', { class: 'notice is-error', role: 'alert' }, 'Something went wrong. Please try again.')),
    busy(isBusy) {
      stop.hidden = !isBusy;
      send.hidden = isBusy;
      doc.body.classList.toggle('is-busy', isBusy);
      if (!isBusy) progress.hidden = true;
    },
    clear() {
      items.clear();
      log.replaceChildren();
      start.hidden = false;
    },
    focus: () => text.focus(),
    compose: (value) => (text.value = value),
    history,
  };
}
