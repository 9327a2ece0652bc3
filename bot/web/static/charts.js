// Draws what the tables of the page say; the tables stay for who cannot see the drawings.
"use strict";
const scheme = matchMedia("(prefers-color-scheme: dark)");
const palette = ["#10aeff", "#07c160", "#ffc300", "#6467f0", "#fa5151", "#91d300", "#576b95"];
const inYi = 10000;

const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const amount = (wan) => (Math.abs(wan) >= inYi ? `${wan / inYi}亿` : `${wan}万`);
const texts = (series) => ({ formatter: ({ dataIndex }) => series.texts[dataIndex] });

function axes(chart) {
  const quiet = { color: colour("--weui-FG-1"), fontSize: 11 };
  const line = { lineStyle: { color: colour("--weui-FG-3") } };
  const used = chart.series.flatMap((series) => series.values).filter((value) => value !== null);
  const scale = chart.bands.length
    ? { min: Math.max(0, Math.min(...used) - 1), max: Math.min(chart.bands.length - 1, Math.max(...used) + 1), interval: 1,
        axisLabel: { ...quiet, formatter: (band) => chart.bands[band] || "" } }
    : { axisLabel: { ...quiet, formatter: amount }, splitNumber: 4 };
  return {
    grid: { left: 8, right: 12, top: chart.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: chart.labels, axisLabel: { ...quiet, hideOverlap: true }, axisLine: line, axisTick: { show: false } },
    yAxis: { type: "value", splitLine: line, ...scale },
  };
}

function tooltip(chart) {
  const words = (points) => [points[0].name, ...points.map(({ seriesName, seriesIndex, dataIndex }) =>
    `${seriesName} ${chart.series[seriesIndex].texts[dataIndex] || "–"}`)].join("\n");
  return { trigger: "axis", renderMode: "richText", confine: true, formatter: words };
}

const legend = () => ({ top: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: colour("--weui-FG-0") } });

const draw = {
  parts: (chart) => ({
    tooltip: { renderMode: "richText", confine: true, formatter: ({ name, dataIndex }) => `${name}\n${chart.series[0].texts[dataIndex]}` },
    legend: { ...legend(), top: "middle", right: 0, orient: "vertical", itemGap: 14,
      formatter: (name) => `${name}  ${chart.series[0].values[chart.labels.indexOf(name)]}%` },
    series: [{
      type: "pie", radius: ["46%", "78%"], center: ["32%", "50%"], label: { show: false },
      data: chart.labels.map((name, at) => ({ name, value: chart.series[0].values[at] })),
    }],
  }),
  line: (chart) => ({
    ...axes(chart), tooltip: tooltip(chart),
    series: chart.series.map((series) => ({
      type: "line", name: series.name, data: series.values, step: chart.bands.length ? "middle" : false,
      symbolSize: 6, lineStyle: { width: 2 }, areaStyle: { opacity: 0.12 },
    })),
  }),
  bars: (chart) => ({
    ...axes(chart), tooltip: tooltip(chart), legend: legend(),
    series: chart.series.map((series) => ({ type: "bar", name: series.name, data: series.values, barMaxWidth: 10 })),
  }),
  graph: (chart, place) => {
    const [self, ...others] = chart.labels;
    const margin = { left: 60, right: 60, top: 30, bottom: 60 };
    const wide = (place.clientWidth - margin.left - margin.right) / 2;
    const high = (place.clientHeight - margin.top - margin.bottom) / 2;
    const round = (at) => (2 * Math.PI * at) / others.length;
    const label = { show: true, position: "bottom", color: colour("--weui-FG-0"), fontSize: 12, width: 96, overflow: "break" };
    const node = (name, at, x, y, size) => ({ id: String(at), name, x, y, symbolSize: size, label });
    // However few there are, the drawing is scaled to the same frame.
    const frame = [-1, 1].map((side) => ({ id: `frame${side}`, name: "", x: side * wide, y: side * high, symbolSize: 0, label: { show: false } }));
    return {
      series: [{
        type: "graph", layout: "none", ...margin, silent: true,
        data: [
          node(self, 0, 0, 0, 40),
          ...others.map((name, at) => node(name, at + 1, wide * Math.cos(round(at)), high * Math.sin(round(at)), 22)),
          ...frame,
        ],
        links: others.map((_, at) => ({ source: "0", target: String(at + 1),
          label: { show: true, formatter: chart.series[0].texts[at], color: colour("--weui-FG-1"), fontSize: 11 } })),
        lineStyle: { color: colour("--weui-FG-2"), width: 1.5 },
      }],
    };
  },
};

const drawings = [...document.querySelectorAll("[data-chart]")].map((place) => ({
  place,
  chart: JSON.parse(place.dataset.chart),
  drawn: echarts.init(place, null, { renderer: "canvas" }),
}));

function show() {
  for (const { place, chart, drawn } of drawings) {
    drawn.setOption({ color: palette, animation: false, ...draw[chart.shape](chart, place) }, true);
  }
}

show();
scheme.addEventListener("change", show);
addEventListener("resize", () => {
  drawings.forEach(({ drawn }) => drawn.resize());
  show();
});
