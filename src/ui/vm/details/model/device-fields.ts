/** The fields of each kind of device, with libvirt's words for what can be chosen. */
import type { Field, FieldInput, Values } from "./fields.ts";
import { characterFields } from "./character-fields.ts";

const text: FieldInput = { kind: "text" };
const number: FieldInput = { kind: "number" };
const flag: FieldInput = { kind: "flag" };
const fixed: FieldInput = { kind: "fixed" };
const choice = (...options: readonly string[]): FieldInput => ({ kind: "choice", options });
const required = (...options: readonly string[]): FieldInput => ({
  kind: "choice",
  options,
  required: true,
});

const limit = (key: string, label: Field["label"]): Field => ({
  key,
  label,
  path: ["iotune", key],
  input: number,
  isAdvanced: true,
});

/** Source, bus and kind are `disk.ts`'s. */
const DISK: readonly Field[] = [
  { key: "readonly", label: "hw.readonly", path: ["readonly"], input: flag },
  { key: "shareable", label: "hw.shareable", path: ["shareable"], input: flag },
  {
    key: "removable",
    label: "hw.removable",
    path: ["target"],
    attribute: "removable",
    on: "on",
    input: flag,
    when: ({ bus }) => bus === "usb",
  },
  {
    key: "cache",
    label: "hw.cache",
    path: ["driver"],
    attribute: "cache",
    input: choice("none", "writethrough", "writeback", "directsync", "unsafe"),
    isAdvanced: true,
  },
  {
    key: "discard",
    label: "hw.discard.mode",
    path: ["driver"],
    attribute: "discard",
    input: choice("ignore", "unmap"),
    isAdvanced: true,
  },
  {
    key: "detectZeroes",
    label: "hw.detectZeroes",
    path: ["driver"],
    attribute: "detect_zeroes",
    input: choice("off", "on", "unmap"),
    isAdvanced: true,
  },
  { key: "serial", label: "hw.serial", path: ["serial"], input: text, isAdvanced: true },
  limit("total_bytes_sec", "hw.totalBytes"),
  limit("read_bytes_sec", "hw.readBytes"),
  limit("write_bytes_sec", "hw.writeBytes"),
  limit("total_iops_sec", "hw.totalIops"),
  limit("read_iops_sec", "hw.readIops"),
  limit("write_iops_sec", "hw.writeIops"),
];

/** The source is `network-source.ts`'s. */
const INTERFACE: readonly Field[] = [
  {
    key: "model",
    label: "hw.model",
    path: ["model"],
    attribute: "type",
    input: choice("virtio", "e1000e", "e1000", "rtl8139"),
  },
  { key: "mac", label: "hw.mac", path: ["mac"], attribute: "address", input: text },
  {
    key: "link",
    label: "hw.linkState",
    path: ["link"],
    attribute: "state",
    input: choice("up", "down"),
  },
];

const isRandom = ({ backend }: Values): boolean => backend === "random";

const RNG: readonly Field[] = [
  { key: "model", label: "hw.model", path: [], attribute: "model", input: required("virtio") },
  {
    key: "backend",
    label: "hw.rngBackend",
    path: ["backend"],
    attribute: "model",
    input: required("random", "builtin", "egd"),
  },
  { key: "device", label: "hw.rngDevice", path: ["backend"], input: text, when: isRandom },
  { key: "bytes", label: "hw.rngBytes", path: ["rate"], attribute: "bytes", input: number },
  {
    key: "period",
    label: "hw.rngPeriod",
    path: ["rate"],
    attribute: "period",
    input: number,
    when: ({ bytes }) => bytes !== "",
  },
];

const CONTROLLER_MODELS: Readonly<Record<string, readonly string[]>> = {
  scsi: ["virtio-scsi", "lsilogic", "megasas"],
  usb: ["qemu-xhci", "nec-xhci", "ich9-ehci1", "piix3-uhci", "none"],
};

const hasModels = ({ type }: Values): boolean => Object.hasOwn(CONTROLLER_MODELS, type ?? "");

