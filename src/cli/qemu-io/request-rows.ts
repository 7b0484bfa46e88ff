import type { Preallocation } from "../../storage/block-node.ts";
import { StorageError } from "../../storage/errors.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { type Arguments, numberOf } from "./arguments.ts";
import type { Row } from "./command-row.ts";
import type { Session } from "./session.ts";
import { discardCommand, readCommand, writeCommand } from "./transfer.ts";

const PREALLOCATION: readonly Preallocation[] = ["off", "metadata", "falloc", "full"];

/** Requests to the image. */
export const REQUEST_ROWS: readonly Row[] = [
  {
    name: "discard",
    alias: "d",
    args: "[-Cq] off len",
    oneLine: "discards a number of bytes at a specified offset",
    short: "Cq",
    least: 2,
    most: 2,
    writes: true,
    run: discardCommand,
  },
  {
    name: "flush",
    alias: "f",
    args: "",
    oneLine: "flush all in-core file state to disk",
    short: "",
    least: 0,
    most: 0,
    async run({ image }) {
      await (image as OpenImage).node.flush();
      return true;
    },
  },
  {
    name: "read",
    alias: "r",
    args: "[-abCqv] [-P pattern [-s off] [-l len]] off len",
    oneLine: "reads a number of bytes at a specified offset",
    short: "abCl:pP:qs:v",
    least: 2,
    most: -1,
    run: (session, args) => readCommand(session, "read", args),
  },
  {
    name: "readv",
    alias: "rv",
    args: "[-Cqv] [-P pattern] off len [len..]",
    oneLine: "reads a number of bytes at a specified offset",
    short: "CP:qv",
    least: 2,
    most: -1,
    run: (session, args) => readCommand(session, "readv", args),
  },
  {
    name: "truncate",
    alias: "t",
    args: "[-m prealloc_mode] off",
    oneLine: "truncates the current file at the given offset",
    short: "m:",
    least: 1,
    most: 1,
    writes: true,
    run: truncateCommand,
  },
  {
    name: "write",
    alias: "w",
    args: "[-bcCfnquz] [-P pattern | -s source_file] off len",
    oneLine: "writes a number of bytes at a specified offset",
    short: "bcCfnpP:qs:uz",
    least: 2,
    most: -1,
    writes: true,
    run: (session, args) => writeCommand(session, "write", args),
  },
  {
    name: "writev",
    alias: "wv",
    args: "[-Cfq] [-P pattern] off len [len..]",
    oneLine: "writes a number of bytes at a specified offset",
    short: "CfqP:",
    least: 2,
    most: -1,
    writes: true,
    run: (session, args) => writeCommand(session, "writev", args),
  },
];

async function truncateCommand(session: Session, args: Arguments): Promise<boolean> {
  const size = numberOf(args.words[0] as string);
  const mode = args.value("m") ?? "off";
  const preallocation = PREALLOCATION.find((known) => known === mode);
  if (preallocation === undefined) {
    session.tools.err(`qemu-io: Invalid parameter '${mode}'\n`);
    return false;
  }
  try {
    await (session.image as OpenImage).node.truncate(size, { preallocation });
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    session.tools.err(`qemu-io: ${error.message}\n`);
    return false;
  }
}
