/**
 * A stand-in for OpenAI's `<openai-chatkit>`, whose script is not on npm and would need an account. It keeps the
 * outside of it: the options and methods of @openai/chatkit 1.9, the events and their order, the protocol of
 * chatkit-python on the wire, a conversation inside of a frame that the page cannot look into. The inside is our own.
 */
import { createFrame } from './frame.js';

const STREAMING = /^threads\.(create|add_user_message|add_client_tool_output|retry_after_item|custom_action)$/;

class IntegrationError extends Error {
  name = 'IntegrationError';
}

class OpenAIChatKit extends HTMLElement {
  #options;
  #frame;
  #loaded = Promise.withResolvers?.() ?? later();
  #thread = null;
  #secret = null;
  #running;
  #pendingTool;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = '<style>:host{display:block;min-height:0}.ck-wrapper,iframe{display:block;width:100%;height:100%;border:0}</style><div class="ck-wrapper"></div>';
  }

  /** Replaces all options, as the real one does. */
  setOptions(options) {
    const { api } = options ?? {};
    if (typeof api?.url !== 'string' && typeof api?.getClientSecret !== 'function') {
      this.#tell('error', { error: new IntegrationError('options.api should have a url, or a getClientSecret') });
      return;
    }
    const isFirst = !this.#options;
    this.#options = options;
    if (isFirst && this.isConnected) this.#load();
    else if (!isFirst) this.#frame?.setOptions(options);
  }

  connectedCallback() {
    if (this.#options && !this.#frame) this.#load();
  }

  disconnectedCallback() {
    this.#running?.abort();
    this.#frame = undefined;
    this.shadowRoot.querySelector('.ck-wrapper').replaceChildren();
  }

  async #load() {
    const iframe = document.createElement('iframe');
    Object.assign(iframe, { className: 'ck-iframe', name: 'chatkit', title: this.#options.frameTitle ?? 'Chat' });
    this.shadowRoot.querySelector('.ck-wrapper').replaceChildren(iframe);
    this.#frame = await createFrame(iframe, this.#options, {
      submit: (text, files) => this.#submit({ content: [{ type: 'input_text', text }] }, files),
      stop: () => this.#running?.abort(),
      feedback: (itemId, kind) => {
        this.#action(`feedback.${kind}`);
        this.#call('items.feedback', { thread_id: this.#thread, item_ids: [itemId], kind }).catch(() => {});
      },
      retry: (itemId) => {
        this.#action('retry');
        this.#stream('threads.retry_after_item', { thread_id: this.#thread, item_id: itemId });
      },
      copy: () => this.#action('copy'),
      act: (action, itemId) => this.sendCustomAction(action, itemId),
      newThread: () => this.setThreadId(null),
      history: (open) => this.#tell(open ? 'history.open' : 'history.close'),
      tool: (toolId) => this.#tell('tool.change', { toolId }),
      link: (name) => this.#tell('deeplink', { name }),
    });
    this.dataset.loaded = 'true';
    this.#loaded.resolve();
    this.dispatchEvent(new CustomEvent('chatkit.ready', { bubbles: true, composed: true }));
    if (this.#options.initialThread) this.setThreadId(this.#options.initialThread);
  }

  /** Every event but `ready` stays at the element: it neither bubbles nor crosses a shadow root. */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`chatkit.${name}`, { detail }));
  }

  #log(name, data) {
    this.dispatchEvent(new CustomEvent('chatkit.log', { detail: { name, data, timestamp: Date.now() } }));
  }

  #action(action) {
    this.#log('message.action', { action });
  }

  async sendUserMessage({ text, content, attachments = [], newThread, toolChoice, model }) {
    await this.#loaded.promise;
    if (newThread) await this.setThreadId(null);
    const options = { tool_choice: toolChoice && { id: toolChoice.id ?? toolChoice }, model };
    await this.#submit({ content: content ?? [{ type: 'input_text', text }], attachments, inference_options: options });
  }

  async setThreadId(threadId) {
    await this.#loaded.promise;
    this.#running?.abort();
    this.#thread = threadId;
    this.#frame.clear();
    this.#tell('thread.change', { threadId });
    if (!threadId) return;
    this.#tell('thread.load.start', { threadId });
    const thread = await this.#call('threads.get_by_id', { thread_id: threadId }).catch(() => undefined);
    for (const item of thread?.items?.data ?? []) this.#frame.item(item, true);
    this.#tell('thread.load.end', { threadId });
  }

  async sendCustomAction(action, itemId) {
    await this.#loaded.promise;
    await this.#stream('threads.custom_action', { thread_id: this.#thread, item_id: itemId, action });
  }

  async focusComposer() {
    await this.#loaded.promise;
    this.#frame.focus();
  }

  async setComposerValue({ text = '' }) {
    await this.#loaded.promise;
    this.#frame.compose(text);
  }

  async showHistory() {
    await this.#loaded.promise;
    this.#frame.history(true);
  }

  async hideHistory() {
    await this.#loaded.promise;
    this.#frame.history(false);
  }

  async fetchUpdates() {
    await this.#loaded.promise;
    if (this.#thread) await this.setThreadId(this.#thread);
  }

  async #submit(input, files = []) {
    this.#log('composer.submit', { text: input.content, attachments: files.map((file) => ({ name: file.name })) });
    this.#frame.item({ id: crypto.randomUUID(), type: 'user_message', content: input.content }, true);
    const attachments = await Promise.all(files.map((file) => this.#upload(file)));
    const params = { input: { attachments: input.attachments ?? [], inference_options: {}, ...input, ...(files.length && { attachments: attachments.filter(Boolean) }) } };
    if (this.#thread) await this.#stream('threads.add_user_message', { ...params, thread_id: this.#thread });
    else await this.#stream('threads.create', params);
  }

  async #upload(file) {
    const { uploadStrategy } = this.#options.api;
    const body = new FormData();
    body.append('file', file);
    const answer = await this.#fetch(uploadStrategy?.uploadUrl ?? this.#options.api.url, { method: 'POST', body }).catch(() => undefined);
    if (!answer?.ok) this.#tell('error', { error: Object.assign(new Error('upload failed'), { name: 'UploadError' }) });
    return answer?.ok ? (await answer.json()).id : undefined;
  }

  /** The page's own API is asked through the page. A hosted one is asked from within the frame, unseen. */
  async #fetch(url, init) {
    const { api } = this.#options;
    if (api.getClientSecret) {
      this.#secret ??= await api.getClientSecret(this.#secret);
      const headers = { ...init.headers, authorization: `Bearer ${this.#secret}` };
      return this.#frame.window.fetch(this.getAttribute('hosted-url') ?? '/hosted', { ...init, headers });
    }
    return (api.fetch ?? window.fetch)(url, init);
  }

  async #call(type, params) {
    const answer = await this.#request(type, params);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }

  #request(type, params, signal) {
    const headers = { 'content-type': 'application/json', 'chatkit-domain-key': this.#options.api.domainKey ?? '' };
    return this.#fetch(this.#options.api.url, { method: 'POST', headers, signal, body: JSON.stringify({ type, params, metadata: {} }) });
  }

  async #stream(type, params) {
    if (!STREAMING.test(type)) throw new TypeError(type);
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.#frame.busy(true);
    let started = false;
    try {
      const answer = await this.#request(type, params, running.signal);
      if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { name: 'HttpError' });
      started = true;
      this.#tell('response.start');
      for await (const event of messages(answer.body)) this.#take(event);
    } catch (error) {
      if (!running.signal.aborted) {
        this.#frame.fail();
        this.#tell('error', { error });
      }
    }
    if (this.#running === running) this.#frame.busy(false);
    if (started) this.#tell('response.end');
    const call = this.#pendingTool;
    this.#pendingTool = undefined;
    if (call && !running.signal.aborted) {
      const result = await this.#options.onClientTool?.({ name: call.name, params: call.arguments ?? {} });
      await this.#stream('threads.add_client_tool_output', { thread_id: this.#thread, result });
    }
  }

  #take(event) {
    switch (event.type) {
      case 'thread.created':
        this.#thread = event.thread.id;
        return this.#tell('thread.change', { threadId: this.#thread });
      case 'thread.item.added':
      case 'thread.item.done':
      case 'thread.item.replaced':
        if (event.item.type === 'client_tool_call' && event.item.status === 'pending') this.#pendingTool = event.item;
        return this.#frame.item(event.item, event.type !== 'thread.item.added');
      case 'thread.item.updated':
        return this.#frame.update(event.item_id, event.update);
      case 'thread.item.removed':
        return this.#frame.remove(event.item_id);
      case 'progress_update':
        return this.#frame.progress(event.text);
      case 'notice':
        return this.#frame.notice(event.message, event.title);
      case 'client_effect':
        return this.#tell('effect', { name: event.name, data: event.data });
      case 'error':
        throw Object.assign(new Error(event.message ?? 'the server reported an error'), { name: 'StreamError', code: event.code });
    }
  }
}

function later() {
  const deferred = {};
  deferred.promise = new Promise((resolve) => (deferred.resolve = resolve));
  return deferred;
}

/** The JSON of each server-sent event. */
async function* messages(body) {
  const decoder = new TextDecoder();
  let rest = '';
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).join('\n');
      if (data && data !== '[DONE]') yield JSON.parse(data);
    }
  }
}

customElements.define('openai-chatkit', OpenAIChatKit);
