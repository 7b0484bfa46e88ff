/** The guests that are served beside the page. */
import { servedBase } from "../host/browser/served-files.ts";
import { type GuestManifest, parseManifest } from "../virt/guest-manifest.ts";
import { vmError } from "../protocol/vm-error.ts";

/** The guest that is there on servers without a list. */
const DEFAULT_NAMES: readonly string[] = ["shell"];

/**
 * Those that can be read; the server's list says which there are.
 *
 * @throws VmError of the first one where none can be read
 */
export async function servedGuests(): Promise<readonly GuestManifest[]> {
  const reads = await Promise.allSettled((await servedNames()).map(servedGuest));
  const found = reads.flatMap((read) => (read.status === "fulfilled" ? [read.value] : []));
  const failed = reads.find((read) => read.status === "rejected");
  if (found.length === 0 && failed) throw failed.reason;
  return found;
}

/** @throws VmError operationFailed, configUnsupported */
export async function servedGuest(name: string): Promise<GuestManifest> {
  const unreadable = (why: string, cause?: unknown): Error =>
    vmError("operationFailed", `guest image '${name}' cannot be loaded: ${why}`, { cause });
  const url = new URL(`${name}/manifest.json`, servedBase());
  const response = await fetch(url).catch((cause: unknown) => {
    throw unreadable("the server does not answer", cause);
  });
  if (!response.ok) throw unreadable(`the server answers ${response.status}`);
  const json: unknown = await response.json().catch((cause: unknown) => {
    throw unreadable("this server was started without it", cause);
  });
  return parseManifest(name, json);
}

async function servedNames(): Promise<readonly string[]> {
  try {
    const names: unknown = await (await fetch(new URL("index.json", servedBase()))).json();
    const texts = Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    return texts.length > 0 ? texts : DEFAULT_NAMES;
  } catch {
    return DEFAULT_NAMES;
  }
}
