/** What an image of the web is, by its first bytes. */
import { vmError } from "../../../protocol/vm-error.ts";

export interface ProbedImage {
  /** libvirt's word for its format. */
  readonly format: string;
  /** Bytes; 0 where the server does not tell. */
  readonly sizeBytes: number;
  /** Whether it stands on another image, without which it is of no use. */
  readonly hasBacking: boolean;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const HEAD_BYTES = 512;

/** What containers begin with; whatever else is raw. */
const MAGIC: readonly (readonly [format: string, at: number, bytes: string])[] = [
  ["qcow2", 0, "QFI\xfb"],
  ["vmdk", 0, "KDMV"],
  ["vhdx", 0, "vhdxfile"],
  ["vpc", 0, "conectix"],
  ["qed", 0, "QED\0"],
  ["luks", 0, "LUKS\xba\xbe"],
  ["vdi", 0x40, "\x7f\x10\xda\xbe"],
];

/** @throws VmError openFailed, where the server does not answer or does not let this page read */
export async function probeImage(url: string, get: Fetch): Promise<ProbedImage> {
  const refuse = (why: string, cause?: unknown): Error =>
    vmError("openFailed", `cannot read '${url}': ${why}`, { cause });
  let head: Uint8Array;
  let answer: Response;
  try {
    answer = await get(url, { headers: { Range: `bytes=0-${HEAD_BYTES - 1}` } });
    if (!answer.ok) throw refuse(`the server answers ${answer.status}`);
    // What is not there is answered with a page by many servers.
    if (/^text\/html/i.test(answer.headers.get("Content-Type") ?? "")) {
      throw refuse("the server sends a web page");
    }
    head = await firstBytes(answer);
  } catch (error) {
    // A browser does not tell the one from the other.
    if (!(error instanceof TypeError)) throw error;
    throw refuse("the server does not answer, or does not allow this page to read it", error);
  }
  const format = formatOf(head);
  return {
    format,
    sizeBytes: sizeOf(answer),
    hasBacking: format === "qcow2" && standsOnOther(head),
  };
}

/** Servers without ranges send all of it: the rest is let go. */
async function firstBytes({ body }: Response): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const head = new Uint8Array(HEAD_BYTES);
  const reader = body.getReader();
  let length = 0;
  for (let { value } = await reader.read(); value; { value } = await reader.read()) {
    const piece = value.subarray(0, HEAD_BYTES - length);
    head.set(piece, length);
    length += piece.length;
    if (length === HEAD_BYTES) break;
  }
  await reader.cancel();
  return head.subarray(0, length);
}

function formatOf(head: Uint8Array): string {
  const at = (offset: number, length: number): string =>
    String.fromCharCode(...head.subarray(offset, offset + length));
  const found = MAGIC.find(([, offset, bytes]) => at(offset, bytes.length) === bytes);
  return found?.[0] ?? "raw";
}

/** qcow2's backing_file_offset. */
function standsOnOther(head: Uint8Array): boolean {
  return head.length >= 16 && head.subarray(8, 16).some((byte) => byte !== 0);
}

function sizeOf({ status, headers }: Response): number {
  const range = /\/(\d+)$/.exec(headers.get("Content-Range") ?? "");
  if (range) return Number(range[1]);
  // What was compressed on the way is longer than it says.
  const isPlain = !headers.has("Content-Encoding");
  return status === 200 && isPlain ? Number(headers.get("Content-Length") ?? 0) : 0;
}
