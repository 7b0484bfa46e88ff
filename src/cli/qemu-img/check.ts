import type { BlockNode } from "../../storage/block-node.ts";
import type { CheckResult, Repair } from "../../storage/check-result.ts";
import { isFormatNode } from "../../storage/formats/driver.ts";
import { checkQcow2 } from "../../storage/formats/qcow2/check.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { StorageError } from "../../storage/errors.ts";
import { type Task, run } from "../../storage/task.ts";
import { prettyJson } from "../../storage/json.ts";
import { CommandError } from "../image/tools.ts";
import {
  type Subcommand,
  has,
  lastOf,
  onlyWord,
  openImage,
  outputFormat,
  scan,
  withImage,
} from "./common.ts";

const LONG = {
  help: "h",
  "format:": "f",
  "repair:": "r",
  "output:": "output",
  "object:": "object",
  "image-opts": "image-opts",
  "force-share": "U",
};

/** Statuses of `check`: the check failed, found damage, found leaks, is not possible. */
const FAILED = 1;
const CORRUPT = 2;
const LEAKS = 3;
const UNSUPPORTED = 63;

export async function checkCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hf:r:T:qU", long: LONG });
  const repair = repairOf(lastOf(scanned, "r"));
  const format = outputFormat(scanned);
  const name = onlyWord(scanned);
  const quiet = has(scanned, "q");
  const image = await openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: repair !== "none",
    share: has(scanned, "U"),
    forCheck: true,
    noBacking: false,
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async ({ node, driver, filename }) => {
    const check = checkOf(node);
    if (check === undefined) {
      command.tools.err("qemu-img: This image format does not support checks\n");
      return UNSUPPORTED;
    }
    const { out } = command.tools;
    let result = await runCheck(check, repair);
    const { corruptionsFixed, leaksFixed } = result;
    if (corruptionsFixed + leaksFixed > 0 && format === "human") {
      if (!quiet) {
        out(
          "The following inconsistencies were found and repaired:\n\n" +
            `    ${leaksFixed} leaked clusters\n    ${corruptionsFixed} corruptions\n\n` +
            "Double checking the fixed image now...\n",
        );
      }
      result = await runCheck(check, "none");
      result = { ...result, corruptionsFixed, leaksFixed };
    }
    if (format === "json") out(`${prettyJson(resultJson(result, filename, driver))}\n`);
    else if (!quiet) out(resultText(result));
    return statusOf(result);
  });
}

type Check = (repair: Repair) => Task<CheckResult>;

/** How an image is checked; undefined where its format has no check. */
function checkOf(node: BlockNode): Check | undefined {
  if (node instanceof Qcow2Node) {
    const { image } = node;
    return (repair) => image.exclusive(checkQcow2(image, repair));
  }
  return isFormatNode(node) ? node.check?.bind(node) : undefined;
}

async function runCheck(check: Check, repair: Repair): Promise<CheckResult> {
  try {
    return await run(check(repair));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError(`Check failed: ${error.message}`, FAILED);
  }
}

function repairOf(text: string | undefined): Repair {
  if (text === undefined) return "none";
  if (text === "leaks" || text === "all") return text;
  throw new CommandError("-r option expects 'leaks' or 'all' argument");
}

function resultText(result: CheckResult): string {
  const { corruptions, leaks, checkErrors } = result;
  let text = "";
  if (corruptions + leaks + checkErrors === 0) text += "No errors were found on the image.\n";
  if (corruptions > 0) {
    text +=
      `\n${corruptions} errors were found on the image.\n` +
      "Data may be corrupted, or further writes to the image may corrupt it.\n";
  }
  if (leaks > 0) {
    text +=
      `\n${leaks} leaked clusters were found on the image.\n` +
      "This means waste of disk space, but no harm to data.\n";
  }
  if (checkErrors > 0) text += `\n${checkErrors} internal errors have occurred during the check.\n`;
  return text + statisticsText(result);
}

/** C's `%.2f`: what lies halfway goes to the even digit. */
function hundredths(value: number): string {
  const scaled = value * 100;
  const down = Math.floor(scaled);
  const isTie = scaled - down === 0.5;
  return isTie ? ((down + (down % 2)) / 100).toFixed(2) : value.toFixed(2);
}

function statisticsText(result: CheckResult): string {
  const { totalClusters, allocatedClusters } = result;
  let text = "";
  if (totalClusters > 0 && allocatedClusters > 0) {
    const percent = (part: number, whole: number): string => hundredths((100 * part) / whole);
    text +=
      `${allocatedClusters}/${totalClusters} = ${percent(allocatedClusters, totalClusters)}% allocated, ` +
      `${percent(result.fragmentedClusters, allocatedClusters)}% fragmented, ` +
      `${percent(result.compressedClusters, allocatedClusters)}% compressed clusters\n`;
  }
  if (result.imageEndOffset > 0) text += `Image end offset: ${result.imageEndOffset}\n`;
  return text;
}

function resultJson(
  result: CheckResult,
  filename: string,
  format: string,
): Parameters<typeof prettyJson>[0] {
  const some = (count: number): number | undefined => (count > 0 ? count : undefined);
  return {
    filename,
    format,
    "check-errors": result.checkErrors,
    "image-end-offset": some(result.imageEndOffset),
    corruptions: some(result.corruptions),
    leaks: some(result.leaks),
    "corruptions-fixed": some(result.corruptionsFixed),
    "leaks-fixed": some(result.leaksFixed),
    "total-clusters": some(result.totalClusters),
    "allocated-clusters": some(result.allocatedClusters),
    "fragmented-clusters": some(result.fragmentedClusters),
    "compressed-clusters": some(result.compressedClusters),
  };
}

function statusOf({ corruptions, leaks, checkErrors }: CheckResult): number {
  if (checkErrors > 0) return FAILED;
  if (corruptions > 0) return CORRUPT;
  return leaks > 0 ? LEAKS : 0;
}
