import { latin1 } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { type Task, run } from "../../task.ts";
import { type FormatDriver, type FormatOpening, SIZE_OPTION } from "../driver.ts";
import { createVhdx } from "./create.ts";
import { Headers } from "./headers.ts";
import { SIGNATURE, blockLayout } from "./layout.ts";
import { Log } from "./log.ts";
import { readMetadata, readRegions } from "./metadata.ts";
import { VhdxNode } from "./vhdx-node.ts";

const hasSignature = (head: Uint8Array): boolean => latin1(head.subarray(0, 8)) === SIGNATURE;

export const VHDX: FormatDriver = {
  name: "vhdx",
  probe: (head) => (hasSignature(head) ? 100 : 0),
  // oxlint-disable-next-line require-await
  open: async (file, opening) => run(openVhdx(file, opening)),
  create: {
    options: [
      { ...SIZE_OPTION, help: "Virtual disk size; max of 64TB." },
      { name: "log_size", type: "size", help: "Log size; min 1MB.", preset: "1048576" },
      {
        name: "block_size",
        type: "size",
        help: "Block Size; min 1MB, max 256MB. 0 means auto-calculate based on image size.",
        preset: "0",
      },
      {
        name: "subformat",
        type: "str",
        help: "VHDX format type, can be either 'dynamic' or 'fixed'. Default is 'dynamic'.",
      },
      {
        name: "block_state_zero",
        type: "bool",
        help:
          "Force use of payload blocks of type 'ZERO'. Non-standard, but default.  Do not set to " +
          "'off' when using 'qemu-img convert' with subformat=dynamic.",
      },
    ],
    make: createVhdx,
  },
};

function* openVhdx(file: BlockNode, opening: FormatOpening): Task<VhdxNode> {
  const { readOnly, forCheck, entropy } = opening;
  const head = new Uint8Array(8);
  yield* readPadded(file, 0, head);
  if (!hasSignature(head)) throw new StorageError("EINVAL");
  const headers = new Headers(file, entropy);
  yield* headers.read();
  const log = new Log(file, headers, entropy);
  const wasReplayed = yield* replay(log, headers, opening);
  const logRange = { offset: headers.logOffset, length: headers.logBytes };
  const regions = yield* readRegions(file, [logRange]);
  const { sizeBytes, blockBytes, sectorBytes } = yield* readMetadata(file, regions.metadata);
  const layout = blockLayout(sizeBytes, blockBytes, sectorBytes);
  if (layout.entries > Math.floor(regions.blocks.length / 8)) throw new StorageError("EINVAL");
  const report = (message: string): void => opening.report(message);
  const state = { sizeBytes, layout, regions, headers, log, wasReplayed, readOnly, report };
  const node = new VhdxNode(file, state);
  if (!forCheck) {
    yield* node.checkEntries(() => {
      throw new StorageError("EINVAL");
    });
  }
  if (!readOnly) yield* headers.update({});
  return node;
}

/** @returns true when there was something to do */
function* replay(log: Log, headers: Headers, { readOnly, filename }: FormatOpening): Task<boolean> {
  const entries = yield* log.pending();
  if (entries.length === 0) return false;
  if (readOnly) {
    throw new StorageError(
      "EPERM",
      `VHDX image file '${filename}' opened read-only, but contains a log that needs to be ` +
        `replayed\nTo replay the log, run:\nqemu-img check -r all '${filename}'`,
    );
  }
  yield* headers.update({ newData: true });
  yield* log.replay(entries);
  return true;
}
