/** `werror` and `rerror`: what a drive does about requests that its host cannot carry out. */
import type { DriveConfig } from "../../api/types.ts";
import { UsageError } from "./usage-error.ts";

const READ_ACTIONS = ["report", "ignore", "stop"] as const;
const WRITE_ACTIONS = [...READ_ACTIONS, "enospc"] as const;

type Policies = Pick<DriveConfig, "readError" | "writeError">;

/**
 * As `-drive` takes them.
 *
 * @throws UsageError in QEMU's words
 */
export function errorPolicies(option: string, keys: ReadonlyMap<string, string>): Policies {
  const rerror = keys.get("rerror");
  const werror = keys.get("werror");
  return {
    ...(rerror !== undefined && { readError: action(option, "read", rerror, READ_ACTIONS) }),
    ...(werror !== undefined && { writeError: action(option, "write", werror, WRITE_ACTIONS) }),
  };
}

function action<A extends string>(
  option: string,
  what: string,
  text: string,
  actions: readonly A[],
): A {
  const found = actions.find((each) => each === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: '${text}' invalid ${what} error action`);
}

const PROPERTY_VALUES = [...WRITE_ACTIONS, "auto"] as const;

/**
 * As properties of a device, which then decide; `auto` leaves it to the drive.
 *
 * @throws UsageError in QEMU's words
 */
export function errorProperties(option: string, keys: ReadonlyMap<string, string>): Policies {
  const property = (key: string) => {
    const text = keys.get(key) ?? "auto";
    const found = PROPERTY_VALUES.find((each) => each === text);
    if (found !== undefined) return found === "auto" ? undefined : found;
    throw new UsageError(`${option}: Parameter '${key}' does not accept value '${text}'`);
  };
  const [readError, writeError] = [property("rerror"), property("werror")];
  return { ...(readError && { readError }), ...(writeError && { writeError }) };
}
