/** The fields of serial ports, consoles and channels: what is behind them, and what the guest sees. */
import type { Field, Values } from "./fields.ts";

const is =
  (...types: readonly string[]) =>
  ({ type }: Values): boolean =>
    types.includes(type ?? "");

const TYPES: Readonly<Record<string, readonly string[]>> = {
  serial: ["pty", "dev", "file", "pipe", "stdio", "tcp", "unix", "null"],
  parallel: ["pty", "dev", "file", "pipe", "stdio", "tcp", "unix", "null"],
  console: ["pty", "dev", "file", "pipe", "stdio", "tcp", "unix", "null"],
  channel: ["unix", "pty", "spicevmc", "spiceport", "tcp", "file", "pipe", "null"],
};

const TARGETS: Readonly<Record<string, readonly Field[]>> = {
  serial: [
    {
      key: "targetType",
      label: "hw.targetType",
      path: ["target"],
      attribute: "type",
      input: {
        kind: "choice",
        options: ["isa-serial", "system-serial", "pci-serial", "usb-serial", "sclp-serial"],
      },
    },
  ],
  console: [
    {
      key: "targetType",
      label: "hw.targetType",
      path: ["target"],
      attribute: "type",
      input: { kind: "choice", options: ["serial", "virtio", "sclp"], required: true },
    },
  ],
  channel: [
    {
      key: "name",
      label: "hw.channelName",
      path: ["target"],
      attribute: "name",
      input: { kind: "text" },
      hint: "hw.channelNameHint",
    },
  ],
  parallel: [],
};

/** The fields of a character device, or undefined for another one. */
export function characterFields(name: string): readonly Field[] | undefined {
  const target = TARGETS[name];
  if (!target) return undefined;
  return [
    {
      key: "type",
      label: "hw.charType",
      path: [],
      attribute: "type",
      input: { kind: "choice", options: TYPES[name] ?? [], required: true },
    },
    ...target,
    ...SOURCE,
  ];
}

const source = (key: string, label: Field["label"], when: Field["when"]): Field => ({
  key,
  label,
  path: ["source"],
  attribute: key,
  input: { kind: "text" },
  ...(when && { when }),
});

const SOURCE: readonly Field[] = [
  source("path", "hw.sourcePath", is("dev", "file", "pipe", "unix")),
  {
    key: "mode",
    label: "hw.charMode",
    path: ["source"],
    attribute: "mode",
    input: { kind: "choice", options: ["connect", "bind"] },
    when: is("tcp", "unix"),
  },
  source("host", "hw.host", is("tcp")),
  source("service", "hw.port", is("tcp")),
  {
    key: "protocol",
    label: "hw.protocol",
    path: ["protocol"],
    attribute: "type",
    input: { kind: "choice", options: ["raw", "telnet"] },
    when: is("tcp"),
  },
  source("channel", "hw.spicePort", is("spiceport")),
  {
    key: "log",
    label: "hw.logFile",
    path: ["log"],
    attribute: "file",
    input: { kind: "text" },
    isAdvanced: true,
  },
];
