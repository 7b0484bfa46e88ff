/** A minute of one figure in a cell: a drawing of a fixed size, and the latest figure beside it. */
import type { Series } from "../../virt/manager/derive.ts";
import { POINTS } from "./figures.ts";
import { SPARK_HEIGHT, sparkPaths } from "./spark.ts";

interface Props {
  readonly values: Series;
  /** The value at the top. */
  readonly most: number;
  readonly text: string;
}

/** The text says it, too: the drawing is hidden from those who do not see it. */
export function Sparkline({ values, most, text }: Props) {
  const { line, area } = sparkPaths(values, most, POINTS);
  return (
    <>
      <svg
        className="tv-spark"
        viewBox={`0 -1 ${POINTS - 1} ${SPARK_HEIGHT + 2}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        <path className="tv-spark-area" d={area} />
        <path className="tv-spark-line" d={line} />
      </svg>
      <span className="tv-figure-text">{text}</span>
    </>
  );
}
