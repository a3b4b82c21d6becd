/** What can be chosen in the kite maker, what it costs, and how it looks. */
export const COLOURS = {
  red: { name: 'Red', hex: '#e0314b' },
  orange: { name: 'Orange', hex: '#ff8a1f' },
  yellow: { name: 'Yellow', hex: '#ffc83d' },
  teal: { name: 'Teal', hex: '#12a594' },
  blue: { name: 'Blue', hex: '#1f6feb' },
  violet: { name: 'Violet', hex: '#7b4dff' },
  pink: { name: 'Pink', hex: '#f29bb7' },
  white: { name: 'White', hex: '#f6f3ea' },
};

export const SHAPES = {
  diamond: { name: 'Diamond', note: '12 to 32 km/h, €48', cost: 48 },
  delta: { name: 'Delta', note: '6 to 22 km/h, €68', cost: 68 },
  hexagon: { name: 'Hexagon', note: '14 to 36 km/h, €58', cost: 58 },
};

export const TAILS = {
  none: { name: 'No tail', note: 'For smooth sea wind', cost: 0, phrase: 'without a tail' },
  bows: { name: 'Bows', note: '4 m, €8', cost: 8, phrase: 'with a tail of bows' },
  ribbons: { name: 'Two ribbons', note: '6 m each, €12', cost: 12, phrase: 'with two long ribbons' },
};

export const priceOf = ({ shape, tail }) => SHAPES[shape].cost + TAILS[tail].cost;

/** Whether every choice is one we offer: a design from storage may be from an older version of this page. */
export const isDesign = ({ shape, left, right, accent, tail }) =>
  Object.hasOwn(SHAPES, shape) && Object.hasOwn(TAILS, tail) && [left, right, accent].every((colour) => Object.hasOwn(COLOURS, colour));

/** Left panel, right panel, keel, in a box of 240 × 340 with the nose at (120, 30). */
const PANELS = {
  diamond: ['M120 30 30 110l90 130z', 'M120 30l90 80-90 130z', 'M120 110l14 70-14 60-14-60z'],
  delta: ['M120 40 10 190q34-14 60 0 26-12 50 8z', 'M120 40l110 150q-34-14-60 0-26-12-50 8z', 'M120 96l16 84-16 26-16-26z'],
  hexagon: ['M120 40 36 88v96l84 48z', 'M120 40l84 48v96l-84 48z', 'M120 96l38 40-38 40-38-40z'],
};

const TAIL_PATHS = {
  none: '',
  bows: `<path d="M120 230c-20 26 22 36 2 66-6 10-6 18-2 30" fill="none" stroke="var(--string)" stroke-width="2.5"/>
    <path d="m118 258-17-9v17zm0 0 17-9v17zM124 292l-17-9v17zm0 0 17-9v17zM119 322l-17-9v17zm0 0 17-9v17z"/>`,
  ribbons: `<path d="M96 196c-14 40 16 60-4 132" fill="none" stroke="currentColor" stroke-width="7" stroke-linecap="round"/>
    <path d="M144 196c14 40-16 60 4 132" fill="none" stroke="currentColor" stroke-width="7" stroke-linecap="round"/>`,
};

export function drawKite(svg, design) {
  const [left, right, keel] = PANELS[design.shape];
  const hex = (field) => COLOURS[design[field]].hex;
  svg.setAttribute('aria-label', `Your kite: ${SHAPES[design.shape].name.toLowerCase()}, ${design.left} and ${design.right}, ${TAILS[design.tail].phrase}`);
  svg.innerHTML = `
    <g fill="${hex('accent')}" color="${hex('accent')}">${TAIL_PATHS[design.tail]}</g>
    <path d="${left}" fill="${hex('left')}"/><path d="${right}" fill="${hex('right')}"/>
    <path d="${keel}" fill="${hex('accent')}"/>`;
}
