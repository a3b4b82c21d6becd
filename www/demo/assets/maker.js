/**
 * The kite maker: a single-page part of the site. Each step is a route of the History API,
 * so going through it gives page views without page loads, and the back button works.
 */
import { addToBasket } from './basket.js';
import { price } from './kites.js';
import { COLOURS, SHAPES, TAILS, drawKite, isDesign, priceOf } from './kite-design.js';
import { track } from './tracking.js';

const steps = [
  { path: '/app/', label: 'Shape', title: 'Which shape?', show: showShape },
  { path: '/app/colours', label: 'Colours', title: 'Which colours?', show: showColours },
  { path: '/app/tail', label: 'Tail', title: 'What trails behind?', show: showTail },
  { path: '/app/order', label: 'Order', title: 'This one?', show: showOrder },
];

const KEY = 'lull-and-gust.design';
const design = restore();

const preview = document.querySelector('[data-preview]');
const panel = document.querySelector('[data-panel]');
const nav = document.querySelector('[data-steps]');

function restore() {
  const fresh = { shape: 'diamond', left: 'red', right: 'yellow', accent: 'teal', tail: 'bows' };
  try {
    const kept = { ...fresh, ...JSON.parse(sessionStorage.getItem(KEY)) };
    return isDesign(kept) ? kept : fresh;
  } catch {
    return fresh;
  }
}

function choose(field, value) {
  design[field] = value;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(design));
  } catch {
    // storage switched off: the design lasts until the page is left
  }
  drawKite(preview, design);
}

/** `/app`, `/app/` and `/app/index.html` are the first step; an unknown route is, too. */
function currentStep() {
  const path = location.pathname.replace(/\/(index\.html)?$/, '');
  return steps.find((step) => step.path.replace(/\/$/, '') === path) ?? steps[0];
}

function go(path) {
  if (path !== location.pathname) history.pushState(null, '', path);
  show({ moveFocus: true });
}

function show({ moveFocus }) {
  const step = currentStep();
  document.title = `${step.label}, kite maker: Lull & Gust`;
  nav.innerHTML = steps
    .map((each, i) => `<a href="${each.path}"${each === step ? ' aria-current="step"' : ''}>${i + 1}. ${each.label}</a>`)
    .join('');
  panel.innerHTML = `<h2 id="step-title">${step.title}</h2>`;
  step.show(panel);
  const next = steps[steps.indexOf(step) + 1];
  if (next) panel.insertAdjacentHTML('beforeend', `<p><a class="btn" href="${next.path}" data-cv-cta="maker-next">Next: ${next.label.toLowerCase()}</a></p>`);
  drawKite(preview, design);
  if (moveFocus) panel.focus({ preventScroll: true });
}

/** A group of radio buttons, one for each of `options`, that sets one field of the design. */
function radios(field, options, legend, draw) {
  const group = document.createElement('fieldset');
  group.className = 'panel-row';
  group.innerHTML = `<legend>${legend}</legend>` + draw(Object.entries(options), field);
  // Set from here and not in the markup: a style attribute would need a hole in the page's content security policy.
  for (const swatch of group.querySelectorAll('.swatch')) swatch.style.background = options[swatch.dataset.colour].hex;
  group.addEventListener('change', (event) => choose(field, event.target.value));
  panel.append(group);
}

const input = (field, id) => `<input type="radio" name="${field}" value="${id}"${design[field] === id ? ' checked' : ''}>`;

const asCards = (options, field) =>
  `<div class="choices">${options
    .map(([id, { name, note }]) => `<label class="choice">${input(field, id)} ${name}<small>${note}</small></label>`)
    .join('')}</div>`;

const asSwatches = (options, field) =>
  `<div class="swatches">${options
    .map(([id, { name }]) => `<label class="swatch" data-colour="${id}" title="${name}">${input(field, id).replace('>', ` aria-label="${name}">`)}</label>`)
    .join('')}</div>`;

function showShape() {
  radios('shape', SHAPES, 'Each one wants a different wind.', asCards);
}

function showColours() {
  radios('left', COLOURS, 'Left panels', asSwatches);
  radios('right', COLOURS, 'Right panels', asSwatches);
  radios('accent', COLOURS, 'Keel and tail', asSwatches);
}

function showTail() {
  radios('tail', TAILS, 'More tail is more calm, and a little less climb.', asCards);
}

function showOrder() {
  const shape = SHAPES[design.shape];
  const cost = priceOf(design);
  panel.insertAdjacentHTML(
    'beforeend',
    `<p class="lead">A ${shape.name.toLowerCase()} in ${COLOURS[design.left].name.toLowerCase()} and ${COLOURS[design.right].name.toLowerCase()}, ${TAILS[design.tail].phrase}. Sewn by Kofi, posted in a week.</p>
     <p class="buy"><b class="price">${price(cost)}</b>
       <button class="btn" type="button" data-cv-cta="order-design">Put it in the basket</button></p>
     <p data-done role="status"></p>`,
  );
  panel.querySelector('button').addEventListener('click', () => {
    const sku = ['own', design.shape, design.left, design.right, design.accent, design.tail].join('-');
    addToBasket({ sku, name: `Your own ${shape.name.toLowerCase()}`, unitPrice: cost });
    track('kite_designed', { ...design, price: cost });
    panel.querySelector('[data-done]').innerHTML = 'It is in your basket. <a href="/basket/">Go to the basket</a>';
  });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-steps] a, [data-panel] a[href^="/app/"]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain) return;
  event.preventDefault();
  go(link.pathname);
});
window.addEventListener('popstate', () => show({ moveFocus: false }));
show({ moveFocus: false });
