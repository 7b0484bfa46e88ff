/** The commands on storage pools. */
import { withKnownFlags } from "../../../virt/driver/tolerant-flags.ts";
import {
  ConnectListAllStoragePoolsFlags as List,
  StoragePoolBuildFlags as Build,
  StoragePoolCreateFlags as Create,
} from "../../../virt/driver/storage-flags.ts";
import type { StoragePoolRef } from "../../../virt/driver/refs.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { capacityText } from "../shell/numbers.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { OptionsOf } from "../shell/spec.ts";
import { formatTable } from "../shell/table.ts";
import type { POOL } from "../tables/pool.ts";
import { flagBits, keyValue, readText, yesNo } from "./common.ts";
import { editXml } from "./edit.ts";
import { watchEvents } from "./events.ts";
import { findPool } from "./lookup.ts";
import { printXml } from "./xpath.ts";

/** `virStoragePoolState` in words. */
const STATES = ["inactive", "building", "running", "degraded", "inaccessible"];

type Spec<Name extends keyof typeof POOL> = (typeof POOL)[Name];
/** Options that `pool-define-as` and `pool-create-as` share. */
type AsOption = OptionsOf<Spec<"pool-define-as">, "string" | "data">;
type TextOf = (name: AsOption) => string | undefined;

