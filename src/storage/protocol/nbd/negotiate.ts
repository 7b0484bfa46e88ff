import { concatBytes, utf8Bytes, utf8Text, viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import type { ByteStream } from "../../ports.ts";

/** Numbers of the NBD protocol (doc/proto.md, "Handshake phase"). */
const NBD_MAGIC = 0x4e42_444d_4147_4943n;
const OPTION_MAGIC = 0x4948_4156_454f_5054n;
const OLD_STYLE_MAGIC = 0x0000_4202_8186_1253n;
const REPLY_MAGIC = 0x0003_e889_0455_65a9n;
const FIXED_NEWSTYLE = 1;
const NO_ZEROES = 2;
const Option = { exportName: 1, go: 7 } as const;
const Reply = { ack: 1, info: 3, error: 2 ** 31 } as const;
const INFO_EXPORT = 0;
/** Unused bytes at the end of an answer to the oldest option. */
const ZEROES = 124;
/** Longer answers are no answers. */
const MAX_REPLY = 1 << 20;

const REFUSALS: Readonly<Record<number, string>> = {
  1: "Unsupported option",
  2: "Denied by server",
  3: "Invalid parameters",
  4: "Server lacks support",
  5: "Server requires TLS",
  6: "Requested export not available",
  7: "Server shutting down",
};
const UNSUPPORTED = 1;

export const ExportFlag = {
  readOnly: 2,
  flush: 4,
  trim: 0x20,
  writeZeroes: 0x40,
} as const;

/** What a server says of an export. */
export interface NbdExport {
  readonly sizeBytes: number;
  readonly flags: number;
}

function failure(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * Agrees with a server on an export; requests can be sent then.
 *
 * @throws StorageError with QEMU's words
 */
export async function negotiate(stream: ByteStream, exportName: string): Promise<NbdExport> {
  const hello = viewOf(await stream.read(18));
  if (hello.getBigUint64(0) !== NBD_MAGIC) throw failure("Bad initial magic received");
  const magic = hello.getBigUint64(8);
  if (magic === OLD_STYLE_MAGIC) throw failure("Server does not support export names");
  if (magic !== OPTION_MAGIC) throw failure("Bad server magic received");
  const serverFlags = hello.getUint16(16);
  if ((serverFlags & FIXED_NEWSTYLE) === 0) return await byExportName(stream, exportName, 0);
  const found = await byGo(stream, exportName, serverFlags & NO_ZEROES);
  return found ?? (await byExportName(stream, exportName, undefined));
}

/** @returns undefined when the server does not know the option */
async function byGo(
  stream: ByteStream,
  exportName: string,
  noZeroes: number,
): Promise<NbdExport | undefined> {
  const name = utf8Bytes(exportName);
  const data = new Uint8Array(4 + name.length + 2);
  viewOf(data).setUint32(0, name.length);
  data.set(name, 4);
  const flags = new Uint8Array(4);
  viewOf(flags).setUint32(0, FIXED_NEWSTYLE | noZeroes);
  await stream.write(concatBytes([flags, option(Option.go, data)]));
  let found: NbdExport | undefined;
  for (;;) {
    const { type, data: reply } = await readReply(stream, Option.go);
    if (type === Reply.ack) break;
    if (type === Reply.info) found = exportOf(reply) ?? found;
    else if (type === Reply.error + UNSUPPORTED) return undefined;
    else if (type >= Reply.error) throw refusal(type - Reply.error, reply);
  }
  if (found === undefined) throw failure("broken server omitted NBD_INFO_EXPORT");
  return found;
}

/** @param clientFlags sent first; undefined when they were sent already */
async function byExportName(
  stream: ByteStream,
  exportName: string,
  clientFlags: number | undefined,
): Promise<NbdExport> {
  const flags = new Uint8Array(clientFlags === undefined ? 0 : 4);
  await stream.write(concatBytes([flags, option(Option.exportName, utf8Bytes(exportName))]));
  const view = viewOf(await stream.read(10));
  if (clientFlags !== undefined) await stream.read(ZEROES);
  return { sizeBytes: Number(view.getBigUint64(0)), flags: view.getUint16(8) };
}

function option(number: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(16);
  const view = viewOf(head);
  view.setBigUint64(0, OPTION_MAGIC);
  view.setUint32(8, number);
  view.setUint32(12, data.length);
  return concatBytes([head, data]);
}

async function readReply(
  stream: ByteStream,
  number: number,
): Promise<{ readonly type: number; readonly data: Uint8Array }> {
  const view = viewOf(await stream.read(20));
  const length = view.getUint32(16);
  if (view.getBigUint64(0) !== REPLY_MAGIC) throw failure("Unexpected option reply magic");
  if (view.getUint32(8) !== number) throw failure("Unexpected option type in reply");
  if (length > MAX_REPLY) throw failure("option reply is too long");
  return { type: view.getUint32(12), data: await stream.read(length) };
}

function exportOf(data: Uint8Array): NbdExport | undefined {
  const view = viewOf(data);
  if (data.length < 12 || view.getUint16(0) !== INFO_EXPORT) return undefined;
  return { sizeBytes: Number(view.getBigUint64(2)), flags: view.getUint16(10) };
}

function refusal(code: number, data: Uint8Array): StorageError {
  const reason = REFUSALS[code] ?? `Unknown error ${code}`;
  const said = data.length === 0 ? "" : `\nserver reported: ${utf8Text(data)}`;
  return failure(`${reason}${said}`);
}
