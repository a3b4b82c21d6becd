/** The conversation: a deep-chat element, and what the assistant shows besides text. */
import './deep-chat.js';
import { addToBasket } from './basket.js';
import { LOOK } from './chat-look.js';
import { cards, chips, rating, retry, thumbs } from './chat-parts.js';
import { findKite } from './kites.js';
import { chat } from './tracking.js';

const IDLE = 'answers in a moment';
const TOOLS = { check_wind: 'looks at the wind …', look_up_order: 'looks for your order …' };

export function buildChat(place, setStatus) {
  const element = document.createElement('deep-chat');

  /** Sends the conversation's last message and shows what comes back, as it comes. */
  async function ask(body, signals) {
    const leaving = new AbortController();
    signals.stopClicked.listener = () => leaving.abort();
    const more = [];
    let messageId;
    let failed;
    try {
      const response = await fetch('/demo/chat', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: leaving.signal,
      });
      if (!response.ok) throw new Error(String(response.status));
      signals.onOpen();
      for await (const frame of frames(response.body)) {
        if (frame.type === 'text-delta') await signals.onResponse({ text: frame.delta });
        else if (frame.type === 'trace') {
          messageId = frame.runId;
          chat('trace', frame);
        } else if (frame.type === 'tool-call-start') {
          setStatus(TOOLS[frame.tool] ?? 'looks it up …');
          chat('toolCalled', { toolCallId: frame.toolCallId, toolName: frame.tool });
        } else if (frame.type === 'tool-call-result') {
          setStatus(IDLE);
          chat('toolFinished', { toolCallId: frame.toolCallId });
        } else if (frame.type === 'handoff') {
          setStatus(frame.status === 'requested' ? 'calls somebody …' : frame.status === 'accepted' ? 'Mara is here' : IDLE);
          chat('handoff', frame.status, { reason: 'asked' });
        } else if (frame.type === 'products') more.push(cards(frame.skus));
        else if (frame.type === 'chips') more.push(thumbs(messageId) + chips(frame.chips));
        else if (frame.type === 'rating') more.push(rating());
        else if (frame.type === 'error') failed = frame;
      }
    } catch (error) {
      if (error.name !== 'AbortError') failed = { code: 'network', message: 'The loft cannot be reached. Please try again.' };
    }
    setStatus(IDLE);
    if (failed) {
      await signals.onResponse({ error: failed.message });
      more.push(retry(failed.code));
    }
    signals.onClose();
    for (const html of more) element.addMessage({ role: 'ai', html });
    if (messageId) chat('trackMessageImpression', { messageId, role: 'assistant' });
  }

  const pressed = (act) => ({ events: { click: ({ currentTarget }) => act(currentTarget.dataset, currentTarget) } });
  Object.assign(element, LOOK, {
    connect: { stream: true, handler: ask },
    introMessage: { html: `<p>Hello! Which wind do you have?</p>${chips(['A light breeze', 'Strong wind at the beach', 'Where is my order?', 'Talk to a person'])}` },
    browserStorage: { key: 'lull-and-gust.chat', maxMessages: 40 },
    errorMessages: { displayServiceErrorMessages: true },
    htmlClassUtilities: {
      'kite-link': pressed(({ kite, index }) => chat('productCardClicked', { productIndex: Number(index), productSku: kite })),
      'kite-add': pressed(({ kite }, button) => {
        const { sku, name, price } = findKite(kite);
        addToBasket({ sku, name, unitPrice: price });
        button.textContent = 'In your basket';
        chat('orderSummaryActionClicked', { action: 'add_to_basket' });
      }),
      thumb: pressed(({ action, message }, button) => {
        button.setAttribute('aria-pressed', 'true');
        chat('action', action, { messageId: message || undefined });
      }),
      star: pressed(({ score }, button) => {
        for (const star of button.parentElement.children) star.setAttribute('aria-pressed', String(star.dataset.score <= score));
        chat('submitCSAT', { score: Number(score), maxScore: 5 });
        chat('markResolved', { resolved: Number(score) >= 3 });
      }),
      'try-again': pressed(({ code }) => {
        chat('errorRetryClicked', { errorCode: code });
        element.submitUserMessage({ text: 'Please try again' });
      }),
    },
  });
  // Without a font of its own it asks a server of somebody else's for one.
  element.style.fontFamily = 'inherit';
  place.append(element);
  return new Promise((rendered) => (element.onComponentRender = () => rendered(element)));
}

/** The JSON of each server-sent event. */
async function* frames(body) {
  const decoder = new TextDecoder();
  let rest = '';
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) if (block.startsWith('data:')) yield JSON.parse(block.slice(5));
  }
}
