/**
 * A failure that the person at the terminal can act on: the message is one sentence that says what
 * is wrong with which thing. Anything else that is thrown in this room is a bug.
 */
export class GuestError extends Error {
  override readonly name: string = "GuestError";
}

/** The mirror answered that it has no such file. */
export class NotFoundError extends GuestError {
  override readonly name = "NotFoundError";
}

const NETWORK_CODES = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "EPROTO",
  "ETIMEDOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** The `code` of a Node system error, or an empty string. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return "";
}

/** True for failures of the connection, which may be gone at the next try. */
export function isNetworkError(error: unknown): boolean {
  const code = errorCode(error);
  return NETWORK_CODES.has(code) || code.startsWith("CERT_") || code.startsWith("ERR_TLS_");
}

/** One sentence for any error; the message of an unexpected one is passed on as it is. */
export function describeError(error: unknown): string {
  if (error instanceof GuestError) {
    return error.message;
  }
  const path = error instanceof Error && "path" in error ? String(error.path) : "the cache";
  switch (errorCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return "The disk is full: a guest needs about 400 MB in the cache directory (TABVISOR_CACHE moves it).";
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOENT": // what mkdir says of a parent that cannot be made
    case "ENOTDIR":
      return `${path} cannot be written: set TABVISOR_CACHE to a directory that can.`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
