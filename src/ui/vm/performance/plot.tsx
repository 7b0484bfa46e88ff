/** One chart over time, drawn by uPlot. Values are told in words beside it. */
import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import uPlot from "uplot";

export interface PlotLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

interface Props {
  /** For screen readers. */
  readonly label: string;
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly most: number | undefined;
  readonly format: (value: number) => string;
}

const HEIGHT = 160;
/** The top of the scale where nothing happens. */
const LEAST = 10;
/** Of performance.css, which has them for both themes. */
const COLOURS = ["--tv-line-0", "--tv-line-1", "--tv-line-2"] as const;

export function Plot({ label, times, lines, most, format }: Props) {
  const place = useRef<HTMLElement>(null);
  const plot = useRef<uPlot | null>(null);
  const told = useRef(format);
  const shown = useRef<uPlot.AlignedData>([[]]);
  const names = lines.map((line) => line.label).join("\n");

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const tell = (value: number): string => told.current(value);
    const made = new uPlot(
      optionsOf(element, names.split("\n"), most, tell),
      shown.current,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [names, most]);
  useEffect(() => {
    told.current = format;
    shown.current = [[...times], ...lines.map(({ values }) => [...values])];
    plot.current?.setData(shown.current);
  }, [format, times, lines]);
  return <figure ref={place} className="tv-plot" aria-label={label} />;
}

/** The time of day in the page's language. */
function clock(seconds: number): string {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return new Date(seconds * 1000).toLocaleTimeString(document.documentElement.lang, parts);
}

function optionsOf(
  element: HTMLElement,
  names: readonly string[],
  most: number | undefined,
  format: (value: number) => string,
): uPlot.Options {
  // Asked for at each drawing: themes change.
  const token = (name: string) => (): string =>
    getComputedStyle(element).getPropertyValue(name).trim();
  const text = token("--pf-t--global--text--color--subtle");
  const grid = { stroke: token("--pf-t--global--border--color--default"), width: 1 };
  const axis = { stroke: text, grid, ticks: grid, font: "12px sans-serif" };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    scales: { y: { range: (_plot, _min, max) => [0, most ?? Math.max(LEAST, max * 1.1)] } },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map(clock) },
      { ...axis, size: 72, values: (_plot, splits) => splits.map((value) => format(value)) },
    ],
    series: [
      {},
      ...names.map((name, at) => ({
        label: name,
        stroke: token(COLOURS[at % COLOURS.length] ?? COLOURS[0]),
        width: 2,
        points: { show: false },
      })),
    ],
  };
}
