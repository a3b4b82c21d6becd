/** What the assistant shows besides text, as HTML for deep-chat. Nothing in it comes from the visitor. */
import { findKite, price } from './kites.js';

/** Pointing up; the second one is turned. */
const THUMB = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 11h4v10H3zM7 11l4-8c1.700 1.500 2.300 3 1.600 6H19c1.300 0 2 1 1.700 2.300l-1.700 7.500c-.2 1-1 1.700-2 1.700H7"/></svg>';

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
    ['feedback.positive', 'Helpful'],
    ['feedback.negative', 'Not helpful'],
  ]
    .map(([action, label]) => `<button class="thumb" aria-label="${label}" data-action="${action}" data-message="${messageId}">${THUMB}</button>`)
    .join('')}</div>`;

export const rating = () =>
  `<div class="stars" role="group" aria-label="Your rating, 1 to 5">${[1, 2, 3, 4, 5].map((score) => `<button class="star" data-score="${score}" aria-label="${score} of 5">★</button>`).join('')}</div>`;

export const retry = (code) => `<button class="try-again" data-code="${code}">Try again</button>`;
