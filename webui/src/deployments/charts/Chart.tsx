// Lines over time, with marks where something happened to the jobs.
import 'uplot/dist/uPlot.min.css';
import { useMantineTheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { showValue, type DeploymentMetrics, type Panel, type Series } from './series';

interface Props {
  panel: Panel;
  metrics: DeploymentMetrics;
  isDark: boolean;
}

const height = 190;
const markColours: Record<string, string> = {
  UPGRADE: '#228be6',
  START: '#40c057',
  RECOVERY: '#fd7e14',
  RESTART: '#fd7e14',
  END: '#868e96',
};

function linesOf(panel: Panel, metrics: DeploymentMetrics) {
  return panel.lines.flatMap(([name, label]) => {
    const series = metrics.series.find((each) => each.name === name);
    return series ? [{ series, label }] : [];
  });
}

// Vertical lines, in the colour of what happened.
function drawMarks(plot: uPlot, marks: DeploymentMetrics['marks']) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.setLineDash([4, 4]);
  for (const { time, kind } of marks) {
    const x = plot.valToPos(time / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = markColours[kind] ?? '#868e96';
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function dataOf(lines: { series: Series }[], metrics: DeploymentMetrics): uPlot.AlignedData {
  const times = metrics.times.map((time) => time / 1000);
  return [times, ...lines.map(({ series }) => series.values)] as uPlot.AlignedData;
}

export function Chart({ panel, metrics, isDark }: Props) {
  const { ref: box, width } = useElementSize();
  const parent = useRef<HTMLDivElement>(null);
  const theme = useMantineTheme();

  useEffect(() => {
    const lines = linesOf(panel, metrics);
    if (!parent.current || width === 0 || lines.length === 0) return;
    const text = isDark ? theme.colors.dark[1] : theme.colors.gray[7];
    const grid = { stroke: isDark ? '#3b3b3b' : '#e9ecef', width: 1 };
    const shade = isDark ? 4 : 8;
    const palette = [
      theme.colors.river?.[shade],
      theme.colors.orange[shade],
      theme.colors.grape[shade],
    ];
    const unit = lines[0]?.series.unit ?? 'count';
    const plot = new uPlot(
      {
        width,
        height,
        cursor: { sync: { key: 'deployment' } },
        scales: { y: { range: (_, __, max) => [0, Math.max(max ?? 0, 1) * 1.1] } },
        axes: [
          { stroke: text, grid },
          {
            stroke: text,
            grid,
            size: 72,
            values: (_, values) => values.map((value) => showValue(value, unit)),
          },
        ],
        series: [
          {},
          ...lines.map(({ series, label }, index) => ({
            label,
            stroke: palette[index],
            width: 1.5,
            points: { show: false },
            value: (_: uPlot, value: number | null) => showValue(value, series.unit),
          })),
        ],
        hooks: { draw: [(drawn) => drawMarks(drawn, metrics.marks)] },
      },
      dataOf(lines, metrics),
      parent.current,
    );
    return () => plot.destroy();
  }, [panel, metrics, width, isDark, theme]);

  return (
    <div ref={box}>
      <div ref={parent} role="img" aria-label={`${panel.title}, over time`} />
    </div>
  );
}
