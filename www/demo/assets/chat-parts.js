/** What the assistant shows besides text, as HTML for deep-chat. Nothing in it comes from the visitor. */
import { findKite, price } from './kites.js';

/** Suggestions; deep-chat sends the text of the one that is pressed. */
export const chips = (labels) =>
  `<div class="deep-chat-temporary-message chips">${labels.map((label) => `<button class="deep-chat-button deep-chat-suggestion-button chip">${label}</button>`).join('')}</div>`;

export const cards = (skus) =>
  `<div class="kites">${skus
    .map((sku, index) => {
      const { name, kind, price: cost } = findKite(sku);
      return `<div class="kite"><a class="kite-link" href="/kites/${sku}/" data-kite="${sku}" data-index="${index}"><img src="/art/${sku}.svg" alt="" width="64" height="64"><span><b>${name}</b><br>${kind}</span></a>
        <button class="kite-add" data-kite="${sku}">Add, ${price(cost)}</button></div>`;
    })
    .join('')}</div>`;

export const thumbs = (messageId = '') =>
  `<div class="thumbs" role="group" aria-label="Was this helpful?">${[
    ['feedback.positive', 'Helpful', '👍'],
    ['feedback.negative', 'Not helpful', '👎'],
  ]
    .map(([action, label, sign]) => `<button class="thumb" aria-label="${label}" data-action="${action}" data-message="${messageId}">${sign}</button>`)
    .join('')}</div>`;

export const rating = () =>
  `<div class="stars" role="group" aria-label="Your rating, 1 to 5">${[1, 2, 3, 4, 5].map((score) => `<button class="star" data-score="${score}" aria-label="${score} of 5">★</button>`).join('')}</div>`;

export const retry = (code) => `<button class="try-again" data-code="${code}">Try again</button>`;
