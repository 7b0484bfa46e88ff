/**
 * Operation errors, in libvirt's numbers: what every room above the devices throws, and the page
 * and the command line show. Guest faults are never errors of this kind.
 */

/** libvirt's error levels. */
export const ErrorLevel = { none: 0, warning: 1, error: 2 } as const;
export type ErrorLevel = (typeof ErrorLevel)[keyof typeof ErrorLevel];

/** libvirt's error domains: which part raised the error. Append only. */
export const ErrorDomain = {
  none: 0,
  xml: 5,
  rpc: 7,
  conf: 9,
  qemu: 10,
  test: 12,
  remote: 13,
  storage: 18,
  network: 19,
  domain: 20,
  secret: 30,
  cpu: 31,
  domainSnapshot: 35,
  streams: 38,
  event: 40,
  device: 49,
} as const;
export type ErrorDomain = (typeof ErrorDomain)[keyof typeof ErrorDomain];

/** libvirt's error numbers with the sentence each begins. Append only; numbers never change. */
const ERRORS = {
  internalError: { code: 1, words: "internal error" },
  noMemory: { code: 2, words: "out of memory" },
  noSupport: { code: 3, words: "this function is not supported by the connection driver" },
  invalidArg: { code: 8, words: "invalid argument" },
  operationFailed: { code: 9, words: "operation failed" },
  noKernel: { code: 17, words: "missing kernel information" },
  xmlError: { code: 27, words: "XML error" },
  domExist: { code: 28, words: "this domain exists already" },
  openFailed: { code: 30, words: "failed to open configuration file" },
  systemError: { code: 38, words: "" },
  rpc: { code: 39, words: "Cannot recv data" },
  noDomain: { code: 42, words: "Domain not found" },
  operationInvalid: { code: 55, words: "Requested operation is not valid" },
  configUnsupported: { code: 67, words: "unsupported configuration" },
  operationTimeout: { code: 68, words: "Timed out during operation" },
  argumentUnsupported: { code: 74, words: "argument unsupported" },
  operationAborted: { code: 78, words: "operation aborted" },
  overflow: { code: 82, words: "numerical overflow" },
  operationUnsupported: { code: 84, words: "Operation not supported" },
} as const;

export type ErrorName = keyof typeof ERRORS;
/** Numbers by name: `ErrorCode.operationInvalid` is 55. */
export const ErrorCode = Object.fromEntries(
  Object.entries(ERRORS).map(([name, { code }]) => [name, code]),
) as { readonly [K in ErrorName]: (typeof ERRORS)[K]["code"] };

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
 * Makes the error `name` with libvirt's wording before `detail`.
 *
 * @param detail one clear sentence, without a full stop, naming the thing that is wrong
 */
export function vmError(
  name: ErrorName,
  detail: string,
  options: { domain?: ErrorDomain; cause?: unknown } = {},
): VmError {
  const { code, words } = ERRORS[name];
  const message = words === "" ? detail : `${words}: ${detail}`;
  const domain = options.domain ?? ErrorDomain.qemu;
  return new VmError({ code, domain, level: ErrorLevel.error, message, detail }, options.cause);
}
