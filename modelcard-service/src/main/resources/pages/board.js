// Fetches the part of the page that shows runs again whenever something happened.
(() => {
  const live = document.getElementById('live');
  const state = document.getElementById('state');
  const stream = new EventSource('/board/stream');
  let busy = false;
  let again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname + '?part=live');
      if (answer.ok) live.innerHTML = await answer.text();
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };
  stream.addEventListener('changed', refresh);
  stream.onopen = () => { state.textContent = 'live'; refresh(); };
  stream.onerror = () => { state.textContent = 'connection lost, trying again'; };
})();
