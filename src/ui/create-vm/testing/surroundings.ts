/** What drafts are judged by in tests: two guests, two pools, a computer of four processors. */
import type { GuestManifest } from "../../../virt/guest-manifest.ts";
import { TABVISOR_PLATFORM } from "../../../virt/manager/new-domain.ts";
import type { WebImage } from "../../common/web-image.ts";
import type { Around } from "../around.ts";
import { type Draft, NEW_DRAFT, type Settled, settle } from "../draft.ts";
import type { ImageKind } from "../../common/image-kind.ts";

const MIB = 2 ** 20;
const file = (path: string) => ({ path, sizeBytes: MIB });

function guest(name: string, usualMib: number, disk = false): GuestManifest {
  const boot = {
    firmware: file("firmware.bin"),
    kernel: file("kernel"),
    initrd: file("initrd.cpio"),
    append: "console=ttyS0 quiet",
    notes: [],
    ...(disk && { disk: file("disk.qcow2") }),
  };
  const memory = { leastMemoryBytes: 112 * MIB, usualMemoryBytes: usualMib * MIB };
  return {
    name,
    title: name,
    key: "0123456789abcdef",
    ...memory,
    boots: { fast: boot, stock: boot },
  };
}

export const AROUND: Around = {
  guests: [guest("shell", 256), guest("debian", 512, true), guest("installer", 1024)],
  domains: new Map([["debian-shell", "6695eb01-f6a4-8304-79aa-97f2502e193f"]]),
  pools: [
    { name: "default", availableBytes: 10 * 2 ** 30 },
    { name: "small", availableBytes: MIB },
  ],
  defaultPool: "default",
  networks: [{ name: "default", isActive: false }],
  defaultNetwork: "",
  host: { cpus: 4, memoryMib: 2048, maxVcpus: 16 },
  platform: TABVISOR_PLATFORM,
  web: null,
  usersOf: ({ path }) => (path === "/used.img" ? ["other"] : []),
};

export function settled(changes: Partial<Draft>, around: Partial<Around> = {}): Settled {
  return settle({ ...NEW_DRAFT, ...changes }, { ...AROUND, ...around });
}

export function localFile(name: string, kind: ImageKind, bytes = 4) {
  const contents = new File([new Uint8Array(bytes)], name);
  return {
    from: "computer",
    file: contents,
    name,
    kind,
    isGuess: false,
    hasBacking: false,
  } as const;
}

export function webImage(url: string, kind: ImageKind, acceptsRanges = true): WebImage {
  return { url, sizeBytes: 2 * MIB, acceptsRanges, kind, isGuess: false, hasBacking: false };
}

export function volume(path: string, format = "qcow2", backing?: string) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const ref = { pool: "default", name, key: path };
  const facts = { isBlock: false, format, capacityBytes: MIB, backing };
  return { from: "pool", ref, name, path, ...facts } as const;
}
