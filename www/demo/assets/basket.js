/** What the visitor means to buy, kept in this browser until it is bought. */
const KEY = 'lull-and-gust.basket';

/** A line is {sku, name, unitPrice, quantity}: sku also names a design from the kite maker. */
export function readBasket() {
  try {
    const lines = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(lines) ? lines : [];
  } catch {
    return []; // storage switched off or hand-edited: an empty basket is the honest answer
  }
}

function write(lines) {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    // storage switched off: the basket lasts as long as the page
  }
  document.dispatchEvent(new CustomEvent('basket', { detail: lines }));
}

export function addToBasket({ sku, name, unitPrice }) {
  const lines = readBasket();
  const known = lines.find((line) => line.sku === sku);
  if (known) known.quantity += 1;
  else lines.push({ sku, name, unitPrice, quantity: 1 });
  write(lines);
}

export function setQuantity(sku, quantity) {
  write(
    readBasket()
      .map((line) => (line.sku === sku ? { ...line, quantity } : line))
      .filter((line) => line.quantity > 0),
  );
}

export const emptyBasket = () => write([]);

export const countItems = (lines) => lines.reduce((sum, line) => sum + line.quantity, 0);

export const total = (lines) => lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);
