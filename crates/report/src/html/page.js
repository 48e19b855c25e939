(() => {
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const root = document.documentElement;
  root.classList.add('js');

  // Theme: the page follows the system until the reader says otherwise.
  one('#theme').onclick = () => {
    const dark = getComputedStyle(root).getPropertyValue('--dark').trim() === '1';
    root.dataset.theme = dark ? 'light' : 'dark';
  };

  // The table twin is the data. A cell of text that a spreadsheet would run as a formula gets an apostrophe.
  const cell = text => {
    const plain = text.replace(/\s+/g, ' ').trim();
    const number = /^[+\-−]?[\d,.]+%?$/.test(plain);
    const safe = !number && /^[=+\-@]/.test(plain) ? "'" + plain : plain;
    return '"' + safe.replace(/"/g, '""') + '"';
  };
  all('[data-csv]').forEach(button => {
    button.onclick = () => {
      const rows = all('tr', document.getElementById(button.dataset.csv));
      const csv = rows.map(row => all('th,td', row).map(c => cell(c.textContent)).join(',')).join('\r\n');
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['\ufeff' + csv + '\r\n'], { type: 'text/csv' }));
      link.download = 'counterpart-' + button.dataset.csv + '.csv';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
  });

  // Claims by result.
  all('[name=ck]').forEach(input => {
    input.onchange = () => {
      let shown = 0;
      all('.cl').forEach(claim => {
        claim.hidden = input.value !== '*' && claim.dataset.k !== input.value;
        shown += !claim.hidden;
      });
      all('.cg').forEach(group => { group.hidden = all('.cl', group).every(claim => claim.hidden); });
      one('#shown').textContent = shown + ' shown';
    };
  });

  // An address opens what it names.
  const open = () => {
    let target;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === 'DETAILS') node.open = true;
      node.hidden = false;
    }
    target.scrollIntoView({ block: 'start' });
  };
  addEventListener('hashchange', open);
  if (location.hash) open();
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) open();
  });

  // A provider brings its arcs forward.
  all('text[data-p]').forEach(name => {
    const show = on => all('.arc', name.closest('svg')).forEach(arc => {
      arc.classList.toggle('hot', on && arc.dataset.p === name.dataset.p);
      arc.classList.toggle('dim', on && arc.dataset.p !== name.dataset.p);
    });
    name.onpointerenter = () => show(true);
    name.onpointerleave = () => show(false);
  });

  // The index knows where the reader is.
  const links = all('nav a');
  const watch = new IntersectionObserver(entries => entries.forEach(entry => {
    if (!entry.isIntersecting) return;
    links.forEach(link => {
      if (link.hash === '#' + entry.target.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
  }), { rootMargin: '-20% 0px -70% 0px' });
  all('main > section').forEach(section => watch.observe(section));

  // Paper shows claims one line each.
  addEventListener('beforeprint', () => all('details').forEach(item => { item.open = false; }));
})();
