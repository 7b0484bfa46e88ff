/** Values of charts in words. */
import { formatBytes, formatCount, formatShort } from "../../common/format.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import type { Unit } from "./charts.ts";

export function formatOf(unit: Unit, t: Translate, language: string): (value: number) => string {
  switch (unit) {
    case "percent":
      return (value) => t("unit.percent", { value: Math.round(value) });
    case "bytes":
      return (value) => formatBytes(Math.round(value), t);
    case "bytesPerSecond":
      return (value) => t("perf.eachSecond", { value: formatBytes(Math.round(value), t) });
    case "perSecond":
      return (value) => t("perf.eachSecond", { value: formatShort(Math.round(value), language) });
    case "mips":
      return (value) => t("status.mips", { value: formatCount(value, language) });
  }
}
