/** Assembles a directed test and runs it; knows no host. */
import { assemble } from "../../src/isa/assemble.ts";
import { InlineMachine } from "../../src/machine/inline-machine.ts";
import type { InlineConfig } from "../../src/machine/inline-machine.ts";
import type { Outcome } from "../outcome.ts";
import { orGiveUp } from "../patience.ts";
import { DIRECTED } from "./index.ts";
import type { DirectedTest } from "./script.ts";
import { ORIGIN, Script, TOHOST } from "./script.ts";

const RAM_BYTES = 64 * 1024 * 1024;
const MAX_INSTRUCTIONS = 20_000_000;
const ROUNDS = 200;

/** Runs the test called `name` on a machine of its own. */
export function runDirected(name: string, instantiate: InlineConfig["instantiate"]): Outcome {
  const test = DIRECTED.find((one) => one.name === name);
  if (test === undefined) return { kind: "error", detail: `there is no directed test ${name}` };
  try {
    const script = new Script(name);
    test.write(script);
    const bytes = assemble(script.source, { origin: ORIGIN }).bytes;
    return judge(script, runImage(test, bytes, instantiate));
  } catch (error) {
    return { kind: "error", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns what the test wrote to TOHOST, 0 when it did not */
function runImage(
  { name, realTime, aia = "none" }: DirectedTest,
  bytes: Uint8Array,
  instantiate: InlineConfig["instantiate"],
): number {
  const machine = new InlineMachine({
    ramBytes: RAM_BYTES,
    harts: 1,
    aia,
    deterministic: realTime !== true,
    instantiate,
  });
  machine.boot({ firmware: { name, bytes } });
  const tohost = (): number => machine.board.memory.readU32(Number(TOHOST)) ?? 0;
  machine.run({ maxInstructions: MAX_INSTRUCTIONS, until: orGiveUp(() => tohost() !== 0, ROUNDS) });
  return tohost();
}

function judge({ checks }: Script, tohost: number): Outcome {
  if (tohost === 1) return { kind: "pass" };
  if (tohost === 0)
    return { kind: "timeout", detail: `no end after ${MAX_INSTRUCTIONS} instructions` };
  const number = tohost >>> 1;
  return { kind: "fail", detail: `check ${number}: ${checks[number - 1] ?? "before the first"}` };
}
