import type { Task } from "../../task.ts";
import { wait } from "../../task.ts";
import type { CheckResult } from "../../check-result.ts";
import { HI_COPIED, entryOffset } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { hasHost, readEntry } from "./l2.ts";

/** A copied flag must be set exactly where a count is one. */
export function* checkCopiedFlags(
  image: Qcow2Image,
  result: CheckResult,
  repair: boolean,
): Task<void> {
  const verb = repair ? "Repairing" : "ERROR";
  let l1Changed = false;
  for (let at = 0; at < image.l1.length; at += 8) {
    const l2Offset = entryOffset(image.l1View, at);
    if (l2Offset === 0 || l2Offset % image.clusterSize !== 0) continue;
    if (l2Offset >= image.file.sizeBytes) continue;
    const count = yield* image.refcounts.get(l2Offset / image.clusterSize);
    const hi = image.l1View.getUint32(at);
    if ((count === 1) !== ((hi & HI_COPIED) !== 0)) {
      const entry = image.l1View.getBigUint64(at).toString(16);
      image.report(
        `${verb} OFLAG_COPIED L2 cluster: l1_index=${at / 8} l1_entry=${entry} refcount=${count}`,
      );
      if (repair) {
        image.l1View.setUint32(at, (hi ^ HI_COPIED) >>> 0);
        l1Changed = true;
        result.corruptionsFixed++;
      } else result.corruptions++;
    }
    yield* checkTable(image, l2Offset, result, repair);
  }
  if (!l1Changed) return;
  yield* image.writeBack(true);
  yield* image.barrier();
  yield* wait(image.file.write(image.header.l1Offset, [image.l1]));
}

function* checkTable(
  image: Qcow2Image,
  l2Offset: number,
  result: CheckResult,
  repair: boolean,
): Task<void> {
  const { tableBytes } = image.l2;
  for (let base = 0; base < image.clusterSize; base += tableBytes) {
    let table = yield* image.l2.load(l2Offset + base);
    for (let at = 0; at < tableBytes; at += image.l2EntryBytes) {
      const hi = table.view.getUint32(at);
      if (hi === 0 && table.view.getUint32(at + 4) === 0) continue;
      const entry = readEntry(image, { table, at });
      if (entry.compressed || !hasHost(image, entry)) continue;
      if (image.hasDataFile || entry.host % image.clusterSize !== 0) continue;
      const count = yield* image.refcounts.get(entry.host / image.clusterSize);
      if ((count === 1) === entry.copied) continue;
      const text = table.view.getBigUint64(at).toString(16);
      image.report(
        `${repair ? "Repairing" : "ERROR"} OFLAG_COPIED data cluster: l2_entry=${text} refcount=${count}`,
      );
      if (!repair) {
        result.corruptions++;
        continue;
      }
      table = yield* image.l2.load(l2Offset + base);
      table.view.setUint32(at, (hi ^ HI_COPIED) >>> 0);
      image.l2.markDirty(table);
      result.corruptionsFixed++;
    }
  }
}
