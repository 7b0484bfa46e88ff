/** Flags that a driver may not know. */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";

/**
 * Asks with `flags`, and where the driver refuses them with `fallback`.
 *
 * @throws VmError
 */
export async function withKnownFlags<T>(
  flags: number,
  fallback: number,
  ask: (flags: number) => Promise<T>,
): Promise<T> {
  try {
    return await ask(flags);
  } catch (error) {
    if (!(error instanceof VmError) || error.code !== ErrorCode.invalidArg) throw error;
    return ask(fallback);
  }
}
