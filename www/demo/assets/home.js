/** The sky on the home page: move the wind, and the kites that like it go up. */
import { flies, kites } from './kites.js';
import { track } from './tracking.js';

const BEAUFORT = [
  [1, 'Calm.', 'Smoke rises straight up.'],
  [5, 'Light air.', 'Smoke drifts, weather vanes do not care.'],
  [11, 'Light breeze.', 'Leaves rustle, you feel it on your face.'],
  [19, 'Gentle breeze.', 'Leaves keep moving, a light flag lifts.'],
  [28, 'Moderate breeze.', 'Dust and paper fly, small branches move.'],
  [38, 'Fresh breeze.', 'Small trees sway, there are crests on the pond.'],
  [49, 'Strong breeze.', 'Large branches move, umbrellas give up.'],
  [Infinity, 'Near gale.', 'Whole trees move. Stay and watch.'],
];

/** How much of the sky each kite takes, so that neighbours do not overlap. */
const REACH = [0.52, 0.84, 0.62, 0.9, 0.58, 0.8];

const slider = document.querySelector('#wind');
const scene = document.querySelector('[data-scene]');
const at = (name) => document.querySelector(`[data-${name}]`);

const flyers = kites.map((kite, n) => {
  const flyer = document.createElement('div');
  flyer.className = 'flyer';
  flyer.style.setProperty('--n', n);
  flyer.style.setProperty('--size', `clamp(4rem, ${8 + (n % 3) * 1.5}vw, 9rem)`);
  flyer.innerHTML = `<i class="flyer-line"></i><div class="flyer-kite"><img src="/art/${kite.sku}.svg" alt="" width="200" height="200"></div>`;
  scene.append(flyer);
  return { kite, flyer, reach: REACH[n] };
});

function show(wind) {
  const [, name, sign] = BEAUFORT.find(([upTo]) => wind <= upTo);
  at('wind-speed').textContent = wind;
  at('wind-name').textContent = name;
  at('wind-sign').textContent = sign;
  for (const { kite, flyer, reach } of flyers) {
    const up = flies(kite, wind);
    flyer.classList.toggle('is-up', up);
    flyer.style.setProperty('--up', up ? reach : 0.04);
    flyer.style.setProperty('--lean', up ? `${4 + wind / 6}deg` : '0deg');
  }
  listFlying(kites.filter((kite) => flies(kite, wind)));
}

function listFlying(up) {
  const list = at('flying');
  if (up.length === 0) return void (list.textContent = 'nothing. A fine day for mending.');
  list.replaceChildren(
    ...up.flatMap((kite, i) => {
      const link = Object.assign(document.createElement('a'), { href: `/kites/${kite.sku}/`, textContent: kite.name });
      return i === 0 ? [link] : [i === up.length - 1 ? ' and ' : ', ', link];
    }),
  );
}

slider.addEventListener('input', () => show(slider.valueAsNumber));
// `change` fires once, when the slider is let go: the wind somebody really has.
slider.addEventListener('change', () => track('wind_chosen', { kmPerHour: slider.valueAsNumber }));
show(slider.valueAsNumber);
