/** "Ask the loft": a button in the corner that opens a chat. The chat itself is loaded when it is first opened. */
import { chat } from './tracking.js';

const dock = document.querySelector('#chat');
const KEY = 'lull-and-gust.chat-open';

const launcher = document.createElement('button');
launcher.className = 'btn chat-open';
launcher.textContent = 'Ask the loft';
launcher.setAttribute('aria-expanded', 'false');

const panel = document.createElement('section');
panel.className = 'chat-panel';
panel.hidden = true;
panel.setAttribute('aria-label', 'Chat with the loft');
panel.innerHTML = `<header><div><strong>The loft</strong> <span data-chat-status role="status">answers in a moment</span></div>
  <button type="button" class="chat-close" aria-label="Close the chat">×</button></header><div class="chat-body"></div>`;

let built;

async function setOpen(open, { quiet = false } = {}) {
  panel.hidden = !open;
  launcher.hidden = open;
  launcher.setAttribute('aria-expanded', String(open));
  try {
    sessionStorage.setItem(KEY, open ? '1' : '');
  } catch {
    // storage switched off: it opens anew on every page
  }
  if (open) {
    const status = panel.querySelector('[data-chat-status]');
    built ??= import('./chat-panel.js').then(({ buildChat }) => buildChat(panel.querySelector('.chat-body'), (text) => (status.textContent = text)));
    const element = await built;
    if (!quiet) {
      chat('opened');
      element.focusInput();
    }
  } else {
    chat('closed');
    launcher.focus();
  }
}

launcher.addEventListener('click', () => setOpen(true));
panel.querySelector('.chat-close').addEventListener('click', () => setOpen(false));
panel.addEventListener('keydown', (event) => event.key === 'Escape' && setOpen(false));
// "Ask about this kite" and the like, anywhere on the page.
document.addEventListener('click', (event) => event.target.closest('[data-open-chat]') && setOpen(true));

if (dock) {
  dock.append(panel, launcher);
  dock.hidden = false;
  let wasOpen = false;
  try {
    wasOpen = sessionStorage.getItem(KEY) === '1' && matchMedia('(min-width: 44rem)').matches;
  } catch {
    // storage switched off
  }
  if (wasOpen) void setOpen(true, { quiet: true });
}
