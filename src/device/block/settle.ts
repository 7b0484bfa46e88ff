import type { BlockErrorCode, Trace } from "../ports.ts";

const CODES: ReadonlySet<unknown> = new Set<BlockErrorCode>([
  "EIO",
  "ENOSPC",
  "EINVAL",
  "ENOTSUP",
  "EPERM",
  "ENOMEDIUM",
]);

/**
 * Runs an operation of a BlockBackend and tells its end: at once where the backend is synchronous.
 *
 * @param done gets null, or why it failed; an error that is no BlockFailure is a bug, noted and EIO
 */
export function settle(
  operation: () => void | Promise<void>,
  done: (failure: BlockErrorCode | null) => void,
  trace: (message: string) => void,
): void {
  const failed = (error: unknown): void => done(codeOf(error, trace));
  let pending: void | Promise<void>;
  try {
    pending = operation();
  } catch (error) {
    return failed(error);
  }
  if (pending instanceof Promise) pending.then(() => done(null), failed);
  else done(null);
}

function codeOf(error: unknown, trace: (message: string) => void): BlockErrorCode {
  const code = (error as { code?: unknown } | null)?.code;
  if (CODES.has(code)) return code as BlockErrorCode;
  trace(`the image failed: ${error instanceof Error ? error.message : String(error)}`);
  return "EIO";
}

/** `settle`'s third argument, from a device's trace. */
export function noteTo(trace: Trace, device: string): (message: string) => void {
  return (message) => trace.guestError(device, message);
}
