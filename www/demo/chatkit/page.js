/** ChatKit with a server of its own, as an application would set it up. */
import './element.js';

const kit = document.querySelector('openai-chatkit');
const dark = matchMedia('(prefers-color-scheme: dark)');

const show = () =>
  kit.setOptions({
    api: { url: '/demo/chatkit', domainKey: 'local' },
    theme: { colorScheme: dark.matches ? 'dark' : 'light' },
    header: { title: { text: 'Ask the loft' } },
    startScreen: {
      greeting: 'Which wind do you have?',
      prompts: [
        { label: 'A light breeze', prompt: 'A light breeze' },
        { label: 'Strong wind at the beach', prompt: 'Strong wind at the beach' },
        { label: 'Where is my order?', prompt: 'Where is my order?' },
        { label: 'Show me a slow answer', prompt: 'Show me a slow answer' },
        { label: 'Show me an error', prompt: 'Show me an error' },
      ],
    },
    composer: { placeholder: 'Ask about wind, kites, orders' },
    threadItemActions: { feedback: true, retry: true },
  });

dark.addEventListener('change', show);
show();
