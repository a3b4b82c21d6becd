/** Filters and sorts the list that is already in the page. */
import { findKite, flies } from './kites.js';
import { track } from './tracking.js';

const form = document.querySelector('[data-filters]');
const list = document.querySelector('[data-kites]');
const result = document.querySelector('[data-result]');

const ORDER = {
  wind: (a, b) => a.wind[0] - b.wind[0],
  price: (a, b) => a.price - b.price,
  name: (a, b) => a.name.localeCompare(b.name),
};

const cards = [...list.children].map((card) => ({ card, kite: findKite(card.dataset.kite) }));

function apply() {
  const { wind, sort } = Object.fromEntries(new FormData(form));
  for (const { card, kite } of cards) card.hidden = wind !== '' && !flies(kite, Number(wind));
  cards.sort((a, b) => ORDER[sort](a.kite, b.kite));
  list.append(...cards.map(({ card }) => card));
  const shown = cards.filter(({ card }) => !card.hidden).length;
  result.textContent = `${shown} ${shown === 1 ? 'kite' : 'kites'}`;
  return { wind: wind || 'any', sort, shown };
}

form.addEventListener('change', () => track('kites_filtered', apply()));
apply(); // the browser may have restored a choice from an earlier visit
