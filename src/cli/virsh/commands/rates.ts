/** Bandwidths as `attach-interface` and `domiftune` take them. */
import { CommandError } from "../shell/errors.ts";
import { parseWhole } from "../shell/numbers.ts";

/** Average, peak and floor in KiB/s, burst in KiB; 0 is not given. */
export interface Rate {
  readonly average: bigint;
  readonly peak: bigint;
  readonly burst: bigint;
  readonly floor: bigint;
}

/** `average,peak,burst,floor`, each of which may be empty. @throws CommandError */
export function parseRate(text: string): Rate {
  const fields = text.split(",");
  if (fields.length > 4) throw new CommandError(`Rate string '${text}' has too many fields`);
  const read = (at: number, name: string): bigint => {
    const field = fields[at] ?? "";
    if (field === "") return 0n;
    const value = parseWhole(field, "ulonglong");
    if (value === null) throw new CommandError(`field '${name}' is malformed`);
    return value;
  };
  return {
    average: read(0, "average"),
    peak: read(1, "peak"),
    burst: read(2, "burst"),
    floor: read(3, "floor"),
  };
}

/** Refuses what libvirt cannot set. @throws CommandError */
export function checkRates(way: "inbound" | "outbound", { average, floor }: Rate): void {
  if (way === "inbound" && average === 0n && floor === 0n) {
    throw new CommandError("either inbound average or floor is mandatory");
  }
  if (way === "outbound" && average === 0n) throw new CommandError("outbound average is mandatory");
  if (way === "outbound" && floor > 0n) {
    throw new CommandError("outbound floor is unsupported yet");
  }
}
