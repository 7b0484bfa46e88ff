import { latin1 } from "../../../util/bytes.ts";
import type { BlockNode, Preallocation } from "../../block-node.ts";
import { createLuks, luksHeaderBytes } from "../../crypto/luks-create.ts";
import { LUKS_MAGIC } from "../../crypto/luks-header.ts";
import { type LuksStore, LuksVolume } from "../../crypto/luks-volume.ts";
import { requiredPassword } from "../../crypto/secrets.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { run } from "../../task.ts";
import {
  type FormatCreation,
  type FormatDriver,
  type FormatOpening,
  type Measuring,
  SIZE_OPTION,
} from "../driver.ts";
import { LuksNode } from "./luks-node.ts";
import { luksChoice, luksRows, textOption } from "./luks-options.ts";

/** LUKS version 1 as QEMU and cryptsetup have it. */
export const LUKS: FormatDriver = {
  name: "luks",
  probe: (head) => (latin1(head.subarray(0, LUKS_MAGIC.length)) === LUKS_MAGIC ? 100 : 0),
  open,
  create: {
    options: [
      SIZE_OPTION,
      ...luksRows("", "ID of the secret that provides the keyslot passphrase"),
    ],
    make,
    measure,
  },
};

/** The header at the start of a file. */
function storeIn(file: BlockNode): LuksStore {
  return {
    read: (offset, bytes) => run(readPadded(file, offset, bytes)),
    write: (offset, bytes) => file.write(offset, [bytes]),
    flush: () => file.flush(),
  };
}

async function open(file: BlockNode, opening: FormatOpening): Promise<LuksNode> {
  const { keys, lookOnly, readOnly } = opening;
  const secret = opening.option("key-secret");
  const password = lookOnly ? undefined : requiredPassword(keys, secret, "");
  const volume = await LuksVolume.open(storeIn(file), keys.crypto);
  const key = password === undefined ? undefined : await volume.unlock(password);
  return new LuksNode({ file, volume, key, readOnly });
}

function preallocationOf({ options }: Pick<FormatCreation, "options">): Preallocation {
  const mode = textOption(options, "preallocation") ?? "off";
  if (mode === "off" || mode === "metadata" || mode === "falloc" || mode === "full") return mode;
  throw new StorageError("EINVAL", `Parameter 'preallocation' does not accept value '${mode}'`);
}

async function make(creation: FormatCreation): Promise<void> {
  const { filename, sizeBytes, options, keys } = creation;
  const file = await creation.createFile(filename);
  try {
    const choice = luksChoice(options, "");
    const preallocation = preallocationOf(creation);
    const password = requiredPassword(keys, textOption(options, "key-secret"), "");
    await file.truncate(luksHeaderBytes(choice) + sizeBytes, { preallocation });
    await createLuks(storeIn(file), keys.crypto, choice, password);
    await file.close();
  } catch (error) {
    await file.close();
    await creation.removeFile(filename);
    throw error;
  }
}

function measure({ options, sizeBytes, keys }: Measuring): { required: number; full: number } {
  const bytes = luksHeaderBytes(luksChoice(options, "")) + sizeBytes;
  requiredPassword(keys, textOption(options, "key-secret"), "");
  return { required: bytes, full: bytes };
}
