/** The command line of `conformance/guest`. */
import { parseArgs } from "node:util";

export interface GuestOptions {
  readonly guest: string;
  readonly engine: string;
  readonly vcpus: number;
  /** How long the stressors run together; each alone runs a tenth of it. */
  readonly minutes: number;
  readonly filter: RegExp | undefined;
}

export const USAGE =
  "usage: guest [--guest NAME] [--engine node|chromium|firefox|qemu] [--vcpus N] [--minutes N] [--filter REGEXP]";

/** @throws Error with one sentence when it is wrong */
export function parseGuestOptions(args: readonly string[]): GuestOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      guest: { type: "string", default: "tools" },
      engine: { type: "string", default: "node" },
      vcpus: { type: "string", default: "4" },
      minutes: { type: "string", default: "1" },
      filter: { type: "string" },
    },
  });
  const { guest, engine, filter } = values;
  return {
    guest,
    engine,
    vcpus: wholeNumber("vcpus", values.vcpus, 16),
    minutes: wholeNumber("minutes", values.minutes, 600),
    filter: filter === undefined ? undefined : new RegExp(filter),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^[1-9]\d*$/.test(text) && value <= most) return value;
  throw new Error(`--${name} takes a whole number from 1 to ${most}, not ${text}`);
}
