/** `--end-time`: a date, a time of today, or so long from now. */
import { TopError } from "./settings.ts";

const DATE = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;
const TIME = /^(\+?)(\d{2}):(\d{2}):(\d{2})$/;

/** Milliseconds since 1970. @throws TopError */
export function parseEndTime(text: string, nowMs: number): number {
  const date = DATE.exec(text);
  if (date) {
    const [year = 0, month = 1, day = 1, hour, minute, second] = date.slice(1).map(Number);
    return new Date(year, month - 1, day, hour, minute, second).getTime();
  }
  const [, plus, ...parts] = TIME.exec(text) ?? [];
  if (plus !== undefined) {
    const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
    if (plus === "+") return nowMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    return new Date(nowMs).setHours(hours, minutes, seconds, 0);
  }
  const [, later] = /^\+(\d+)$/.exec(text) ?? [];
  if (later !== undefined) return nowMs + Number(later) * 1000;
  throw new TopError(`failed to parse date/time '${text}'`);
}
