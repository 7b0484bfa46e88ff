import { ImageOpener } from "../../storage/graph/opener.ts";
import { getopt } from "../image/getopt.ts";
import { objectTexts, secretsOf } from "../image/secret-objects.ts";
import { CommandError, type ImageTools, UsageMistake } from "../image/tools.ts";
import { versionText } from "../image/version.ts";
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

const STANDARD_OPTIONS = { short: "hVT:", long: { help: "h", version: "V", "trace:": "T" } };

/** Options that stand before the command. @returns whether one of them was all there is to do */
function standardOptions(words: readonly string[], tools: ImageTools): boolean {
  const { options } = getopt(words, STANDARD_OPTIONS, {
    unknown: (word) => new UsageMistake(`unrecognized option '${word}'`),
    missing: (word) => new UsageMistake(`missing argument for option '${word}'`),
  });
  for (const { name, value } of options) {
    if (name === "T") {
      const event = value.replace(/^enable=/, "").split(",")[0] ?? "";
      tools.err(`qemu-img: warning: trace event '${event}' does not exist\n`);
      continue;
    }
    tools.out(name === "h" ? QEMU_IMG_HELP : versionText("qemu-img"));
    return true;
  }
  return false;
}

/** Where the command is: behind the options before it, of which -T has its argument in a word of its own. */
function commandAt(args: readonly string[]): number {
  let at = 0;
  while (args[at]?.startsWith("-") === true) at += isTraceAlone(args[at] as string) ? 2 : 1;
  return Math.min(at, args.length);
}

function isTraceAlone(word: string): boolean {
  return word === "-T" || (word.length > 2 && "--trace".startsWith(word));
}

async function dispatch(args: readonly string[], tools: ImageTools): Promise<number> {
  const at = commandAt(args);
  if (standardOptions(args.slice(0, at), tools)) return 0;
  const [name, ...rest] = args.slice(at);
  if (name === undefined) throw new UsageMistake("Not enough arguments");
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
