/** The guest that options describe, with what the rules need to know around it. */
import type { Connect } from "../../virt/driver/connect.ts";
import type { XmlElement } from "../../virt/xml/element.ts";
import { type Draft, draft, draftOf } from "../../virt/xml/draft.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import { type GuestOffer, bestOffer } from "./capabilities.ts";
import { type DeviceOffer, UNKNOWN_OFFER } from "./device-offer.ts";
import { type DiskSource, NO_SOURCE } from "./disk-source.ts";
import { elementAt } from "./xml-path.ts";
import { xmlLines } from "./xml-text.ts";
import type { ToolHost } from "./host.ts";
import { GENERIC_OS, type OsInfo } from "../../virt/os-table.ts";
import { Part } from "./part.ts";
import type { Log } from "./run-tool.ts";
import { DOMAIN } from "./shapes/domain.ts";

/** Devices that are there unless an option says `none`. */
export type DefaultDevice =
  | "console"
  | "channel"
  | "sound"
  | "usbredir"
  | "graphics"
  | "rng"
  | "tpm";

export interface Surroundings extends Log {
  readonly host: ToolHost;
  readonly connect: Connect;
  readonly capabilities: XmlElement;
}

export class Guest {
  readonly around: Surroundings;
  readonly domain: Part;
  readonly unwanted = new Set<DefaultDevice>();
  /** Where disks' data comes from. */
  readonly sources = new Map<Part, DiskSource>();
  os: OsInfo = GENERIC_OS;
  /** What the connection's guests of this kind can have. */
  deviceOffer: DeviceOffer = UNKNOWN_OFFER;
  pcieRootPorts = 14;
  wantsUefi = false;
  cpuIsSecure = true;
  cpuModeIsSet = false;

  constructor(around: Surroundings, before?: Draft) {
    this.around = around;
    this.domain = new Part(DOMAIN, before);
  }

  get(path: string): string | undefined {
    return this.domain.get(path);
  }

  set(path: string, value: string | number | boolean | null | undefined): void {
    this.domain.set(path, value);
  }

  devices(kind: string): readonly Part[] {
    return this.domain.list(`devices:${kind}`);
  }

  addDevice(kind: string, values: Readonly<Record<string, string | number | boolean>> = {}): Part {
    const made = this.domain.add(`devices:${kind}`);
    for (const [path, value] of Object.entries(values)) made.set(path, value);
    return made;
  }

  sourceOf(disk: Part): DiskSource {
    return this.sources.get(disk) ?? NO_SOURCE;
  }

  setOs(os: OsInfo): void {
    this.os = os;
    const id = os === GENERIC_OS ? undefined : os.id;
    this.set("metadata:libosinfo:libosinfo:os/@id", id);
  }

  /** The offer that fits what is set. @throws Error */
  offer(): GuestOffer {
    return bestOffer(this.around.capabilities, {
      osType: this.get("os:type"),
      arch: this.get("os:type/@arch"),
      domainType: this.get("@type"),
      machine: this.get("os:type/@machine"),
    });
  }

  toDraft(): Draft {
    const root = this.domain.before ?? draft("domain");
    this.domain.write(root, []);
    return root;
  }

  /** The XML of one of its parts, or of one that was removed; empty where nothing is written. */
  partXml(name: string, part: Part): string {
    const isIn = this.domain.list(name).includes(part);
    const found = isIn
      ? elementAt(draftOf(this.toDraft()), this.domain.stepsTo(name, part))
      : part.before;
    return found ? xmlLines(found) : "";
  }

  toXml(): string {
    return xmlLines(this.toDraft());
  }
}

/** @throws VmError what the connection says */
export async function surroundings(
  host: ToolHost,
  connect: Connect,
  log: Log,
): Promise<Surroundings> {
  const capabilities = parseXml(await connect.connectGetCapabilities(), "capabilities");
  return { ...log, host, connect, capabilities };
}
