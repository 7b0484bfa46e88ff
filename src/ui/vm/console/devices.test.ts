import { expect, it } from "vitest";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { consoleDevices } from "./devices.ts";

const domain = (devices: string): ManagedDomain =>
  ({
    live: null,
    definition: parseXml(`<domain><devices>${devices}</devices></domain>`, "test"),
  }) as unknown as ManagedDomain;

it("lists the serial port once, and virtio consoles by their places", () => {
  const xml =
    "<serial type='pty'/><console type='pty'><target type='serial'/></console>" +
    "<console type='pty'><target type='virtio'/></console>" +
    "<console type='pty'><target type='virtio'/></console>";
  expect(consoleDevices(domain(xml))).toEqual([
    { alias: "serial0", name: "ttyS0" },
    { alias: "console1", name: "hvc0" },
    { alias: "console2", name: "hvc1" },
  ]);
  expect(consoleDevices(domain(""))).toEqual([]);
});
