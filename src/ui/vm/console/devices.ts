/** Which consoles a machine has, by the aliases that libvirt gives them. */
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { find } from "../../../virt/xml/element.ts";

export interface ConsoleDevice {
  /** `serial0`, `console1`. */
  readonly alias: string;
  /** What Linux calls it: `ttyS0`, `hvc0`. */
  readonly name: string;
}

/** The first one is what `console` without a device opens. */
export function consoleDevices({ live, definition }: ManagedDomain): readonly ConsoleDevice[] {
  const domain = live ?? definition;
  const serials =
    devicesOf(domain, "serial").length > 0 ? [{ alias: "serial0", name: "ttyS0" }] : [];
  const virtio = devicesOf(domain, "console")
    .map((each, at) => ({ each, alias: `console${at}` }))
    .filter(({ each }) => find(each, "target")?.attributes.get("type") === "virtio")
    .map(({ alias }, at) => ({ alias, name: `hvc${at}` }));
  return [...serials, ...virtio];
}
