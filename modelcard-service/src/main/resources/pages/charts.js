// Draws every chart that the page describes, in the colours of the theme.
(() => {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const HEIGHT = 260;
  const STYLES = {
    CURVE: () => ({stroke: () => colour('--series-1'), width: 2.5, points: {show: false}}),
    SECOND: () => ({stroke: () => colour('--series-2'), width: 2, dash: [7, 3], points: {show: false}}),
    POINTS: () => ({stroke: () => colour('--series-1'), width: 2, points: {show: true, size: 8, fill: () => colour('--series-1')}}),
    LOWER: () => ({stroke: 'transparent', width: 0, points: {show: false}}),
    UPPER: () => ({stroke: 'transparent', width: 0, points: {show: false}}),
    REFERENCE: () => ({stroke: () => colour('--axis'), width: 1.5, dash: [5, 5], points: {show: false}}),
    STEPS: () => ({stroke: () => colour('--series-1'), width: 2, fill: () => colour('--band'), paths: uPlot.paths.stepped({align: 1}), points: {show: false}}),
    STEPS_SECOND: () => ({stroke: () => colour('--series-2'), width: 2, dash: [7, 3], paths: uPlot.paths.stepped({align: 1}), points: {show: false}}),
  };
  const number = value => value == null ? '' : Number(value.toPrecision(3)).toLocaleString('en');

  const mark = at => plot => {
    if (at == null) return;
    const x = Math.round(plot.valToPos(at, 'x', true));
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.strokeStyle = colour('--text');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  };

  const axis = (label, size) => ({
    label, size, labelSize: 22, labelFont: '13px system-ui, sans-serif', font: '12px system-ui, sans-serif',
    stroke: () => colour('--axis'), grid: {stroke: () => colour('--grid'), width: 1}, ticks: {show: false},
  });

  const draw = place => {
    const chart = JSON.parse(place.dataset.chart);
    const upper = chart.series.findIndex(series => series.style === 'UPPER');
    const values = chart.series.flatMap(series => series.y).filter(y => y != null);
    // A share is shown whole, a quantity that only varies a little where it varies.
    const whole = chart.maxX <= 1;
    const low = whole ? 0 : Math.max(0, Math.floor(20 * Math.min(...values) - 1) / 20);
    const high = whole ? chart.maxY : Math.min(chart.maxY, Math.ceil(20 * Math.max(...values) + 1) / 20);
    const options = {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT,
      scales: {
        x: {time: false, range: () => [0, chart.maxX]},
        y: {range: () => [low, high]},
      },
      axes: [axis(chart.xTitle, 34), axis(chart.yTitle, 42)],
      series: [{label: chart.xTitle, value: (plot, value) => number(value)}].concat(chart.series.map(series => ({
        label: series.name, value: (plot, value) => number(value), ...STYLES[series.style](),
      }))),
      bands: upper < 0 ? [] : [{series: [upper + 1, upper], fill: () => colour('--band')}],
      cursor: {drag: {x: false, y: false}, points: {size: 7}},
      legend: {markers: {width: 2}},
      hooks: {draw: [mark(chart.mark)]},
    };
    const plot = new uPlot(options, [chart.x, ...chart.series.map(series => series.y)], place);
    new ResizeObserver(() => {
      const width = Math.max(200, place.clientWidth);
      if (width !== plot.width) plot.setSize({width, height: HEIGHT});
    }).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw(false));
  };

  const all = root => root.querySelectorAll('[data-chart]:not(:has(.uplot))').forEach(draw);
  all(document);
  document.addEventListener('replaced', event => all(event.detail));
})();
