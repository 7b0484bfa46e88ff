import { freeName } from "../clone/names.ts";

/** A name that is not taken: `disk.img`, `disk-2.img` … */
export function freeFileName(wanted: string, taken: ReadonlySet<string>): string {
  const dot = wanted.lastIndexOf(".");
  const [base, suffix] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ""];
  return freeName(base, (name) => taken.has(name), { suffix, start: 2 });
}
