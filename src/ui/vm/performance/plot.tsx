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
  /** Whether values are bytes: the scale's steps are powers of two then. */
  readonly isBytes: boolean;
  readonly format: (value: number) => string;
}

const HEIGHT = 160;
/** Room of the axes: one line of clock times below, the longest figure ("1023.9 MiB/s") on the left. */
const TIMES_HEIGHT = 30;
const FIGURES_WIDTH = 84;
/** Between two times: "12:37:35 PM" is 70 pixels wide. */
const TIMES_APART = 96;
/** Of bytes: 1, 2, 4 … 512 B, KiB, MiB, GiB. */
const BINARY_STEPS = Array.from({ length: 43 }, (_, power) => 2 ** power);
/** The top of the scale where nothing happens. */
const LEAST = 10;
/** Of performance.css, which has them for both themes. */
const COLOURS = ["--tv-line-0", "--tv-line-1", "--tv-line-2"] as const;

export function Plot({ label, times, lines, most, isBytes, format }: Props) {
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
      optionsOf(element, { names: names.split("\n"), most, isBytes, format: tell }),
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
  }, [names, most, isBytes]);
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

interface Shown extends Pick<Props, "most" | "isBytes" | "format"> {
  readonly names: readonly string[];
}

function optionsOf(element: HTMLElement, { names, most, isBytes, format }: Shown): uPlot.Options {
  // Asked for at each drawing: themes change.
  const token = (name: string) => (): string =>
    getComputedStyle(element).getPropertyValue(name).trim();
  const text = token("--pf-t--global--text--color--subtle");
  const grid = { stroke: token("--pf-t--global--border--color--default"), width: 1 };
  const { fontFamily } = getComputedStyle(element);
  const axis = { stroke: text, grid, ticks: grid, font: `12px ${fontFamily}` };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    scales: { y: { range: (_plot, _min, max) => [0, most ?? Math.max(LEAST, max * 1.1)] } },
    axes: [
      {
        ...axis,
        size: TIMES_HEIGHT,
        space: TIMES_APART,
        values: (_plot, splits) => splits.map(clock),
      },
      {
        ...axis,
        size: FIGURES_WIDTH,
        ...(isBytes && { incrs: BINARY_STEPS }),
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
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
