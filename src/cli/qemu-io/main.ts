import { type ImageOptions, parseImageOptions } from "../../storage/graph/image-options.ts";
import { StorageError } from "../../storage/errors.ts";
import type { Keys } from "../../storage/crypto/secrets.ts";
import { secretsOf } from "../image/secret-objects.ts";
import { getopt } from "../image/getopt.ts";
import { CommandError } from "../image/tools.ts";
import { versionText } from "../image/version.ts";
import { runLine } from "./commands.ts";
import { QEMU_IO_HELP } from "./help.ts";
import { type QemuIoTools, Session } from "./session.ts";

const LONG = {
  help: "h",
  version: "V",
  "cmd:": "c",
  "format:": "f",
  "read-only": "r",
  snapshot: "s",
  nocache: "n",
  "copy-on-read": "C",
  misalign: "m",
  "native-aio": "k",
  "aio:": "i",
  "discard:": "d",
  "cache:": "t",
  "trace:": "T",
  "force-share": "U",
  "object:": "object",
  "image-opts": "image-opts",
};

/** `tabvisor qemu-io …`. @returns the exit status */
export async function qemuIo(args: readonly string[], tools: QemuIoTools): Promise<number> {
  try {
    return await start(args, tools);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    tools.err(`${error.message}\n`);
    return error.status;
  }
}

async function start(args: readonly string[], tools: QemuIoTools): Promise<number> {
  const { options, words } = getopt(
    args,
    { short: "hVc:d:f:rsnCmki:t:T:U", long: LONG },
    {
      unknown: (word) => new CommandError(`qemu-io: unrecognized option '${word}'\n${HINT}`),
      missing: (word) =>
        new CommandError(`qemu-io: option '${word}' requires an argument\n${HINT}`),
    },
  );
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const last = (name: string): string | undefined =>
    options.findLast((option) => option.name === name)?.value;
  if (has("h")) {
    tools.out(QEMU_IO_HELP);
    return 0;
  }
  if (has("V")) {
    tools.out(versionText("qemu-io"));
    return 0;
  }
  const objects = options.filter(({ name }) => name === "object").map(({ value }) => value);
  const session = new Session(tools, await secretObjects(objects, tools));
  session.writeThrough = WRITE_THROUGH.has(last("t") ?? "");
  const [file] = words;
  if (file !== undefined) {
    const format = last("f");
    if (has("image-opts") && format !== undefined)
      throw new CommandError("qemu-io: --image-opts and -f are mutually exclusive");
    const common = { write: !has("r"), share: has("U"), driver: format, copyOnRead: has("C") };
    const request = has("image-opts")
      ? { ...common, options: imageOptions(file) }
      : { ...common, filename: file };
    const name = has("image-opts") ? undefined : file;
    if (!(await session.open(name, request, has("s")))) return 1;
  }
  const lines = options.filter(({ name }) => name === "c").map(({ value }) => value);
  const good = lines.length > 0 ? await runAll(session, lines) : await prompt(session, tools);
  await session.close();
  return good ? 0 : 1;
}

async function secretObjects(texts: readonly string[], tools: QemuIoTools): Promise<Keys> {
  try {
    return await secretsOf(texts, tools);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof CommandError)) throw error;
    throw new CommandError(`qemu-io: ${error.message}`);
  }
}

const WRITE_THROUGH = new Set(["writethrough", "directsync"]);
const HINT = "Try 'qemu-io --help' for more information.";

function imageOptions(text: string): ImageOptions {
  try {
    return parseImageOptions(text);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError(`qemu-io: ${error.message}`);
  }
}

async function runAll(session: Session, lines: readonly string[]): Promise<boolean> {
  let good = true;
  for (const line of lines) {
    const outcome = await runLine(session, line);
    if (outcome === "quit") break;
    if (outcome === "failed") good = false;
  }
  return good;
}

async function prompt(session: Session, tools: QemuIoTools): Promise<boolean> {
  let good = true;
  for (;;) {
    tools.out("qemu-io> ");
    const line = (await tools.readLine?.()) ?? null;
    if (line === null) break;
    const outcome = await runLine(session, line);
    if (outcome === "quit") break;
    if (outcome === "failed") good = false;
  }
  return good;
}
