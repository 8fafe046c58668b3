// Draws the figures of the page, which hold names of colours, in the colours of its theme; again when the theme changes, and in light
// colours at the size of the paper before it is printed.
(function () {
  'use strict';

  // Okabe and Ito's colours, lighter ones of the same order on dark paper.
  const themes = {
    light: {
      ink: '#1b1f24', rule: '#dfe3e8', paper: '#ffffff', data: '#1b1f24', guide: '#5a6470', background: '#0072b2',
      'background-area': 'rgba(0,114,178,0.22)', 'background-error': 'rgba(0,114,178,0.35)', sideband: '#007a5a', signal: '#d55e00',
      region: 'rgba(230,159,0,0.24)', 'signal-area': 'rgba(213,94,0,0.22)', uncertainty: 'rgba(60,66,74,0.34)',
      'one-sigma': 'rgba(0,158,115,0.5)', 'two-sigma': 'rgba(240,228,66,0.6)', 'sample-0': '#8cc5e8', 'sample-1': '#f0b04c', 'sample-2': '#4fb594',
      'sample-3': '#d9a3c4', 'sample-4': '#4a7fb0', 'sample-5': '#e58a5a', 'sample-6': '#cfc44a', 'sample-7': '#9a8cc8', 'sample-8': '#b0b6bd',
      'sample-9': '#7a5c46',
    },
    dark: {
      ink: '#e6e9ec', rule: '#2d343b', paper: '#1d2227', data: '#f4f6f8', guide: '#9aa4af', background: '#56b4e9',
      'background-area': 'rgba(86,180,233,0.22)', 'background-error': 'rgba(86,180,233,0.35)', sideband: '#2fd0a5', signal: '#ff9950',
      region: 'rgba(240,196,75,0.22)', 'signal-area': 'rgba(255,153,80,0.26)', uncertainty: 'rgba(220,226,232,0.36)',
      'one-sigma': 'rgba(47,208,165,0.45)', 'two-sigma': 'rgba(240,228,66,0.32)', 'sample-0': '#4f8fb5', 'sample-1': '#b9822b', 'sample-2': '#2f8a6e',
      'sample-3': '#a8708f', 'sample-4': '#37618a', 'sample-5': '#b0643a', 'sample-6': '#99912d', 'sample-7': '#6f62a0', 'sample-8': '#7d858d',
      'sample-9': '#8d6c54',
    },
  };
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const plots = Array.from(document.querySelectorAll('.plot'));
  const wished = new URLSearchParams(location.search).get('theme');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print');
  const isTouched = matchMedia('(pointer: coarse)').matches;
  let isPrinting = paper.matches;

  if (wished === 'dark' || wished === 'light') {
    document.documentElement.dataset.theme = wished;
  }

  function themeNow() {
    const chosen = document.documentElement.dataset.theme;
    return !isPrinting && (chosen ? chosen === 'dark' : prefersDark.matches) ? themes.dark : themes.light;
  }

  function coloured(value, theme) {
    if (Array.isArray(value)) {
      return value.map(item => coloured(item, theme));
    }

    if (value === null || typeof value !== 'object') {
      return value;
    }

    return Object.fromEntries(Object.entries(value).map(([key, item]) =>
      [key, key === 'color' || key === 'fillcolor' ? theme[item] : coloured(item, theme)]));
  }

  function axis(own, theme) {
    return {
      ...own, title: { ...own.title, standoff: 8 }, automargin: true, zeroline: false, gridcolor: theme.rule, linecolor: theme.ink, linewidth: 1,
      mirror: 'all', ticks: 'inside', tickcolor: theme.ink, exponentformat: 'power', minexponent: 4,
    };
  }

  // On paper a fixed one, as in the style: the page learns of the print before it has its new width.
  function size(plot) {
    if (!isPrinting) {
      return { width: plot.clientWidth, height: plot.clientHeight };
    }

    if (plot.classList.contains('square') || plot.classList.contains('matrix')) {
      return { width: 670, height: 670 };
    }

    const own = parseInt(plot.style.height, 10);
    return plot.classList.contains('large') ? { width: 670, height: own || 380 } : { width: 330, height: own || 280 };
  }

  function layout(figure, plot, theme) {
    const own = coloured(figure.layout, theme);
    const drawn = {
      ...own, autosize: true, ...size(plot), showlegend: true, dragmode: isTouched ? false : 'zoom',
      hovermode: 'closest', paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', margin: { l: 56, r: 10, t: 10, b: 44 },
      font: { family: 'system-ui, sans-serif', size: 12, color: theme.ink },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', itemclick: isTouched ? false : 'toggle', bgcolor: 'rgba(0,0,0,0)' },
      hoverlabel: { bgcolor: theme.paper, bordercolor: theme.guide, font: { color: theme.ink } },
      xaxis: axis(own.xaxis, theme), yaxis: axis(own.yaxis, theme),
    };
    if (own.yaxis2) {
      drawn.yaxis2 = axis(own.yaxis2, theme);
    }

    for (const letter of ['x', 'y']) {
      (own[letter + 'axes'] ?? []).forEach((further, at) => { drawn[`${letter}axis${at + 2}`] = axis(further, theme); });
    }

    return drawn;
  }

  // Markers of a matrix have areas that are shares of its cells.
  function withCells(data, cells, plot) {
    const cell = 0.62 * size(plot).width / cells;
    return data.map(trace => ({
      ...trace, marker: { ...trace.marker, size: trace.marker.shares.map(share => Math.max(1, cell * Math.sqrt(share))), opacity: 1, line: { width: 0 } },
    }));
  }

  function draw() {
    const theme = themeNow();
    plots.forEach((plot, at) => {
      const data = coloured(figures[at].data, theme);
      const cells = figures[at].layout.cells;
      Plotly.react(plot, cells ? withCells(data, cells, plot) : data, layout(figures[at], plot, theme), { displayModeBar: false });
    });
  }

  document.querySelectorAll('details').forEach(details => {
    const rows = Array.from(details.querySelectorAll('tbody tr'));
    details.querySelector('input').addEventListener('input', event => {
      const wanted = event.target.value.trim().toLowerCase();
      rows.forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
    });
  });

  function print(begins) {
    if (begins !== isPrinting) {
      isPrinting = begins;
      draw();
    }
  }

  draw();
  let isWaiting = false;
  addEventListener('resize', () => {
    if (!isWaiting && !isPrinting) {
      isWaiting = true;
      requestAnimationFrame(() => { isWaiting = false; draw(); });
    }
  });
  prefersDark.addEventListener('change', draw);
  paper.addEventListener('change', event => print(event.matches));
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
}());
