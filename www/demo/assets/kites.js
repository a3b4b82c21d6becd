/** The kites on sale. Wind is in km/h, measured at head height; price in euros. */
export const kites = [
  { sku: 'moth', name: 'Moth', kind: 'Indoor glider', price: 64, wind: [0, 9], lines: 1 },
  { sku: 'heron', name: 'Heron', kind: 'Light-wind delta', price: 52, wind: [6, 22], lines: 1 },
  { sku: 'brisk', name: 'Brisk', kind: 'Classic diamond', price: 34, wind: [12, 32], lines: 1 },
  { sku: 'whimbrel', name: 'Whimbrel', kind: 'Pocket parafoil', price: 44, wind: [14, 38], lines: 1 },
  { sku: 'rook', name: 'Rook', kind: 'Two-line stunt kite', price: 128, wind: [10, 42], lines: 2 },
  { sku: 'lantern', name: 'Lantern', kind: 'Box kite', price: 86, wind: [20, 46], lines: 1 },
];

const bySku = new Map(kites.map((kite) => [kite.sku, kite]));

export const findKite = (sku) => bySku.get(sku);

export const flies = (kite, wind) => wind >= kite.wind[0] && wind <= kite.wind[1];

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });

export const price = (amount) => euros.format(amount);
