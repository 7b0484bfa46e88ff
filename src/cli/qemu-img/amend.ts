import {
  changeRefcountWidth,
  downgrade,
  setLazyRefcounts,
  upgrade,
} from "../../storage/formats/qcow2/amend.ts";
import { changeSlots } from "../../storage/crypto/luks-slots.ts";
import { type Amending, isFormatNode } from "../../storage/formats/driver.ts";
import { slotChange } from "../../storage/formats/luks/luks-options.ts";
import type { Qcow2Encryption } from "../../storage/formats/qcow2/encryption.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { resize } from "../../storage/formats/qcow2/resize.ts";
import { amendOptions, createOptions } from "../../storage/graph/create-options.ts";
import { StorageError } from "../../storage/errors.ts";
import { type Task, run } from "../../storage/task.ts";
import { type OptionValue, asksForHelp, typedOptions } from "../image/typed-options.ts";
import { CommandError, UsageMistake } from "../image/tools.ts";
import { Progress } from "./progress.ts";
import { printAmendHelp } from "./create.ts";
import {
  type Subcommand,
  demandCacheMode,
  has,
  lastOf,
  openImage,
  optionTexts,
  orFail,
  scan,
  withImage,
} from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts", force: "force" };

export async function amendCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "ho:f:t:pq", long: LONG });
  const texts = optionTexts(scanned);
  if (texts.length === 0) throw new UsageMistake("Must specify options (-o)");
  const given = lastOf(scanned, "f");
  if (given !== undefined && asksForHelp(texts)) {
    printAmendHelp(command.tools, given);
    return 0;
  }
  const [name, extra] = scanned.words;
  if (name === undefined || extra !== undefined)
    throw new CommandError("Expecting one image file name");
  demandCacheMode(lastOf(scanned, "t"));
  const image = await openImage(command, name, {
    driver: given,
    write: true,
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async ({ node, driver }) => {
    if (asksForHelp(texts)) {
      printAmendHelp(command.tools, driver);
      return 0;
    }
    const amendOther = isFormatNode(node) ? node.amend?.bind(node) : undefined;
    if (!(node instanceof Qcow2Node) && amendOther === undefined) {
      throw new CommandError(`Format driver '${driver}' does not support option amendment`);
    }
    const options = amendable(texts, driver);
    const amending = { options, force: has(scanned, "force"), keys: command.keys };
    const progress = new Progress(command.tools, has(scanned, "p") && !has(scanned, "q"));
    await orFail(() =>
      node instanceof Qcow2Node ? amend(node, amending) : amendOther?.(amending),
    );
    progress.end();
    return 0;
  });
}

function amendable(texts: readonly string[], driver: string): Map<string, OptionValue> {
  try {
    return typedOptions(texts, amendOptions(driver));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const name = /^Invalid parameter '(.*)'$/.exec(error.message)?.[1];
    const known = createOptions(driver).some((row) => row.name === name);
    if (!known) throw error;
    throw new CommandError(`${error.message}\nThis option is only supported for image creation`);
  }
}

async function amend(node: Qcow2Node, amending: Amending): Promise<void> {
  const { image } = node;
  const { options } = amending;
  const alone = (task: Task<void>): void | Promise<void> => run(image.exclusive(task));
  const version = versionOf(options.get("compat"));
  const slots = slotChange(options, "encrypt.", amending.force);
  if (slots !== undefined) demandLuks(image.encryption);
  const bits = options.get("refcount_bits") as number | undefined;
  if (bits !== undefined) demandWidth(bits, version ?? image.header.version);
  const lazy = options.get("lazy_refcounts") as boolean | undefined;
  if (version === 3 && image.header.version === 2) await alone(upgrade(image));
  if (bits !== undefined && bits !== image.refcounts.bits)
    await alone(changeRefcountWidth(image, bits));
  const { volume, key } = image.encryption ?? {};
  if (slots !== undefined && volume !== undefined && key !== undefined)
    await changeSlots(volume, key, slots, amending.keys);
  await renameData(node, options);
  const { backingFile = "", backingFormat = "" } = image.header;
  const file = options.get("backing_file") ?? backingFile;
  const format = options.get("backing_fmt") ?? backingFormat;
  if (file !== backingFile || format !== backingFormat)
    throw new StorageError(
      "EINVAL",
      "Cannot amend the backing file\nYou can use 'qemu-img rebase' instead.",
    );
  if (lazy !== undefined && lazy !== image.hasLazyFlag) {
    if (lazy && (version ?? image.header.version) < 3) {
      throw new StorageError(
        "EINVAL",
        "Lazy refcounts only supported with compatibility level 1.1 and above (use compat=1.1 or greater)",
      );
    }
    await alone(setLazyRefcounts(image, lazy));
  }
  const size = options.get("size") as number | undefined;
  if (size !== undefined) await run(resize(image, size, {}));
  if (version === 2 && image.header.version === 3) await alone(downgrade(image));
}

function demandLuks(encryption: Qcow2Encryption | undefined): void {
  if (encryption === undefined) {
    throw new StorageError("EINVAL", "Can't amend encryption options - encryption not present");
  }
  if (encryption.method !== "luks")
    throw new StorageError("ENOTSUP", "Only LUKS encryption options can be amended");
}

function versionOf(compat: OptionValue | undefined): 2 | 3 | undefined {
  if (compat === undefined || compat === "") return undefined;
  if (compat === "0.10" || compat === "v2") return 2;
  if (compat === "1.1" || compat === "v3") return 3;
  throw new StorageError("EINVAL", `Unknown compatibility level ${compat}`);
}

function demandWidth(bits: number, version: number): void {
  if (bits > 64 || bits < 1 || !Number.isInteger(Math.log2(bits))) {
    throw new StorageError(
      "EINVAL",
      "Refcount width must be a power of two and may not exceed 64 bits",
    );
  }
  if (bits !== 16 && version < 3) {
    throw new StorageError(
      "EINVAL",
      "Refcount widths other than 16 bits require compatibility level 1.1 or above (use compat=1.1 or greater)",
    );
  }
}

async function renameData(
  { image }: Qcow2Node,
  options: ReadonlyMap<string, OptionValue>,
): Promise<void> {
  if (options.get("data_file_raw") === true && !image.hasRawDataFile) {
    throw new StorageError("EINVAL", "data-file-raw cannot be set on existing images");
  }
  if (options.has("data_file") && !image.hasDataFile)
    throw new StorageError(
      "EINVAL",
      "data-file can only be set for images that use an external data file",
    );
  const name = options.get("data_file");
  if (name === undefined) return;
  image.header.dataFile = String(name) || undefined;
  await run(image.storeHeader());
}
