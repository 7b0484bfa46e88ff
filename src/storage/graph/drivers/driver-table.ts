import { DRIVERS as FORMATS } from "../../formats/drivers.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { openBlkdebug } from "./blkdebug.ts";
import { openFile } from "./file.ts";
import { openCompress, openCopyOnRead } from "./filters.ts";
import { openFormat } from "./format.ts";
import { openNbd } from "./nbd.ts";
import { openNull } from "./null.ts";
import { openQcow2Image } from "./qcow2.ts";
import { openRaw } from "./raw.ts";
import { openWebImage } from "./web.ts";

/** How the nodes of one kind are opened. */
export type Driver =
  | {
      readonly name: string;
      /** Bytes from somewhere: it reads its names by itself. */
      readonly kind: "protocol";
      open(nodes: NodeOpener, request: NodeRequest): Promise<OpenImage>;
    }
  | {
      readonly name: string;
      /** A format over a protocol, or a filter over anything. */
      readonly kind: "format" | "filter";
      open(nodes: NodeOpener, request: NodeRequest, file: OpenImage): Promise<OpenImage>;
    };

const DRIVERS: readonly Driver[] = [
  { name: "file", kind: "protocol", open: openFile },
  { name: "host_device", kind: "protocol", open: openFile },
  { name: "host_cdrom", kind: "protocol", open: openFile },
  { name: "nbd", kind: "protocol", open: openNbd },
  { name: "null-co", kind: "protocol", open: openNull },
  { name: "null-aio", kind: "protocol", open: openNull },
  { name: "http", kind: "protocol", open: openWebImage },
  { name: "https", kind: "protocol", open: openWebImage },
  { name: "blkdebug", kind: "protocol", open: openBlkdebug },
  { name: "copy-on-read", kind: "filter", open: openCopyOnRead },
  { name: "compress", kind: "filter", open: openCompress },
  { name: "raw", kind: "format", open: openRaw },
  { name: "qcow2", kind: "format", open: openQcow2Image },
  ...FORMATS.map((format): Driver => {
    return {
      name: format.name,
      kind: "format",
      open: (nodes, request, file) => openFormat(format, nodes, request, file),
    };
  }),
];

export function findDriver(name: string): Driver | undefined {
  return DRIVERS.find((driver) => driver.name === name);
}
