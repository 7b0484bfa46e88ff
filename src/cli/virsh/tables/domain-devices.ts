/** The table of the commands that change or remove devices which the definition already has. */
import type { CommandTable } from "../shell/spec.ts";
import { ANY_DOMAIN, CONFIG, CURRENT, LIVE, PERSISTENT } from "./rows.ts";

export const DEVICES = {
  "change-media": {
    summary: "Change media of CD or floppy drive",
    description: "Change media of CD or floppy drive.",
    options: {
      domain: ANY_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "Fully-qualified path or target of disk device",
      },
      source: { kind: "string", help: "source of the media" },
      eject: { kind: "bool", help: "Eject the media" },
      insert: { kind: "bool", help: "Insert the media" },
      update: { kind: "bool", help: "Update the media" },
      current: {
        kind: "bool",
        help: "can be either or both of --live and --config, depends on implementation hypervisor driver",
      },
      live: { kind: "bool", help: "alter live configuration of running domain" },
      config: {
        kind: "bool",
        help: "alter persistent configuration, effect observed on next boot",
      },
      force: { kind: "bool", help: "force media changing" },
      "print-xml": { kind: "bool", help: "print XML document rather than change media" },
      block: { kind: "bool", help: "source media is a block device" },
    },
  },
  "detach-disk": {
    summary: "detach disk device",
    description: "Detach disk device.",
    options: {
      domain: ANY_DOMAIN,
      target: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "target of disk device",
      },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": { kind: "bool", help: "print XML document rather than detach the disk" },
    },
  },
  "detach-interface": {
    summary: "detach network interface",
    description: "Detach network interface.",
    options: {
      domain: ANY_DOMAIN,
      type: { kind: "data", required: true, help: "network interface type" },
      mac: { kind: "string", completes: "domain-interface", among: "mac", help: "MAC address" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": { kind: "bool", help: "print XML document rather than detach the interface" },
    },
  },
  "domif-setlink": {
    summary: "set link state of a virtual interface",
    description:
      "Set link state of a domain's virtual interface. This command wraps usage of update-device command.",
    options: {
      domain: ANY_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device (MAC Address)",
      },
      state: {
        kind: "data",
        required: true,
        completes: "domain-interface-state",
        help: "new state of the device",
      },
      persistent: { kind: "alias", of: "config" },
      config: CONFIG,
      "print-xml": {
        kind: "bool",
        help: "print XML document rather than set the interface link state",
      },
    },
  },
  "update-memory-device": {
    summary: "update memory device of a domain",
    description: "Update values of a memory device of a domain",
    options: {
      domain: ANY_DOMAIN,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": {
        kind: "bool",
        help: "print updated memory device XML instead of executing the change",
      },
      alias: { kind: "string", completes: "domain-device-alias", help: "memory device alias" },
      node: { kind: "int", help: "memory device target node" },
      "requested-size": {
        kind: "int",
        help: "new value of <requested/> size, as scaled integer (default KiB)",
      },
    },
  },
} as const satisfies CommandTable;
