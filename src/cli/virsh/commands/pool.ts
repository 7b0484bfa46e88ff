/** The commands on storage pools. */
import { withKnownFlags } from "../../../virt/driver/tolerant-flags.ts";
import {
  StoragePoolBuildFlags as Build,
  StoragePoolCreateFlags as Create,
} from "../../../virt/driver/storage-flags.ts";
import type { StoragePoolRef } from "../../../virt/driver/refs.ts";
import { element } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { capacityText } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { POOL } from "../tables/pool.ts";
import { flagBits, keyValue, readText, yesNo } from "./common.ts";
import { editXml } from "./edit.ts";
import { watchEvents } from "./events.ts";
import { findPool } from "./lookup.ts";
import { listPools, poolStateText } from "./pool-list.ts";
import { poolXml } from "./pool-xml.ts";
import { printXml } from "./xpath.ts";

export const POOL_RUNS: Runs<typeof POOL> = {
  "find-storage-pool-sources-as": async (session, command) => {
    const type = command.required("type");
    const host = command.text("host");
    const initiator = command.text("initiator");
    const source =
      host === undefined
        ? null
        : formatXml(
            element("source", {}, [
              element("host", { name: host, port: command.text("port") }),
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
    const flags = createFlags(command);
    const xml = poolXml(command);
    if (command.has("print-xml")) return session.print(xml);
    const name = command.required("name");
    const connect = await session.connect();
    await session.attempt(`Failed to create pool ${name}`, () =>
      connect.storagePoolCreateXML(xml, flags),
    );
    session.printExtra(`Pool ${name} created\n`);
  },
  "pool-create": async (session, command) => {
    const file = command.text("file") ?? "";
    const flags = createFlags(command);
    const xml = await readText(session, file);
    const connect = await session.connect();
    const pool = await session.attempt(`Failed to create pool from ${file}`, () =>
      connect.storagePoolCreateXML(xml, flags),
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
        keyValue("State", poolStateText(info.state)),
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
    const pool = await poolOf(session, command);
    const flags = createFlags(command);
    const connect = await session.connect();
    await session.attempt(`Failed to start pool ${pool.name}`, () =>
      connect.storagePoolCreate(pool, flags),
    );
    session.printExtra(`Pool ${pool.name} started\n`);
  },
  "pool-undefine": async (session, command) =>
    onPool(session, command, "undefine", "has been undefined", (connect, pool) =>
      connect.storagePoolUndefine(pool),
    ),
  "pool-uuid": async (session, command) => {
    const pool = await findPool(session, command.required("pool"), ["name"]);
    session.print(`${pool.uuid}\n`);
  },
  "pool-event": async (session, command) => {
    const name = command.text("pool");
    return watchEvents(session, command, "pool", () =>
      name === undefined ? undefined : findPool(session, name),
    );
  },
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
  exclusive(a: "overwrite", b: "no-overwrite"): void;
}): number {
  command.exclusive("overwrite", "no-overwrite");
  return flagBits(command, {
    build: Create.withBuild,
    overwrite: Create.withBuildOverwrite,
    "no-overwrite": Create.withBuildNoOverwrite,
  });
}
