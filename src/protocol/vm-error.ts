/**
 * Operation errors, in libvirt's numbers: what every room above the devices throws, and the page
 * and the command line show. Guest faults are never errors of this kind.
 */

import { ErrorDomain, type ErrorName, ERRORS } from "./error-table.ts";

export { ErrorCode, ErrorDomain } from "./error-table.ts";

/** libvirt's error levels. */
export const ErrorLevel = { none: 0, warning: 1, error: 2 } as const;
export type ErrorLevel = (typeof ErrorLevel)[keyof typeof ErrorLevel];

/** The fields of a `VmError` as plain data, to cross a worker's boundary. */
export interface VmErrorData {
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  readonly message: string;
  readonly detail: string;
}

/** An operation that failed. Switch on `code`, never on text. */
export class VmError extends Error {
  override readonly name = "VmError";
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  /** The sentence without libvirt's prefix for the code (libvirt's `str1`). */
  readonly detail: string;

  constructor(data: VmErrorData, cause?: unknown) {
    super(data.message, cause === undefined ? undefined : { cause });
    this.code = data.code;
    this.domain = data.domain;
    this.level = data.level;
    this.detail = data.detail;
  }

  /** The error as plain data; `VmError.from` restores it. The cause stays behind. */
  toData(): VmErrorData {
    const { code, domain, level, message, detail } = this;
    return { code, domain, level, message, detail };
  }

  static from(data: VmErrorData): VmError {
    return new VmError(data);
  }
}

/**
 * Makes the error `name`, `detail` in libvirt's wording.
 *
 * @param detail one clear sentence, without a full stop, naming the thing that is wrong
 */
export function vmError(
  name: ErrorName,
  detail: string,
  options: { domain?: ErrorDomain; cause?: unknown } = {},
): VmError {
  const { code, words } = ERRORS[name];
  // A function, for details that contain "$&".
  const message = words.replace("%s", () => detail);
  const domain = options.domain ?? ErrorDomain.qemu;
  return new VmError({ code, domain, level: ErrorLevel.error, message, detail }, options.cause);
}

/** As `vmError`, with all of its words: some of libvirt's errors come without their code's sentence. */
export function wordedVmError(
  name: ErrorName,
  message: string,
  options: { domain?: ErrorDomain; cause?: unknown } = {},
): VmError {
  const data = vmError(name, message, options).toData();
  return new VmError({ ...data, message }, options.cause);
}
