/** The other devices, and the list of all. */
import { many, one, shape } from "../shape.ts";
import { CHANNEL, CHAR_SOURCE, CONSOLE, PARALLEL, SERIAL } from "./character.ts";
import { ADDRESS, ALIAS, BOOT, VIRTIO_DRIVER } from "./common.ts";
import { DISK } from "./disk.ts";

export const AUDIO = shape("audio", {
  order: ">virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const CONTROLLER = shape("controller", {
  order:
    "@type @index @model master/@startport driver/@queues @maxGrantFrames >virtio_driver >alias >address",
  int: "@vectors @ports @maxGrantFrames @index driver/@iothread driver/@queues master/@startport target/@chassisNr target/@chassis target/@port target/@busNr target/@index target/node",
  onOff: "target/@hotplug",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const FILESYSTEM = shape("filesystem", {
  order: "@type @accessmode @fmode @dmode >virtio_driver >alias >address",
  onOff: "binary/@xattr binary/lock/@posix binary/lock/@flock",
  present: "readonly",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const GRAPHICS_LISTEN = shape("listen", {});

export const GRAPHICS = shape("graphics", {
  order:
    "@type gl/@enable @port @tlsPort @autoport @websocket @keymap @listen @passwd @display @xauth >virtio_driver >alias >address",
  int: "@port @tlsPort @websocket",
  yesNo: "@autoport clipboard/@copypaste filetransfer/@enable gl/@enable",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    listens: many(GRAPHICS_LISTEN),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const HOSTDEV = shape("hostdev", {
  order:
    "@mode @type @managed source/vendor/@id source/product/@id source/address/@domain source/address/@bus source/address/@slot source/address/@function @model @display @ramfb >virtio_driver >alias >address",
  int: "source/address/@bus source/address/@target source/address/@unit",
  yesNo: "@managed",
  onOff: "rom/@bar",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const INPUT = shape("input", {
  order: ">virtio_driver >alias >address",
  onOff: "source/@repeat",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const VIRTUAL_PORT = shape("virtualport", {
  int: "parameters/@managerid parameters/@typeid parameters/@typeidversion",
});

export const INTERFACE = shape("interface", {
  order:
    "source/@bridge source/@network source/@dev source/@type source/@path source/@mode source/@portgroup mac/@address target/@dev model/@type >virtualport filterref/@filter rom/@bar rom/@file mtu/@size >virtio_driver >alias >address",
  int: "driver/@queues mtu/@size",
  yesNo: "@trustGuestRxFilters",
  onOff: "rom/@bar",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
    virtualport: one(VIRTUAL_PORT),
  },
});

export const IOMMU = shape("iommu", {
  order: ">virtio_driver >alias >address",
  int: "driver/@aw_bits",
  onOff: "driver/@intremap driver/@caching_mode driver/@eim driver/@iotlb",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const MEMBALLOON = shape("memballoon", {
  order: ">virtio_driver >alias >address",
  int: "stats/@period",
  onOff: "@autodeflate @freePageReporting",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const MEMORY_SOURCE = shape("source", {
  int: "pagesize alignsize",
  present: "pmem",
});

export const MEMORY_TARGET = shape("target", {
  int: "size node label/size block requested current",
  present: "readonly",
});

export const MEMDEV = shape("memory", {
  order: ">virtio_driver >alias >address",
  yesNo: "@discard",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(MEMORY_SOURCE),
    target: one(MEMORY_TARGET),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const PANIC = shape("panic", {
  order: ">virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const REDIRDEV = shape("redirdev", {
  order: "@bus @type >source >virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const RNG = shape("rng", {
  order: ">virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE, "backend"),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const SHMEM = shape("shmem", {
  order:
    "@name @role model/@type size size/@unit server/@path msi/@vectors msi/@ioeventfd >virtio_driver >alias >address",
  int: "size msi/@vectors",
  onOff: "msi/@ioeventfd",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const CERTIFICATE = shape("certificate", {});

export const SMARTCARD = shape("smartcard", {
  order: "@mode @type >virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    certificates: many(CERTIFICATE),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const CODEC = shape("codec", {});

export const SOUND = shape("sound", {
  order: ">virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    codecs: many(CODEC),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const ACTIVE_PCR_BANKS = shape("active_pcr_banks", {
  present: "sha1 sha256 sha384 sha512",
});

export const TPM = shape("tpm", {
  order: ">virtio_driver >alias >address",
  yesNo: "backend/@persistent_state",
  parts: {
    active_pcr_banks: one(ACTIVE_PCR_BANKS),
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const VIDEO = shape("video", {
  order: "model/@type model/@vram model/@heads model/@vgamem >virtio_driver >alias >address",
  int: "model/@vram model/@vram64 model/@ram model/@heads model/@vgamem",
  yesNo: "model/acceleration/@accel3d",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const VSOCK = shape("vsock", {
  order: ">virtio_driver >alias >address",
  int: "cid/@address",
  yesNo: "cid/@auto",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const WATCHDOG = shape("watchdog", {
  order: "@model @action >virtio_driver >alias >address",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const DEVICES = shape("devices", {
  order:
    ">disk >controller >filesystem >interface >smartcard >serial >parallel >console >channel >input >tpm >graphics >sound >audio >video >hostdev >redirdev >watchdog >memballoon >rng >panic >shmem >memory >vsock >iommu",
  parts: {
    audio: many(AUDIO),
    channel: many(CHANNEL),
    console: many(CONSOLE),
    controller: many(CONTROLLER),
    disk: many(DISK),
    filesystem: many(FILESYSTEM),
    graphics: many(GRAPHICS),
    hostdev: many(HOSTDEV),
    input: many(INPUT),
    interface: many(INTERFACE),
    iommu: many(IOMMU),
    memballoon: many(MEMBALLOON),
    memory: many(MEMDEV),
    panic: many(PANIC),
    parallel: many(PARALLEL),
    redirdev: many(REDIRDEV),
    rng: many(RNG),
    serial: many(SERIAL),
    shmem: many(SHMEM),
    smartcard: many(SMARTCARD),
    sound: many(SOUND),
    tpm: many(TPM),
    video: many(VIDEO),
    vsock: many(VSOCK),
    watchdog: many(WATCHDOG),
  },
});