export const POOL_RUNS: Runs<typeof POOL> = {
  "find-storage-pool-sources-as": async (session, command) => {
    const type = command.required("type");
    const host = command.text("host");
    const port = command.text("port");
    const initiator = command.text("initiator");
    const source =
      host === undefined
        ? null
        : formatXml(
            element("source", {}, [
              element("host", { name: host, port }),
              ...(initiator === undefined
                ? []
                : [element("initiator", {}, [element("iqn", { name: initiator })])]),
            ]),
          );
    await findSources(session, type, source);
  },
  "find-storage-pool-sources": async (session, command) => {
    const file = command.text("srcSpec");
    await findSources(
      session,
      command.required("type"),
      file === undefined ? null : await readText(session, file),
    );
  },
  "pool-autostart": async (session, command) => {
    const pool = await poolOf(session, command);
    const connect = await session.connect();
    const mark = command.has("disable") ? "unmark" : "mark";
    await session.attempt(`failed to ${mark} pool ${pool.name} as autostarted`, () =>
      connect.storagePoolSetAutostart(pool, !command.has("disable")),
    );
    session.printExtra(`Pool ${pool.name} ${mark}ed as autostarted\n`);
  },
  "pool-build": async (session, command) => {
    command.exclusive("overwrite", "no-overwrite");
    const pool = await poolOf(session, command);
    const flags = flagBits(command, {
      overwrite: Build.overwrite,
      "no-overwrite": Build.noOverwrite,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to build pool ${pool.name}`, () =>
      connect.storagePoolBuild(pool, flags),
    );
    session.printExtra(`Pool ${pool.name} built\n`);
  },
  "pool-create-as": async (session, command) => {
    command.exclusive("overwrite", "no-overwrite");
    command.needs("overwrite", "build");
    command.needs("no-overwrite", "build");
    const xml = poolXml(command);
    if (command.has("print-xml")) return session.print(xml);
    const name = command.required("name");
    const connect = await session.connect();
    await session.attempt(`Failed to create pool ${name}`, () =>
      connect.storagePoolCreateXML(xml, createFlags(command)),
    );
    session.printExtra(`Pool ${name} created\n`);
  },
  "pool-create": async (session, command) => {
    command.exclusive("overwrite", "no-overwrite");
    command.needs("overwrite", "build");
    command.needs("no-overwrite", "build");
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const pool = await session.attempt(`Failed to create pool from ${file}`, () =>
      connect.storagePoolCreateXML(xml, createFlags(command)),
    );
    session.printExtra(`Pool ${pool.name} created from ${file}\n`);
  },
  "pool-define-as": async (session, command) => {
    const xml = poolXml(command);
    if (command.has("print-xml")) return session.print(xml);
    const name = command.required("name");
    const connect = await session.connect();
    await session.attempt(`Failed to define pool ${name}`, () =>
      connect.storagePoolDefineXML(xml, 0),
    );
    session.printExtra(`Pool ${name} defined\n`);
  },
  "pool-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const pool = await session.attempt(`Failed to define pool from ${file}`, () =>
      connect.storagePoolDefineXML(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Pool ${pool.name} defined from ${file}\n`);
  },
  "pool-delete": async (session, command) =>
    onPool(session, command, "delete", "deleted", (connect, pool) =>
      connect.storagePoolDelete(pool, 0),
    ),
  "pool-destroy": async (session, command) =>
    onPool(session, command, "destroy", "destroyed", (connect, pool) =>
      connect.storagePoolDestroy(pool),
    ),
  "pool-dumpxml": async (session, command) => {
    const pool = await poolOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.storagePoolGetXMLDesc(pool, command.has("inactive") ? 1 : 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "pool-edit": async (session, command) => {
    const pool = await poolOf(session, command);
    const connect = await session.connect();
    const INACTIVE = 1;
    await editXml(session, `Pool ${pool.name}`, {
      read: () =>
        withKnownFlags(INACTIVE, 0, (flags) => connect.storagePoolGetXMLDesc(pool, flags)),
      define: async (edited) => void (await connect.storagePoolDefineXML(edited, 0)),
    });
  },
  "pool-info": async (session, command) => {
    const pool = await poolOf(session, command);
    const connect = await session.connect();
    const info = await connect.storagePoolGetInfo(pool);
    const size = (bytes: bigint): string =>
      command.has("bytes") ? String(bytes) : capacityText(bytes);
    session.print(
      [
        keyValue("Name", pool.name),
        keyValue("UUID", pool.uuid),
        keyValue("State", STATES[info.state] ?? "unknown"),
        keyValue("Persistent", yesNo(await connect.storagePoolIsPersistent(pool))),
        keyValue("Autostart", yesNo(await connect.storagePoolGetAutostart(pool))),
      ].join(""),
    );
    if (info.state !== 2 && info.state !== 3) return;
    session.print(
      [
        keyValue("Capacity", size(info.capacity)),
        keyValue("Allocation", size(info.allocation)),
        keyValue("Available", size(info.available)),
      ].join(""),
    );
  },
  "pool-list": async (session, command) => listPools(session, command),
  "pool-name": async (session, command) => {
    const pool = await findPool(session, command.required("pool"), ["uuid"]);
    session.print(`${pool.name}\n`);
  },
  "pool-refresh": async (session, command) =>
    onPool(session, command, "refresh", "refreshed", (connect, pool) =>
      connect.storagePoolRefresh(pool, 0),
    ),
  "pool-start": async (session, command) => {
    command.exclusive("overwrite", "no-overwrite");
    command.needs("overwrite", "build");
    command.needs("no-overwrite", "build");
    await onPool(session, command, "start", "started", (connect, pool) =>
      connect.storagePoolCreate(pool, createFlags(command)),
    );
  },
  "pool-undefine": async (session, command) =>
    onPool(session, command, "undefine", "has been undefined", (connect, pool) =>
      connect.storagePoolUndefine(pool),
    ),
  "pool-uuid": async (session, command) => {
    const pool = await findPool(session, command.required("pool"), ["name"]);
    session.print(`${pool.uuid}\n`);
  },
  "pool-event": async (session, command) => watchEvents(session, command, "pool"),
  "pool-capabilities": async (session) => {
    const connect = await session.connect();
    session.print(
      await session.attempt("failed to get storage pool capabilities", () =>
        connect.connectGetStoragePoolCapabilities(0),
      ),
    );
  },
};

function poolOf(
  session: Session,
  command: { required(name: "pool"): string },
): Promise<StoragePoolRef> {
  return findPool(session, command.required("pool"));
}

async function onPool(
  session: Session,
  command: { required(name: "pool"): string },
  verb: string,
  done: string,
  work: (connect: Awaited<ReturnType<Session["connect"]>>, pool: StoragePoolRef) => Promise<void>,
): Promise<void> {
  const pool = await poolOf(session, command);
  const connect = await session.connect();
  await session.attempt(`Failed to ${verb} pool ${pool.name}`, () => work(connect, pool));
  session.printExtra(`Pool ${pool.name} ${done}\n`);
}

async function findSources(session: Session, type: string, source: string | null): Promise<void> {
  const connect = await session.connect();
  session.print(
    await session.attempt(`Failed to find any ${type} pool sources`, () =>
      connect.connectFindStoragePoolSources(type, source, 0),
    ),
  );
}

function createFlags(command: {
  has(name: "build" | "overwrite" | "no-overwrite"): boolean;
}): number {
  if (!command.has("build")) return 0;
  if (command.has("overwrite")) return Create.withBuildOverwrite;
  return command.has("no-overwrite") ? Create.withBuildNoOverwrite : Create.withBuild;
}

/** The definition that `pool-define-as` and `pool-create-as` make of their options. */
function poolXml(command: { required(name: "name" | "type"): string; text: TextOf }): string {
  const name = command.required("name");
  const type = command.required("type");
  const text: TextOf = (option) => command.text(option);
  const children: XmlElement[] = [textElement("name", name)];
  const source = sourceXml(text);
  if (source) children.push(source);
  const target = text("target");
  if (target !== undefined) children.push(element("target", {}, [textElement("path", target)]));
  return formatXml(element("pool", { type }, children));
}

function sourceXml(text: TextOf): XmlElement | null {
  const children: XmlElement[] = [];
  const put = (option: AsOption, make: (value: string) => XmlElement): void => {
    const value = text(option);
    if (value !== undefined) children.push(make(value));
  };
  put("source-host", (value) => element("host", { name: value }));
  put("source-path", (value) => element("dir", { path: value }));
  put("source-dev", (value) => element("device", { path: value }));
  put("source-initiator", (value) => element("initiator", {}, [element("iqn", { name: value })]));
  const adapter = adapterXml(text);
  if (adapter) children.push(adapter);
  put("source-name", (value) => textElement("name", value));
  put("source-format", (value) => element("format", { type: value }));
  const auth = authXml(text);
  if (auth) children.push(auth);
  put("source-protocol-ver", (value) => element("protocol", { ver: value }));
  return children.length === 0 ? null : element("source", {}, children);
}

function adapterXml(text: TextOf): XmlElement | null {
  const name = text("adapter-name");
  const wwnn = text("adapter-wwnn");
  const wwpn = text("adapter-wwpn");
  if (name !== undefined) return element("adapter", { type: "scsi_host", name });
  if (wwnn === undefined || wwpn === undefined) return null;
  return element("adapter", {
    type: "fc_host",
    parent: text("adapter-parent"),
    parent_wwnn: text("adapter-parent-wwnn"),
    parent_wwpn: text("adapter-parent-wwpn"),
    parent_fabric_wwn: text("adapter-parent-fabric-wwn"),
    wwnn,
    wwpn,
  });
}

function authXml(text: TextOf): XmlElement | null {
  const type = text("auth-type");
  const username = text("auth-username");
  const usage = text("secret-usage");
  const uuid = text("secret-uuid");
  if (type === undefined || username === undefined || (usage ?? uuid) === undefined) return null;
  return element("auth", { type, username }, [element("secret", { usage, uuid })]);
}

const TYPE_FLAGS: Readonly<Record<string, number>> = {
  dir: List.dir,
  fs: List.fs,
  netfs: List.netfs,
  logical: List.logical,
  disk: List.disk,
  iscsi: List.iscsi,
  scsi: List.scsi,
  mpath: List.mpath,
  rbd: List.rbd,
  sheepdog: List.sheepdog,
  gluster: List.gluster,
  zfs: List.zfs,
  vstorage: List.vstorage,
  "iscsi-direct": List.iscsiDirect,
};

async function listPools(session: Session, command: Command<Spec<"pool-list">>): Promise<void> {
  const uuid = command.has("uuid");
  const name = command.has("name");
  const details = command.has("details");
  if (details && (uuid || name)) {
    throw new CommandError(
      `Options --details and --${uuid ? "uuid" : "name"} are mutually exclusive`,
    );
  }
  let flags: number = command.has("inactive") ? List.inactive : List.active;
  if (command.has("all")) flags = List.active | List.inactive;
  flags |= flagBits(command, {
    autostart: List.autostart,
    "no-autostart": List.noAutostart,
    persistent: List.persistent,
    transient: List.transient,
  });
  for (const type of command.text("type")?.split(",") ?? []) {
    const bit = Object.hasOwn(TYPE_FLAGS, type) ? TYPE_FLAGS[type] : undefined;
    if (bit === undefined) throw new CommandError(`Invalid pool type '${type}'`);
    flags |= bit;
  }
  const connect = await session.connect();
  const pools = (
    await session.attempt("Failed to list pools", () => connect.connectListAllStoragePools(flags))
  ).toSorted(byName);
  if (uuid || name) {
    for (const pool of pools) {
      session.print(
        `${[uuid ? pool.uuid : null, name ? pool.name : null].filter((each) => each !== null).join(" ")}\n`,
      );
    }
    return;
  }
  const rows = await Promise.all(pools.map((pool) => poolRow(session, pool, details)));
  const titles = details
    ? ["Name", "State", "Autostart", "Persistent", "Capacity", "Allocation", "Available"]
    : ["Name", "State", "Autostart"];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

async function poolRow(
  session: Session,
  pool: StoragePoolRef,
  details: boolean,
): Promise<string[]> {
  const connect = await session.connect();
  const info = await connect.storagePoolGetInfo(pool);
  const autostart = yesNo(await connect.storagePoolGetAutostart(pool));
  if (!details) return [pool.name, info.state === 0 ? "inactive" : "active", autostart];
  const persistent = yesNo(await connect.storagePoolIsPersistent(pool));
  const sizes =
    info.state === 2 || info.state === 3
      ? [info.capacity, info.allocation, info.available].map(capacityText)
      : ["-", "-", "-"];
  return [pool.name, STATES[info.state] ?? "unknown", autostart, persistent, ...sizes];
}
