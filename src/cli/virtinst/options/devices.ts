/** The other devices. */
import { type OptionRows, option } from "../option-row.ts";
import {
  ADDRESS,
  BOOT_ORDER,
  CHAR_SOURCE,
  VIRTIO,
  addressRows,
  characterSource,
} from "./common.ts";

export const CONTROLLER: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("type", "@type"),
  option("model", "@model"),
  option("index", "@index"),
  option("maxGrantFrames", "@maxGrantFrames"),
  option("vectors", "@vectors"),
  option("master.startport master", "master/@startport"),
  option("driver.iothread", "driver/@iothread"),
  option("driver.queues driver_queues", "driver/@queues"),
  option("target.chassisNr", "target/@chassisNr"),
  option("target.chassis", "target/@chassis"),
  option("target.port", "target/@port"),
  option("target.hotplug", "target/@hotplug"),
  option("target.busNr", "target/@busNr"),
  option("target.index", "target/@index"),
  option("target.node", "target/node"),
  option("address", undefined, { rule: "pciAddress" }),
  option("num_pcie_root_ports", undefined, { rule: "none" }),
];

export const INPUT: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("type", "@type", { skipDefault: true }),
  option("bus", "@bus", { skipDefault: true }),
  option("model", "@model"),
  option("source.evdev", "source/@evdev"),
  option("source.dev", "source/@dev"),
  option("source.repeat", "source/@repeat", { onOff: true }),
  option("source.grab", "source/@grab"),
  option("source.grabToggle", "source/@grabToggle"),
];

export const HOSTDEV: OptionRows = [
  ...ADDRESS,
  ...BOOT_ORDER,
  option("type", "@type"),
  option("name", undefined, { rule: "nodeDevice" }),
  option("driver.name driver_name", "driver/@name"),
  option("rom.bar rom_bar", "rom/@bar", { onOff: true }),
];

export const FILESYSTEM: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("type", "@type", { rule: "filesystemType" }),
  option("accessmode mode", "@accessmode"),
  option("model", "@model"),
  option("multidevs", "@multidevs"),
  option("readonly", "readonly", { onOff: true }),
  option("space_hard_limit", "space_hard_limit"),
  option("space_soft_limit", "space_soft_limit"),
  option("fmode", "@fmode"),
  option("dmode", "@dmode"),
  option("source", undefined, { rule: "filesystemSource" }),
  option("target", "target/@dir"),
  option("source.file", "source/@file"),
  option("source.dir", "source/@dir"),
  option("source.dev", "source/@dev"),
  option("source.name", "source/@name"),
  option("source.pool", "source/@pool"),
  option("source.volume", "source/@volume"),
  option("source.units", "source/@units"),
  option("source.usage", "source/@usage"),
  option("source.socket", "source/socket"),
  option("target.dir", "target/@dir"),
  option("binary.path", "binary/@path"),
  option("binary.xattr", "binary/@xattr", { onOff: true }),
  option("binary.cache.mode", "binary/cache/@mode"),
  option("binary.lock.posix", "binary/lock/@posix", { onOff: true }),
  option("binary.lock.flock", "binary/lock/@flock", { onOff: true }),
  option("binary.sandbox.mode", "binary/sandbox/@mode"),
  option("driver.format", "driver/@format"),
  option("driver.name", "driver/@name"),
  option("driver.queue", "driver/@queue"),
  option("driver.type", "driver/@type"),
  option("driver.wrpolicy", "driver/@wrpolicy"),
];

export const WATCHDOG: OptionRows = [
  ...ADDRESS,
  option("model", "@model", { skipDefault: true }),
  option("action", "@action", { skipDefault: true }),
];

export const SMARTCARD: OptionRows = [
  ...ADDRESS,
  option("mode", "@mode", { skipDefault: true }),
  option("type", "@type", { skipDefault: true }),
  ...CHAR_SOURCE,
  option("database", "database", { comma: true }),
  option("certificate#", ".", { each: "certificate=certificates", comma: true }),
];

