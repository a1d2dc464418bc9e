// Puts in place what changed, whenever something happened. What did not change keeps its state.
(() => {
  const pulse = document.getElementById('pulse');
  const text = document.getElementById('pulse-text');
  const parts = root => [...root.querySelectorAll('[data-live]')];
  const known = new Map(parts(document).map(part => [part.id, part.innerHTML]));
  let busy = false;
  let again = false;

  const say = (state, words) => {
    pulse.dataset.state = state;
    text.textContent = words;
  };

  const replace = fresh => {
    const part = document.getElementById(fresh.id);
    if (!part || known.get(fresh.id) === fresh.innerHTML) return;
    known.set(fresh.id, fresh.innerHTML);
    const open = [...part.querySelectorAll('details')].map(details => details.open);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const link = focused && focused.getAttribute('href');
    part.replaceChildren(...fresh.cloneNode(true).childNodes);
    part.querySelectorAll('details').forEach((details, i) => { if (open[i]) details.open = true; });
    if (link) [...part.querySelectorAll('a')].find(a => a.getAttribute('href') === link)?.focus();
    document.dispatchEvent(new CustomEvent('replaced', {detail: part}));
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (document.querySelector('[data-reload]')) {
        if (answer.ok && !page.querySelector('[data-reload]')) location.replace(location.pathname);
      } else if (answer.ok) {
        parts(page).forEach(replace);
      }
    } catch {
      // The stream says that the connection is lost, and refreshes when it is back.
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };

  const stream = new EventSource('/board/stream');
  stream.addEventListener('changed', refresh);
  stream.onopen = () => { say('live', 'live'); refresh(); };
  stream.onerror = () => say('lost', 'connection lost');
})();
