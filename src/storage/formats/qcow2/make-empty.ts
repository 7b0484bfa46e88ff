import type { Task } from "../../task.ts";
import type { Qcow2Image } from "./image.ts";
import { discardCluster } from "./zero.ts";

/** Takes all data out of an image, so that its backing image shows. */
export function* makeEmpty(image: Qcow2Image): Task<void> {
  for (let index = 0; index * 8 < image.l1.length; index++) {
    const l2 = image.l1Offset(index);
    if (l2 === 0) continue;
    const start = index * image.l2Span;
    const end = Math.min(start + image.l2Span, image.sizeBytes);
    for (let at = start; at < end; at += image.clusterSize) yield* discardCluster(image, at, true);
  }
  yield* image.flush();
}
