import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import {
  applySnapshot,
  createSnapshot,
  deleteSnapshot,
  findSnapshot,
} from "../../storage/formats/qcow2/snapshots.ts";
import type { Snapshot } from "../../storage/formats/qcow2/snapshot-table.ts";
import { StorageError, errnoNumber, strerror } from "../../storage/errors.ts";
import { run } from "../../storage/task.ts";
import { snapshotTable } from "../image/snapshot-table.ts";
import { CommandError, type ImageTools, UsageMistake } from "../image/tools.ts";
import { type Subcommand, has, onlyWord, openImage, scan, withImage } from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts", "force-share": "U" };

export async function snapshotCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "la:c:d:hqU", long: LONG });
  const actions = scanned.options.filter(({ name }) => "lacd".includes(name) && name.length === 1);
  if (actions.length > 1) throw new UsageMistake("Cannot mix '-l', '-a', '-c', '-d'");
  const filename = onlyWord(scanned);
  const action = actions[0] ?? { name: "l", value: "" };
  const image = await openImage(command, filename, {
    write: action.name !== "l",
    share: has(scanned, "U"),
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async ({ node }) => {
    const qcow2 = node instanceof Qcow2Node ? node : undefined;
    await ACTIONS[action.name as "l" | "a" | "c" | "d"](command, qcow2, action.value, filename);
    return 0;
  });
}

type Action = (
  command: Subcommand,
  node: Qcow2Node | undefined,
  name: string,
  filename: string,
) => Promise<void>;

const ACTIONS: Record<"l" | "a" | "c" | "d", Action> = {
  async l({ tools }, node) {
    const snapshots = node?.image.snapshots ?? [];
    if (snapshots.length > 0) tools.out(snapshotTable(snapshots));
  },

  async c({ tools }, node, name) {
    const ms = tools.nowMs();
    const made = {
      name,
      dateSeconds: Math.floor(ms / 1000),
      dateNanoseconds: Math.floor((ms % 1000) * 1_000_000),
    };
    try {
      if (node === undefined) throw new StorageError("ENOTSUP");
      await run(node.image.exclusive(createSnapshot(node.image, made)));
    } catch (error) {
      throw failed(error, `Could not create snapshot '${name}': `, true);
    }
  },

  async a({ tools }, node, name) {
    try {
      if (node === undefined)
        throw new StorageError(
          "ENOTSUP",
          "Block format driver does not support internal snapshots",
        );
      const found = findSnapshot(node.image.snapshots, name);
      if (found === undefined)
        throw new StorageError("ENOENT", "Failed to load snapshot: Can't find snapshot");
      await apply(tools, node, found);
    } catch (error) {
      throw failed(error, `Could not apply snapshot '${name}': `, false);
    }
  },

  async d(_command, node, name) {
    const prefix = `Could not delete snapshot '${name}': `;
    if (node === undefined) throw new CommandError(`${prefix}snapshot not found`);
    const found = findSnapshot(node.image.snapshots, name);
    if (found === undefined) throw new CommandError(`${prefix}snapshot not found`);
    try {
      await run(node.image.exclusive(deleteSnapshot(node.image, found)));
    } catch (error) {
      throw failed(error, prefix, false);
    }
  },
};

async function apply(tools: ImageTools, { image }: Qcow2Node, snapshot: Snapshot): Promise<void> {
  try {
    await run(image.exclusive(applySnapshot(image, snapshot)));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const { errno, message } = error;
    if (message !== strerror(errno)) tools.err(`qemu-img: ${message}\n`);
    throw new StorageError(errno, `Failed to load snapshot: ${strerror(errno)}`, error);
  }
}

function failed(error: unknown, prefix: string, withNumber: boolean): CommandError {
  if (!(error instanceof StorageError)) throw error;
  const { errno, message } = error;
  return new CommandError(
    prefix + (withNumber ? `${-errnoNumber(errno)} (${strerror(errno)})` : message),
  );
}
