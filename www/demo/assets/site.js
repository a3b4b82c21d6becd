/** What every page shares: the basket count in the header, "Add to basket" buttons, the newsletter form. */
import { addToBasket, countItems, readBasket } from './basket.js';
import './chat.js';
import { findKite } from './kites.js';

const count = document.querySelector('[data-basket-count]');

function showCount(lines) {
  const items = countItems(lines);
  count.textContent = items;
  count.hidden = items === 0;
}

showCount(readBasket());
document.addEventListener('basket', (event) => showCount(event.detail));

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add]');
  const kite = button && findKite(button.dataset.add);
  if (!kite) return;
  addToBasket({ sku: kite.sku, name: kite.name, unitPrice: kite.price });
  say(`${kite.name} is in your basket.`);
});

document.querySelector('[data-newsletter]')?.addEventListener('submit', (event) => {
  event.preventDefault();
  event.target.reset();
  say('Thank you. The next forecast comes on Thursday evening.');
});

/** One polite line at the bottom of the page, read out by screen readers. */
function say(text) {
  const line = document.querySelector('[data-say]');
  line.textContent = text;
  line.classList.add('is-shown');
  clearTimeout(say.timer);
  say.timer = setTimeout(() => line.classList.remove('is-shown'), 4000);
}
