/** A graph of the last minute, the present at its right edge. */
// A drawing that changes each second is no file that an img element could show.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useApp } from "../app/context.tsx";
import { HISTORY } from "../common/use-stats.ts";

const HEIGHT = 20;

interface Props {
  /** What it shows, for those who do not see it. */
  readonly what: string;
  /** The latest last. */
  readonly values: readonly number[];
  readonly format: (value: number) => string;
  /** The top of the scale; the greatest value when absent. */
  readonly most?: number;
}

export function Sparkline({ what, values, format, most }: Props) {
  const { t } = useApp();
  const greatest = Math.max(0, ...values);
  const top = most ?? (greatest || 1);
  const left = HISTORY - values.length;
  const points = values.map((value, index) => `${left + index},${HEIGHT * (1 - value / top)}`);
  const label = t("perf.chart", { what, now: format(values.at(-1) ?? 0), most: format(greatest) });
  const area = `${left},${HEIGHT} ${points.join(" ")} ${HISTORY - 1},${HEIGHT}`;
  return (
    <svg
      className="tv-sparkline"
      viewBox={`0 -1 ${HISTORY - 1} ${HEIGHT + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {values.length > 0 && <polygon points={area} />}
      {values.length > 1 && <polyline points={points.join(" ")} />}
    </svg>
  );
}
