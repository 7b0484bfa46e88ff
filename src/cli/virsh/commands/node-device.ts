/** The commands on node devices. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { NodeDeviceRef } from "../../../virt/driver/refs.ts";
import { ConnectListAllNodeDeviceFlags as List } from "../../../virt/driver/host-flags.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { type TreeNode, treesText } from "../shell/tree.ts";
import type { NODEDEV } from "../tables/nodedev.ts";
import { splitCommas } from "./comma-lists.ts";
import { readText, yesNo } from "./common.ts";
import { watchEvents } from "./events.ts";
import { printXml } from "./xpath.ts";

type Spec<Name extends keyof typeof NODEDEV> = (typeof NODEDEV)[Name];

export const NODEDEV_RUNS: Runs<typeof NODEDEV> = {
  "nodedev-create": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const device = await session.attempt(`Failed to create node device from ${file}`, () =>
      connect.nodeDeviceCreateXML(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Node device ${device.name} created from ${file}\n`);
  },
  "nodedev-destroy": async (session, command) => {
    const device = await deviceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to destroy node device '${device.name}'`, () =>
      connect.nodeDeviceDestroy(device),
    );
    session.printExtra(`Destroyed node device '${device.name}'\n`);
  },
  "nodedev-detach": async (session, command) => {
    const driver = command.textOrNone("driver") ?? null;
    const device = await deviceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to detach device ${device.name}`, () =>
      connect.nodeDeviceDetachFlags(device, driver, 0),
    );
    session.printExtra(`Device ${device.name} detached\n`);
  },
  "nodedev-dumpxml": async (session, command) => {
    const device = await deviceOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.nodeDeviceGetXMLDesc(device, 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "nodedev-list": async (session, command) => listDevices(session, command),
  "nodedev-reattach": async (session, command) => {
    const device = await deviceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to re-attach device ${device.name}`, () =>
      connect.nodeDeviceReAttach(device),
    );
    session.printExtra(`Device ${device.name} re-attached\n`);
  },
  "nodedev-reset": async (session, command) => {
    const device = await deviceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to reset device ${device.name}`, () =>
      connect.nodeDeviceReset(device),
    );
    session.printExtra(`Device ${device.name} reset\n`);
  },
  "nodedev-event": async (session, command) => {
    const name = command.text("device");
    return watchEvents(session, command, "nodedev", () =>
      name === undefined ? undefined : findDevice(session, name),
    );
  },
  "nodedev-define": async (session, command) => {
    const file = command.required("file");
    await readText(session, file);
    session.error(`Failed to define node device from '${file}'`);
    throw vmError("noSupport", "virNodeDeviceDefineXML");
  },
  "nodedev-undefine": notDefined(
    "virNodeDeviceUndefine",
    (name) => `Failed to undefine node device '${name}'`,
  ),
  "nodedev-start": notDefined("virNodeDeviceCreate", (name) => `Failed to start device ${name}`),
  "nodedev-autostart": notDefined<Command<Spec<"nodedev-autostart">>>(
    "virNodeDeviceSetAutostart",
    (name, command) =>
      `failed to ${command.has("disable") ? "unmark" : "mark"} device ${name} as autostarted`,
  ),
  "nodedev-info": async (session, command) => {
    const device = await deviceOf(session, command);
    const connect = await session.connect();
    const parent = (await connect.nodeDeviceGetParent(device)) ?? "";
    const line = (name: string, value: string): string => `${name.padEnd(15)} ${value}\n`;
    session.print(
      [
        line("Name:", device.name),
        line("Parent:", parent),
        // Devices are there and not defined: they are active, and stay so.
        line("Active:", yesNo(true)),
        line("Persistent:", yesNo(true)),
        line("Autostart:", "no autostart"),
      ].join(""),
    );
  },
};

/** Definitions of devices (mediated ones) are what no driver of ours has. */
function notDefined<C extends { required(name: "device"): string }>(
  call: string,
  action: (name: string, command: C) => string,
): (session: Session, command: C) => Promise<never> {
  return async (session, command) => {
    const { name } = await deviceOf(session, command);
    session.error(action(name, command));
    throw vmError("noSupport", call);
  };
}

function deviceOf(
  session: Session,
  command: { required(name: "device"): string },
): Promise<NodeDeviceRef> {
  return findDevice(session, command.required("device"));
}

async function findDevice(session: Session, name: string): Promise<NodeDeviceRef> {
  const connect = await session.connect();
  return session.attempt(`Could not find matching device '${name}'`, () =>
    connect.nodeDeviceLookupByName(name),
  );
}

/** The device that all others are below. */
const ROOT = "computer";

/** `virConnectListAllNodeDeviceFlags` of the states, which the table of capabilities lacks. */
const INACTIVE = 0x4000_0000;
const ACTIVE = 0x8000_0000;

/** Capabilities by the names of `--cap`. */
const CAPABILITIES: Readonly<Record<string, number>> = {
  system: List.capSystem,
  pci: List.capPciDev,
  usb_device: List.capUsbDev,
  usb: List.capUsbInterface,
  net: List.capNet,
  scsi_host: List.capScsiHost,
  scsi_target: List.capScsiTarget,
  scsi: List.capScsi,
  storage: List.capStorage,
  fc_host: List.capFcHost,
  vports: List.capVports,
  scsi_generic: List.capScsiGeneric,
  drm: List.capDrm,
  mdev_types: List.capMdevTypes,
  mdev: List.capMdev,
  ccw: List.capCcwDev,
  css: List.capCssDev,
  vdpa: List.capVdpa,
  ap_card: List.capApCard,
  ap_queue: List.capApQueue,
  ap_matrix: List.capApMatrix,
  vpd: List.capVpd,
};

export const CAPABILITY_NAMES = Object.keys(CAPABILITIES);

async function listDevices(
  session: Session,
  command: Command<Spec<"nodedev-list">>,
): Promise<void> {
  const tree = command.has("tree");
  const caps = command.textOrNone("cap");
  if (command.has("all") && command.has("inactive")) {
    throw new CommandError("Option --all is incompatible with --inactive");
  }
  if (tree && (caps !== undefined || command.has("inactive"))) {
    throw new CommandError("Option --tree is incompatible with --cap and --inactive");
  }
  let flags = command.has("all") ? ACTIVE + INACTIVE : command.has("inactive") ? INACTIVE : ACTIVE;
  for (const cap of caps === undefined ? [] : splitCommas(caps)) {
    const bit = Object.hasOwn(CAPABILITIES, cap) ? CAPABILITIES[cap] : undefined;
    if (bit === undefined) throw new CommandError("Invalid capability type");
    flags += bit;
  }
  const connect = await session.connect();
  const devices = (
    await session.attempt("Failed to list node devices", () =>
      connect.connectListAllNodeDevices(flags),
    )
  ).toSorted(byName);
  if (!tree) return session.print(devices.map(({ name }) => `${name}\n`).join(""));
  const nodes: TreeNode[] = [];
  for (const device of devices) {
    const parent = device.name === ROOT ? null : await connect.nodeDeviceGetParent(device);
    nodes.push({ name: device.name, parent });
  }
  session.print(treesText(nodes));
}
