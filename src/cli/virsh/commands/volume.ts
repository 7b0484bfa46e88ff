/** The commands on storage volumes. */
import { ErrorDomain, VmError, vmError } from "../../../protocol/vm-error.ts";
import type { StoragePoolRef, StorageVolRef } from "../../../virt/driver/refs.ts";
import type { Stream } from "../../../virt/driver/streams.ts";
import {
  StorageVolCreateFlags as Create,
  StorageVolDeleteFlags,
  StorageVolResizeFlags as Resize,
} from "../../../virt/driver/storage-flags.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { draftOf, childAt, ensureChild, removeChildren, setText } from "../../../virt/xml/draft.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { CommandError } from "../shell/errors.ts";
import { capacityText, parseScaled } from "../shell/numbers.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { VOLUME } from "../tables/volume.ts";
import { flagBits, keyValue, readText } from "./common.ts";
import { findPool, findVolume } from "./lookup.ts";
import { printXml } from "./xpath.ts";

/** `virStorageVolType` in words. */
const TYPES = ["file", "block", "dir", "network", "net-dir", "ploop"];

/** `virStorageVolWipeAlgorithm` in words. */
const WIPES = [
  "zero",
  "nnsa",
  "dod",
  "bsi",
  "gutmann",
  "schneier",
  "pfitzner7",
  "pfitzner33",
  "random",
  "trim",
];

const PHYSICAL = 1;
const SPARSE = 1;