export const REDIRDEV: OptionRows = [
  ...ADDRESS,
  ...BOOT_ORDER,
  option("bus", "@bus", { skipDefault: true }),
  option("type", "@type", { skipDefault: true }),
  option("server", undefined, { rule: "sourceHost" }),
  ...CHAR_SOURCE,
];

export const MEMBALLOON: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("model", "@model", { skipDefault: true }),
  option("autodeflate", "@autodeflate", { onOff: true }),
  option("stats.period", "stats/@period"),
  option("freePageReporting", "@freePageReporting", { onOff: true }),
];

export const TPM: OptionRows = [
  ...ADDRESS,
  option("model", "@model"),
  option("backend.type type", "backend/@type"),
  option("backend.version version", "backend/@version"),
  option("backend.device.path path", "backend/device/@path"),
  option("backend.encryption.secret", "backend/encryption/@secret"),
  option("backend.persistent_state", "backend/@persistent_state", { onOff: true }),
  option("active_pcr_banks.sha1", "active_pcr_banks:sha1", { onOff: true }),
  option("active_pcr_banks.sha256", "active_pcr_banks:sha256", { onOff: true }),
  option("active_pcr_banks.sha384", "active_pcr_banks:sha384", { onOff: true }),
  option("active_pcr_banks.sha512", "active_pcr_banks:sha512", { onOff: true }),
];

export const RNG: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("type", "backend/@model", { rule: "none" }),
  option("device", "backend[@model='random']", { rule: "none" }),
  option("model", "@model"),
  option("backend", "backend[@model='random']"),
  option("backend.model", "backend/@model"),
  option("backend.type backend_type", "backend/@type"),
  ...characterSource("backend.", {
    "source.host": "backend_host",
    "source.service": "backend_service",
    "source.connect_host": "backend_connect_host",
    "source.connect_service": "backend_connect_service",
    "source.mode": "backend_mode",
  }),
  option("rate.bytes rate_bytes", "rate/@bytes"),
  option("rate.period rate_period", "rate/@period"),
];

export const PANIC: OptionRows = [
  ...addressRows("address.iobase iobase"),
  option("model", "@model", { skipDefault: true }),
];

export const SHMEM: OptionRows = [
  ...ADDRESS,
  option("name", "@name"),
  option("role", "@role"),
  option("model.type", "model/@type"),
  option("size", "size"),
  option("size.unit", "size/@unit"),
  option("server.path", "server/@path"),
  option("msi.vectors", "msi/@vectors"),
  option("msi.ioeventfd", "msi/@ioeventfd"),
];

export const MEMDEV: OptionRows = [
  ...ADDRESS,
  option("model", "@model"),
  option("access", "@access"),
  option("discard", "@discard", { onOff: true }),
  option("uuid", "uuid"),
  option("target.size target_size", "target:size", { rule: "mebibytes" }),
  option("target.node target_node", "target:node"),
  option("target.label_size target_label_size", "target:label/size", { rule: "mebibytes" }),
  option("target.block", "target:block"),
  option("target.current", "target:current"),
  option("target.requested", "target:requested"),
  option("target.readonly", "target:readonly", { onOff: true }),
  option("source.pagesize source_pagesize", "source:pagesize"),
  option("source.path source_path", "source:path"),
  option("source.nodemask source_nodemask", "source:nodemask", { comma: true }),
  option("source.pmem", "source:pmem", { onOff: true }),
  option("source.alignsize", "source:alignsize", { rule: "mebibytes" }),
];

export const VSOCK: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("model", "@model", { skipDefault: true }),
  option("cid.auto auto_cid", "cid/@auto", { onOff: true }),
  option("cid.address cid", "cid/@address"),
];

export const IOMMU: OptionRows = [
  option("model", "@model"),
  option("driver.aw_bits", "driver/@aw_bits"),
  option("driver.intremap", "driver/@intremap", { onOff: true }),
  option("driver.caching_mode", "driver/@caching_mode", { onOff: true }),
  option("driver.eim", "driver/@eim", { onOff: true }),
  option("driver.iotlb", "driver/@iotlb", { onOff: true }),
];
