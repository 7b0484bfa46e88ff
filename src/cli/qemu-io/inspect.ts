import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { findDriver } from "../../storage/graph/drivers/driver-table.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { formatInfo, formatSpecific, specificText } from "../image/format-specific.ts";
import { longSizeText } from "../image/sizes.ts";
import { type Arguments, numberOf } from "./arguments.ts";
import type { Session } from "./session.ts";

export async function infoCommand(session: Session): Promise<boolean> {
  const image = session.image as OpenImage;
  const { out } = session.tools;
  out(`format name: ${image.driver}\n`);
  // Protocols have a second name, which is the same.
  if (findDriver(image.driver)?.kind === "protocol") out(`format name: ${image.driver}\n`);
  const { clusterSize } = formatInfo(image);
  if (clusterSize === undefined) return true;
  const vmState = image.node instanceof Qcow2Node ? image.node.vmStateOffset : 0;
  out(`cluster size: ${longSizeText(clusterSize)}\n`);
  out(`vm state offset: ${longSizeText(vmState)}\n`);
  const specific = await formatSpecific(image);
  if (specific !== undefined) out(`Format specific information:\n${specificText(specific)}`);
  return true;
}

export async function allocCommand(session: Session, { words }: Arguments): Promise<boolean> {
  const { node } = session.image as OpenImage;
  const start = numberOf(words[0] as string);
  const wanted = words[1] === undefined ? 512 : numberOf(words[1]);
  const count = Math.max(0, Math.min(wanted, node.sizeBytes - start));
  let sum = 0;
  for (let at = start; at < start + count;) {
    const most = start + count - at;
    const { allocated, length } = await node.status(at, most);
    if (allocated) sum += Math.min(length, most);
    at += length;
  }
  session.tools.out(`${sum}/${count} bytes allocated at offset ${longSizeText(start)}\n`);
  return true;
}

export async function mapCommand(session: Session): Promise<boolean> {
  const { node } = session.image as OpenImage;
  const size = node.sizeBytes;
  if (size === 0) return true;
  for (let at = 0; at < size;) {
    const { allocated, length: first } = await node.status(at, size - at);
    let length = first;
    while (at + length < size) {
      const next = await node.status(at + length, size - at - length);
      if (next.allocated !== allocated) break;
      length += next.length;
    }
    const words = allocated ? "    allocated" : "not allocated";
    const place = `${longSizeText(at)} (0x${at.toString(16)})`;
    session.tools.out(
      `${longSizeText(length)} (0x${length.toString(16)}) bytes ${words} at offset ${place}\n`,
    );
    at += length;
  }
  return true;
}