const controllerFields = (type: string): readonly Field[] => [
  { key: "type", label: "hw.type", path: [], attribute: "type", input: fixed },
  { key: "index", label: "hw.index", path: [], attribute: "index", input: fixed },
  {
    key: "model",
    label: "hw.model",
    path: [],
    attribute: "model",
    input: Object.hasOwn(CONTROLLER_MODELS, type)
      ? choice(...(CONTROLLER_MODELS[type] ?? []))
      : fixed,
  },
  {
    key: "queues",
    label: "hw.queues",
    path: ["driver"],
    attribute: "queues",
    input: number,
    when: (values) => values["type"] === "scsi" && hasModels(values),
  },
];

const WATCHDOG: readonly Field[] = [
  {
    key: "model",
    label: "hw.model",
    path: [],
    attribute: "model",
    input: required("i6300esb", "itco", "ib700", "diag288"),
  },
  {
    key: "action",
    label: "hw.watchdogAction",
    path: [],
    attribute: "action",
    input: choice("reset", "shutdown", "poweroff", "pause", "dump", "inject-nmi", "none"),
  },
];

const MEMBALLOON: readonly Field[] = [
  {
    key: "model",
    label: "hw.model",
    path: [],
    attribute: "model",
    input: required("virtio", "none"),
  },
  {
    key: "autodeflate",
    label: "hw.autodeflate",
    path: [],
    attribute: "autodeflate",
    on: "on",
    input: flag,
    when: ({ model }) => model !== "none",
  },
];

const VIDEO: readonly Field[] = [
  {
    key: "model",
    label: "hw.model",
    path: ["model"],
    attribute: "type",
    input: choice("virtio", "bochs", "qxl", "ramfb", "vga", "none"),
  },
];

const GRAPHICS: readonly Field[] = [
  { key: "type", label: "hw.type", path: [], attribute: "type", input: required("vnc", "spice") },
  { key: "listen", label: "hw.listen", path: [], attribute: "listen", input: text },
  { key: "port", label: "hw.port", path: [], attribute: "port", input: text },
];

const INPUT: readonly Field[] = [
  { key: "type", label: "hw.type", path: [], attribute: "type", input: fixed },
  {
    key: "bus",
    label: "hw.bus",
    path: [],
    attribute: "bus",
    input: choice("usb", "virtio", "ps2"),
  },
];

const TABLES: Readonly<Record<string, readonly Field[]>> = {
  disk: DISK,
  interface: INTERFACE,
  rng: RNG,
  watchdog: WATCHDOG,
  memballoon: MEMBALLOON,
  video: VIDEO,
  graphics: GRAPHICS,
  input: INPUT,
  panic: [
    {
      key: "model",
      label: "hw.model",
      path: [],
      attribute: "model",
      input: choice("isa", "pvpanic", "hyperv", "pseries", "s390"),
    },
  ],
  sound: [
    {
      key: "model",
      label: "hw.model",
      path: [],
      attribute: "model",
      input: required("ich9", "ich6", "ac97", "usb"),
    },
  ],
  filesystem: [
    { key: "source", label: "hw.sourcePath", path: ["source"], attribute: "dir", input: text },
    { key: "target", label: "hw.targetPath", path: ["target"], attribute: "dir", input: text },
    { key: "readonly", label: "hw.readonly", path: ["readonly"], input: flag },
  ],
  tpm: [
    {
      key: "model",
      label: "hw.model",
      path: [],
      attribute: "model",
      input: choice("tpm-crb", "tpm-tis"),
    },
    { key: "type", label: "hw.type", path: ["backend"], attribute: "type", input: fixed },
  ],
  vsock: [{ key: "cid", label: "hw.cid", path: ["cid"], attribute: "address", input: number }],
};

/** The fields of a device; none where nothing is known of its kind. */
export function fieldsOf(name: string, type: string | undefined): readonly Field[] {
  if (name === "controller") return controllerFields(type ?? "");
  return characterFields(name) ?? TABLES[name] ?? [];
}
