/** Documents of ours for each of libvirt's schemas: samples made canonical, and what drivers tell. */
import { readdirSync, readFileSync } from "node:fs";
import { domainCapabilities } from "../../src/virt/conf/capabilities/domain.ts";
import { hostCapabilities } from "../../src/virt/conf/capabilities/host.ts";
import { parseQemuDomain } from "../../src/virt/conf/domain/qemu/canonical.ts";
import { TABVISOR_BOARD } from "../../src/virt/conf/domain/qemu/context.ts";
import { liveQemuDomain } from "../../src/virt/conf/domain/qemu/live.ts";
import { parseNetwork } from "../../src/virt/conf/network/parse.ts";
import { parsePool } from "../../src/virt/conf/pool/parse.ts";
import { parseSecret } from "../../src/virt/conf/secret/parse.ts";
import { parseSnapshot } from "../../src/virt/conf/snapshot/parse.ts";
import { parseVolume } from "../../src/virt/conf/volume/parse.ts";
import type { XmlElement } from "../../src/virt/xml/element.ts";
import { formatXml } from "../../src/virt/xml/format.ts";

export interface SchemaCase {
  readonly name: string;
  /** The schema's file. */
  readonly schema: string;
  readonly text: string;
}

const SAMPLES = new URL("../../../conformance/libvirt/samples/", import.meta.url);

const EMULATOR = "/usr/bin/qemu-system-riscv64";
const OBJECT = { newUuid: () => "6c6f6e67-0000-4000-8000-000000000001" };

const DOMAIN = {
  ...OBJECT,
  virtTypes: ["qemu"],
  defaultArch: "riscv64",
  defaultMachine: "virt",
  emulator: EMULATOR,
  channelFolder: "/var/lib/libvirt/qemu/channel/target",
  nvramFolder: "/var/lib/libvirt/qemu/nvram",
  board: TABVISOR_BOARD,
  newMac: () => "52:54:00:12:34:56",
};

const LIVE = {
  id: 1,
  channelFolder: "/var/lib/libvirt/qemu/channel/target",
  ptyOf: () => "/dev/pts/1",
  interfaceTarget: () => "vnet0",
};

function domain(text: string): XmlElement {
  return parseQemuDomain(text, DOMAIN, { inactive: true, newDomain: true });
}

/** By what a sample's name begins with: the schema, and what our code makes of the sample. */
const KINDS: Readonly<Record<string, readonly [string, (text: string) => XmlElement]>> = {
  domain: ["domain.rng", domain],
  pool: ["storagepool.rng", (text) => parsePool(text, OBJECT)],
  volume: [
    "storagevol.rng",
    (text) => parseVolume(text, { poolType: "dir", capacityOptional: false }),
  ],
  network: ["network.rng", (text) => parseNetwork(text, OBJECT)],
  snapshot: [
    "domainsnapshot.rng",
    (text) => parseSnapshot(text, { nowS: 1_790_000_000 }, { redefine: false }),
  ],
  secret: ["secret.rng", (text) => parseSecret(text, OBJECT)],
};

export function schemaCases(): SchemaCase[] {
  const files = readdirSync(SAMPLES).toSorted();
  return [...files.flatMap(sampleCases), ...capabilityCases()];
}

function sampleCases(file: string): SchemaCase[] {
  const kind = KINDS[file.replace(/-.*/, "")];
  if (!kind) throw new Error(`no schema for the sample ${file}`);
  const [schema, parse] = kind;
  const tree = parse(readFileSync(new URL(file, SAMPLES), "utf8"));
  const name = file.replace(".xml", "");
  const one = { name, schema, text: formatXml(tree) };
  if (schema !== "domain.rng") return [one];
  return [one, { name: `${name}, running`, schema, text: formatXml(liveQemuDomain(tree, LIVE)) }];
}

function capabilityCases(): SchemaCase[] {
  const driver = { emulator: EMULATOR, virtTypes: ["qemu"], maxVcpus: 16 };
  const { newUuid } = OBJECT;
  const host = { ...driver, uuid: newUuid(), arch: "riscv64", cpus: 4, memoryKib: 4_194_304 };
  const guest = { ...driver, efiLoader: "/usr/share/qemu/edk2-riscv-code.fd" };
  const any = { emulator: null, arch: null, machine: null, virttype: null };
  const text = (tree: XmlElement): string => formatXml(tree);
  return [
    { name: "capabilities", schema: "capability.rng", text: text(hostCapabilities(host)) },
    {
      name: "domcapabilities",
      schema: "domaincaps.rng",
      text: text(domainCapabilities(guest, any)),
    },
  ];
}
