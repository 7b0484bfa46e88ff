import { ImageOpener } from "../../storage/graph/opener.ts";
import { objectTexts, secretsOf } from "../image/secret-objects.ts";
import { CommandError, type ImageTools, UsageMistake } from "../image/tools.ts";
import { amendCommand } from "./amend.ts";
import { benchCommand } from "./bench.ts";
import { bitmapCommand } from "./bitmap.ts";
import { checkCommand } from "./check.ts";
import { commitCommand } from "./commit.ts";
import { type Subcommand, orFail } from "./common.ts";
import { compareCommand } from "./compare.ts";
import { convertCommand } from "./convert.ts";
import { createCommand } from "./create.ts";
import { ddCommand } from "./dd.ts";
import { QEMU_IMG_HELP } from "./help.ts";
import { infoCommand } from "./info.ts";
import { mapCommand } from "./map.ts";
import { measureCommand } from "./measure.ts";
import { rebaseCommand } from "./rebase.ts";
import { resizeCommand } from "./resize.ts";
import { snapshotCommand } from "./snapshot.ts";

const COMMANDS: Readonly<Record<string, (command: Subcommand) => Promise<number>>> = {
  amend: amendCommand,
  bench: benchCommand,
  bitmap: bitmapCommand,
  check: checkCommand,
  commit: commitCommand,
  compare: compareCommand,
  convert: convertCommand,
  create: createCommand,
  dd: ddCommand,
  info: infoCommand,
  map: mapCommand,
  measure: measureCommand,
  rebase: rebaseCommand,
  resize: resizeCommand,
  snapshot: snapshotCommand,
};

/** `tabvisor qemu-img …`. @returns the exit status */
export async function qemuImg(args: readonly string[], tools: ImageTools): Promise<number> {
  try {
    return await dispatch(args, tools);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    tools.err(`qemu-img: ${error.message}\n`);
    if (error instanceof UsageMistake) tools.err("Try 'qemu-img --help' for more information\n");
    return error.status;
  }
}

async function dispatch(args: readonly string[], tools: ImageTools): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageMistake("Not enough arguments");
  if (name === "-h" || name === "--help") {
    tools.out(QEMU_IMG_HELP);
    return 0;
  }
  if (name.startsWith("-")) throw new UsageMistake(`unrecognized option '${name}'`);
  const command = COMMANDS[name];
  if (command === undefined) throw new UsageMistake(`Command not found: ${name}`);
  if (rest.includes("--help") || rest[0] === "-h") {
    tools.out(QEMU_IMG_HELP);
    return 0;
  }
  const keys = await orFail(() => secretsOf(objectTexts(rest), tools));
  const report = (message: string): void => tools.err(`${message}\n`);
  const complain = (message: string): void => tools.err(`qemu-img: ${message}\n`);
  const opener = new ImageOpener(tools.files, report, tools.web, {
    complain,
    keys,
    sockets: tools.sockets,
  });
  return command({ tools, opener, keys, args: rest });
}