export const VOLUME_RUNS: Runs<typeof VOLUME> = {
  "vol-clone": async (session, command) => {
    const from = await volumeOf(session, command);
    const connect = await session.connect();
    const name = command.required("newname");
    const xml = clonedXml(await connect.storageVolGetXMLDesc(from, 0), name);
    if (command.has("print-xml")) return session.print(xml);
    const pool = await session.attempt("failed to get parent pool", () =>
      connect.storagePoolLookupByVolume(from),
    );
    const flags = flagBits(command, {
      "prealloc-metadata": Create.preallocMetadata,
      reflink: Create.reflink,
    });
    const made = await session.attempt(`Failed to clone vol from ${from.name}`, () =>
      connect.storageVolCreateXMLFrom(pool, xml, from, flags),
    );
    session.printExtra(`Vol ${made.name} cloned from ${from.name}\n`);
  },
  "vol-create-as": async (session, command) => {
    const pool = await findPool(session, command.required("pool"));
    const name = command.text("name") ?? "";
    const capacity = sizeOf(command.text("capacity") ?? "");
    const allocation = command.textOrNone("allocation");
    const allocated = allocation === undefined ? undefined : sizeOf(allocation);
    const format = command.text("format");
    const backing = command.text("backing-vol");
    const backingFormat = command.text("backing-vol-format");
    const xml = formatXml(
      element("volume", {}, [
        textElement("name", name),
        textElement("capacity", capacity),
        ...(allocated === undefined ? [] : [textElement("allocation", allocated)]),
        ...(format === undefined
          ? []
          : [element("target", {}, [element("format", { type: format })])]),
        ...(backing === undefined ? [] : [await backingXml(session, pool, backing, backingFormat)]),
      ]),
    );
    if (command.has("print-xml")) return session.print(xml);
    const flags = flagBits(command, { "prealloc-metadata": Create.preallocMetadata });
    const connect = await session.connect();
    await session.attempt(`Failed to create vol ${name}`, () =>
      connect.storageVolCreateXML(pool, xml, flags),
    );
    session.printExtra(`Vol ${name} created\n`);
  },
  "vol-create": async (session, command) => {
    const pool = await findPool(session, command.required("pool"));
    const file = command.required("file");
    const xml = await readText(session, file);
    const flags = flagBits(command, {
      "prealloc-metadata": Create.preallocMetadata,
      validate: Create.validate,
    });
    const connect = await session.connect();
    const made = await session.attempt(`Failed to create vol from ${file}`, () =>
      connect.storageVolCreateXML(pool, xml, flags),
    );
    session.printExtra(`Vol ${made.name} created from ${file}\n`);
  },
  "vol-create-from": async (session, command) => {
    const pool = await findPool(session, command.required("pool"));
    const from = await findVolume(session, command.required("vol"), {
      option: "inputpool",
      text: command.text("inputpool"),
    });
    const file = command.required("file");
    const xml = await readText(session, file);
    const flags = flagBits(command, {
      "prealloc-metadata": Create.preallocMetadata,
      reflink: Create.reflink,
      validate: Create.validate,
    });
    const connect = await session.connect();
    const made = await session.attempt(`Failed to create vol from ${file}`, () =>
      connect.storageVolCreateXMLFrom(pool, xml, from, flags),
    );
    session.printExtra(`Vol ${made.name} created from input vol ${from.name}\n`);
  },
  "vol-delete": async (session, command) => {
    const vol = await volumeOf(session, command);
    const flags = flagBits(command, { "delete-snapshots": StorageVolDeleteFlags.withSnapshots });
    const connect = await session.connect();
    await session.attempt(`Failed to delete vol ${vol.name}`, () =>
      connect.storageVolDelete(vol, flags),
    );
    session.printExtra(`Vol ${vol.name} deleted\n`);
  },
  "vol-download": async (session, command) => {
    const offset = command.wholeBig("offset", "ulonglong") ?? 0n;
    const length = command.wholeBig("length", "ulonglong") ?? 0n;
    const vol = await volumeOf(session, command);
    const file = await opened(session, command.text("file") ?? "", "write");
    const connect = await session.connect();
    await moved(session, file, `cannot download from volume ${vol.name}`, () =>
      connect.storageVolDownload(vol, file, offset, length, command.has("sparse") ? SPARSE : 0),
    );
  },
  "vol-dumpxml": async (session, command) => {
    const vol = await volumeOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.storageVolGetXMLDesc(vol, 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "vol-info": async (session, command) => {
    const vol = await volumeOf(session, command);
    const connect = await session.connect();
    const physical = command.has("physical");
    const info = await connect.storageVolGetInfoFlags(vol, physical ? PHYSICAL : 0);
    const size = (bytes: bigint): string =>
      command.has("bytes") ? `${bytes} bytes` : capacityText(bytes);
    session.print(
      [
        keyValue("Name", vol.name),
        keyValue("Type", TYPES[info.type] ?? "unknown"),
        keyValue("Capacity", size(info.capacity)),
        keyValue(physical ? "Physical" : "Allocation", size(info.allocation)),
      ].join(""),
    );
  },
  "vol-key": async (session, command) => {
    session.print(`${(await volumeOf(session, command)).key}\n`);
  },
  "vol-list": async (session, command) => {
    const pool = await findPool(session, command.required("pool"));
    const connect = await session.connect();
    const volumes = await session.attempt("Failed to list volumes", () =>
      connect.storagePoolListAllVolumes(pool, 0),
    );
    const details = command.has("details");
    const rows = await Promise.all(
      volumes.toSorted(byName).map((vol) => volumeRow(session, vol, details)),
    );
    const titles = details ? ["Name", "Path", "Type", "Capacity", "Allocation"] : ["Name", "Path"];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  "vol-name": async (session, command) => {
    const vol = await findVolume(session, command.required("vol"), null);
    session.print(`${vol.name}\n`);
  },
  "vol-path": async (session, command) => {
    const vol = await volumeOf(session, command);
    const connect = await session.connect();
    session.print(`${await connect.storageVolGetPath(vol)}\n`);
  },
  "vol-pool": async (session, command) => {
    const vol = await findVolume(session, command.required("vol"), null);
    const connect = await session.connect();
    const pool = await session.attempt("failed to get parent pool", () =>
      connect.storagePoolLookupByVolume(vol),
    );
    session.print(`${command.has("uuid") ? pool.uuid : pool.name}\n`);
  },
  "vol-resize": async (session, command) => resizeVolume(session, command),
  "vol-upload": async (session, command) => {
    const offset = command.wholeBig("offset", "ulonglong") ?? 0n;
    const length = command.wholeBig("length", "ulonglong") ?? 0n;
    const vol = await volumeOf(session, command);
    const file = await opened(session, command.text("file") ?? "", "read");
    const connect = await session.connect();
    await moved(session, file, `cannot upload to volume ${vol.name}`, () =>
      connect.storageVolUpload(vol, file, offset, length, command.has("sparse") ? SPARSE : 0),
    );
  },
  "vol-wipe": async (session, command) => {
    const vol = await volumeOf(session, command);
    const name = command.text("algorithm") ?? "zero";
    const algorithm = WIPES.indexOf(name);
    if (algorithm < 0) throw new CommandError(`Unsupported algorithm '${name}'`);
    const connect = await session.connect();
    await session.attempt(`Failed to wipe vol ${vol.name}`, () =>
      connect.storageVolWipePattern(vol, algorithm, 0),
    );
    session.printExtra(`Vol ${vol.name} wiped\n`);
  },
};

/** Opens a file of the user's. @throws CommandError, which does not say why */
function opened(
  session: Session,
  path: string,
  how: "read" | "write",
): ReturnType<Session["host"]["openFile"]> {
  return session.host.openFile(path, how).catch((error: unknown) => {
    if (!(error instanceof VmError)) throw error;
    throw new CommandError(`cannot ${how === "read" ? "read" : "create"} ${path}`);
  });
}

function volumeOf(
  session: Session,
  command: { required(name: "vol"): string; text(name: "pool"): string | undefined },
): Promise<StorageVolRef> {
  return findVolume(session, command.required("vol"), {
    option: "pool",
    text: command.text("pool"),
  });
}

/** A size in bytes with its suffix. @throws CommandError */
function sizeOf(text: string): bigint {
  const parsed = parseScaled(text, 1n, 2n ** 64n - 1n);
  if (typeof parsed === "bigint") return parsed;
  const first = `Malformed size ${text}`;
  throw new CommandError(parsed.reason === null ? first : `${first}\n${parsed.reason}`);
}

/** The definition with another name, and no key or path of its own. */
function clonedXml(xml: string, name: string): string {
  const volume = draftOf(parseXml(xml, "volume_definition", "volume"));
  setText(ensureChild(volume, "name"), name);
  removeChildren(volume, "key");
  const target = childAt(volume, "target");
  if (target) removeChildren(target, "path");
  return formatXml(volume);
}

/** The backing volume: by name in the pool, key, or path. */
async function backingXml(
  session: Session,
  pool: StoragePoolRef,
  name: string,
  format: string | undefined,
): Promise<XmlElement> {
  const connect = await session.connect();
  const lookups = [
    () => connect.storageVolLookupByName(pool, name),
    () => connect.storageVolLookupByKey(name),
    () => connect.storageVolLookupByPath(name),
  ];
  let last: unknown = vmError("noStorageVol", name, { domain: ErrorDomain.storage });
  for (const lookup of lookups) {
    try {
      const path = await connect.storageVolGetPath(await lookup());
      return element("backingStore", {}, [
        textElement("path", path),
        ...(format === undefined ? [] : [element("format", { type: format })]),
      ]);
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      last = error;
    }
  }
  session.error(`failed to get vol '${name}'`);
  throw last;
}

/** Runs a transfer; the file is closed whatever happens. */
async function moved(
  session: Session,
  file: Stream,
  action: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await session.attempt(action, work);
  } catch (error) {
    file.abort();
    throw error;
  }
}

async function volumeRow(
  session: Session,
  vol: StorageVolRef,
  details: boolean,
): Promise<string[]> {
  const connect = await session.connect();
  const path = await connect.storageVolGetPath(vol);
  if (!details) return [vol.name, path];
  const info = await connect.storageVolGetInfoFlags(vol, 0);
  return [
    vol.name,
    path,
    TYPES[info.type] ?? "unknown",
    capacityText(info.capacity),
    capacityText(info.allocation),
  ];
}

interface ResizeCommand {
  required(name: "vol" | "capacity"): string;
  text(name: "pool"): string | undefined;
  has(name: "allocate" | "delta" | "shrink"): boolean;
}

async function resizeVolume(session: Session, command: ResizeCommand): Promise<void> {
  const vol = await volumeOf(session, command);
  const text = command.required("capacity");
  const negative = text.startsWith("-");
  // A change that begins with a minus makes the volume smaller.
  const delta = command.has("delta") || negative;
  if (negative && !command.has("shrink")) {
    throw new CommandError("negative size requires --shrink");
  }
  const size = sizeOf(negative ? text.slice(1) : text);
  let flags = command.has("allocate") ? Resize.allocate : 0;
  if (delta) flags |= Resize.delta;
  if (command.has("shrink")) flags |= Resize.shrink;
  const connect = await session.connect();
  const by = delta ? "by" : "to";
  await session.attempt(`Failed to change size of volume '${vol.name}' ${by} ${text}`, () =>
    connect.storageVolResize(vol, size, flags),
  );
  const done = delta
    ? `Size of volume '${vol.name}' successfully changed by ${text}`
    : `Size of volume '${vol.name}' successfully changed to ${text}`;
  session.printExtra(`${done}\n`);
}
