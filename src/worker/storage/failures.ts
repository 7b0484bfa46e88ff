/** Errors of the block layer in the words of libvirt's storage driver. */
import type { ErrorName } from "../../protocol/error-table.ts";
import { ErrorDomain, VmError, vmError } from "../../protocol/vm-error.ts";
import { errnoOf, strerror } from "../../storage/errors.ts";

export function storageError(name: ErrorName, detail: string, cause?: unknown): VmError {
  return vmError(name, detail, { domain: ErrorDomain.storage, cause });
}

/** `cannot open directory '/x': No such file or directory` */
export function systemFailure(what: string, error: unknown): VmError {
  if (error instanceof VmError) return error;
  return storageError("systemError", `${what}: ${strerror(errnoOf(error))}`, error);
}

/** What the block layer says, which are QEMU's words. */
export function imageFailure(what: string, error: unknown): VmError {
  if (error instanceof VmError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return storageError("operationFailed", `${what}: ${why}`, error);
}
