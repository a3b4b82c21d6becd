/**
 * The ChatVitals call queue: calls made before the script arrives are kept with their own time.
 * The script tag alone measures the page; this is only for what a page wants to add by hand.
 */
window.chatvitals =
  window.chatvitals ||
  function () {
    (window.chatvitals.q = window.chatvitals.q || []).push([Date.now(), ...arguments]);
  };

export const track = (name, properties) => window.chatvitals('track', name, properties);

/** What only the page knows about its chat; its turns are recognised without us. */
export const chat = (method, ...details) => window.chatvitals('chat', method, ...details);
