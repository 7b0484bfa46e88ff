/** The commands of `virsh help interface`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import { INACTIVE_XML, VALIDATE, WRAP, XPATH } from "./rows.ts";

export const INTERFACE = {
  "iface-begin": {
    summary:
      "create a snapshot of current interfaces settings, which can be later committed (iface-commit) or restored (iface-rollback)",
    description: "Create a restore point for interfaces settings",
    options: {},
  },
  "iface-bridge": {
    summary: "create a bridge device and attach an existing network device to it",
    description: "bridge an existing network device",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        help: "existing interface name",
      },
      bridge: { kind: "data", required: true, help: "new bridge device name" },
      "no-stp": { kind: "bool", help: "do not enable STP for this bridge" },
      delay: { kind: "int", help: "number of seconds to squelch traffic on newly connected ports" },
      "no-start": { kind: "bool", help: "don't start the bridge immediately" },
    },
  },
  "iface-commit": {
    summary: "commit changes made since iface-begin and free restore point",
    description: "commit changes and free restore point",
    options: {},
  },
  "iface-define": {
    summary:
      "define an inactive persistent physical host interface or modify an existing persistent one from an XML file",
    description: "Define or modify a persistent physical host interface.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML interface description",
      },
      validate: VALIDATE,
    },
  },
  "iface-destroy": {
    summary: 'destroy a physical host interface (disable it / "if-down")',
    description: "forcefully stop a physical host interface.",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        among: "active",
        help: "interface name or MAC address",
      },
    },
  },
  "iface-dumpxml": {
    summary: "interface information in XML",
    description: "Output the physical host interface information as an XML dump to stdout.",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        help: "interface name or MAC address",
      },
      inactive: INACTIVE_XML,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "iface-edit": {
    summary: "edit XML configuration for a physical host interface",
    description: "Edit the XML configuration for a physical host interface.",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        help: "interface name or MAC address",
      },
    },
  },
  "iface-list": {
    summary: "list physical host interfaces",
    description: "Returns list of physical host interfaces.",
    options: {
      inactive: { kind: "bool", help: "list inactive interfaces" },
      all: { kind: "bool", help: "list inactive & active interfaces" },
    },
  },
  "iface-mac": {
    summary: "convert an interface name to interface MAC address",
    description: "",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        help: "interface name",
      },
    },
  },
  "iface-name": {
    summary: "convert an interface MAC address to interface name",
    description: "",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-mac",
        help: "interface mac",
      },
    },
  },
  "iface-rollback": {
    summary: "rollback to previous saved configuration created via iface-begin",
    description: "rollback to previous restore point",
    options: {},
  },
  "iface-start": {
    summary: 'start a physical host interface (enable it / "if-up")',
    description: "start a physical host interface.",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        among: "inactive",
        help: "interface name or MAC address",
      },
    },
  },
  "iface-unbridge": {
    summary: "undefine a bridge device after detaching its device(s)",
    description: "unbridge a network device",
    options: {
      bridge: { kind: "data", required: true, help: "current bridge device name" },
      "no-start": {
        kind: "bool",
        help: "don't start the detached interface immediately (not recommended)",
      },
    },
  },
  "iface-undefine": {
    summary: "undefine a physical host interface (remove it from configuration)",
    description: "undefine an interface.",
    options: {
      interface: {
        kind: "data",
        required: true,
        completes: "interface-name",
        help: "interface name or MAC address",
      },
    },
  },
} as const satisfies CommandTable;
