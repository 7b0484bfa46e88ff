import { expect, test } from "vitest";
import { ErrorCode } from "../protocol/vm-error.ts";
import type { MachineState } from "./types.ts";
import { isLegal, type MachineVerb, refusal, VERBS } from "./verbs.ts";

const STATES: readonly MachineState[] = ["shutoff", "running", "paused", "crashed"];

/** Written by hand from libvirt's behaviour, apart from the table under test. */
const LEGAL: Readonly<Record<MachineVerb, readonly MachineState[]>> = {
  start: ["shutoff", "crashed"],
  pause: ["running", "paused"],
  resume: ["paused"],
  reset: ["running", "paused"],
  shutdown: ["running"],
  forceOff: ["running", "paused", "crashed"],
  inspect: ["running", "paused"],
  changeDisks: ["running", "paused"],
  sendKeys: ["running", "paused"],
  balloon: ["running", "paused"],
};

const PAIRS = (Object.keys(VERBS) as MachineVerb[]).flatMap((verb) =>
  STATES.map((state) => [verb, state] as const),
);

const REFUSAL = {
  code: ErrorCode.operationInvalid,
  message: expect.stringMatching(
    /^Requested operation is not valid: domain is (not|already) running$/,
  ) as string,
};

test.each(PAIRS)("%s while %s", (verb, state) => {
  const legal = LEGAL[verb].includes(state);
  expect(isLegal(verb, state)).toBe(legal);
  const error = refusal(verb, state);
  expect(error === null ? null : { code: error.code, message: error.message }).toEqual(
    legal ? null : REFUSAL,
  );
});
