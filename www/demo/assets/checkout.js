/** The basket page: change quantities, buy, be thanked. No money moves. */
import { emptyBasket, readBasket, setQuantity, total } from './basket.js';
import { findKite, price } from './kites.js';
import { chat } from './tracking.js';

const root = document.querySelector('[data-basket]');

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function row(line) {
  const change = (by, label) => {
    const button = element('button', { type: 'button', 'aria-label': `${label} ${line.name}` }, by > 0 ? '+' : '−');
    button.addEventListener('click', () => setQuantity(line.sku, line.quantity + by));
    return button;
  };
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, line.name),
    element('td', {}, element('span', { class: 'stepper' }, change(-1, 'One less'), element('b', {}, String(line.quantity)), change(1, 'One more'))),
    element('td', { class: 'num' }, price(line.quantity * line.unitPrice)),
  );
}

function showLines(lines) {
  const buy = element('button', { class: 'btn', type: 'button', 'data-cv-cta': 'buy', 'data-testid': 'buy' }, `Buy for ${price(total(lines))}`);
  buy.addEventListener('click', () => purchase(lines));
  root.replaceChildren(
    element(
      'table',
      { class: 'lines' },
      element('tbody', {}, ...lines.map(row)),
      element('tfoot', {}, element('tr', {}, element('th', { scope: 'row', colspan: '2' }, 'Total'), element('td', { class: 'num' }, price(total(lines))))),
    ),
    buy,
    element('p', { class: 'small' }, 'A demo: nothing is charged and nothing is sent, except an event.'),
  );
}

function showEmpty() {
  root.replaceChildren(
    element('p', { class: 'lead' }, 'Nothing in it yet. Kites are lighter than they look.'),
    element('p', {}, element('a', { class: 'btn', href: '/kites/', 'data-cv-cta': 'basket-to-kites' }, 'See the kites')),
  );
}

function purchase(lines) {
  const orderId = `LG-${Date.now().toString(36).toUpperCase()}`;
  chat('trackPurchase', {
    orderId,
    revenue: total(lines),
    currency: 'EUR',
    paymentMethod: 'demo',
    items: lines.map(({ sku, name, quantity, unitPrice }) => ({
      productId: sku,
      name,
      quantity,
      unitPrice,
      category: findKite(sku)?.kind ?? 'Own design',
    })),
  });
  emptyBasket();
  root.replaceChildren(
    element('h2', { tabindex: '-1' }, 'Thank you, and good wind'),
    element('p', { class: 'lead' }, `Your order is ${orderId}. It will be posted within two days, or would be, if this shop existed.`),
    element('p', {}, element('a', { class: 'btn btn-quiet', href: '/guide/' }, 'Read about the wind meanwhile')),
  );
  root.querySelector('h2').focus();
}

const show = (lines) => (lines.length > 0 ? showLines(lines) : showEmpty());

document.addEventListener('basket', (event) => {
  const pressed = document.activeElement?.getAttribute('aria-label');
  show(event.detail);
  // The rows are new: give the focus back to the button that was pressed, so that it can be pressed again.
  [...root.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === pressed)?.focus();
});
show(readBasket());
