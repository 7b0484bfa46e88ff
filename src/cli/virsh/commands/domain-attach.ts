/** The commands that add, remove and change devices which a file or options describe. */
import type { Connect } from "../../../virt/driver/connect.ts";
import { DomainDeviceModifyFlags } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { ATTACH } from "../tables/domain-attach.ts";
import { diskXml, interfaceXml } from "./attach-xml.ts";
import { readText } from "./common.ts";
import { asCall, deviceFlags, domainOf, impactFlags } from "./domain-common.ts";

export const ATTACH_RUNS: Runs<typeof ATTACH> = {
  "attach-device": (session, command) =>
    changeByFile(session, command, "attach", (connect, domain, xml, flags) =>
      asCall(command.has("current") ? "virDomainAttachDeviceFlags" : null, () =>
        connect.domainAttachDeviceFlags(domain, xml, flags),
      ),
    ),
  "attach-disk": async (session, command) => {
    const flagsFor = deviceFlags(command);
    const xml = formatXml(diskXml(command));
    await attach(session, command, { xml, flagsFor, what: "disk" });
  },
  "attach-interface": async (session, command) => {
    const flagsFor = deviceFlags(command);
    const xml = formatXml(interfaceXml(command));
    await attach(session, command, { xml, flagsFor, what: "interface" });
  },
  "detach-device": (session, command) =>
    changeByFile(session, command, "detach", (connect, domain, xml, flags) =>
      asCall(command.has("current") ? "virDomainDetachDeviceFlags" : null, () =>
        connect.domainDetachDeviceFlags(domain, xml, flags),
      ),
    ),
  "detach-device-alias": async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const alias = command.required("alias");
    const connect = await session.connect();
    await session.attempt(`Failed to detach device with alias ${alias}`, () =>
      connect.domainDetachDeviceAlias(domain, alias, flags),
    );
    session.printExtra("Device detach request sent successfully\n");
  },
  "update-device": (session, command) => {
    const force = command.has("force") ? DomainDeviceModifyFlags.force : 0;
    return changeByFile(session, command, "update", (connect, domain, xml, flags) =>
      connect.domainUpdateDeviceFlags(domain, xml, flags | force),
    );
  },
};

type Change = (connect: Connect, domain: DomainRef, xml: string, flags: number) => Promise<void>;

type DeviceCommand = Parameters<typeof deviceFlags>[0] & Parameters<typeof domainOf>[1];

async function changeByFile(
  session: Session,
  command: DeviceCommand & { required(name: "file"): string },
  verb: "attach" | "detach" | "update",
  change: Change,
): Promise<void> {
  const flagsFor = deviceFlags(command);
  const domain = await domainOf(session, command);
  const file = command.required("file");
  const xml = await readText(session, file);
  const connect = await session.connect();
  await session.attempt(`Failed to ${verb} device from ${file}`, () =>
    change(connect, domain, xml, flagsFor(domain)),
  );
  session.printExtra(`Device ${verb === "update" ? "updated" : `${verb}ed`} successfully\n`);
}

async function attach(
  session: Session,
  command: DeviceCommand & { has(name: "print-xml"): boolean },
  device: {
    readonly xml: string;
    readonly flagsFor: ReturnType<typeof deviceFlags>;
    readonly what: "disk" | "interface";
  },
): Promise<void> {
  if (command.has("print-xml")) return session.print(device.xml);
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  await session.attempt(`Failed to attach ${device.what}`, () =>
    asCall(command.has("current") ? "virDomainAttachDeviceFlags" : null, () =>
      connect.domainAttachDeviceFlags(domain, device.xml, device.flagsFor(domain)),
    ),
  );
  const name = device.what === "disk" ? "Disk" : "Interface";
  session.printExtra(`${name} attached successfully\n`);
}
