/** The commands of `virsh help nodedev`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  DISABLE_AUTOSTART,
  LIST_EVENTS,
  LOOP_EVENTS,
  NODE_DEVICE,
  TIMEOUT,
  TIMESTAMP,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const NODEDEV = {
  "nodedev-create": {
    summary: "create a device defined by an XML file on the node",
    description:
      "Create a device on the node.  Note that this command creates devices on the physical host that can then be assigned to a virtual machine.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML description of the device",
      },
      validate: VALIDATE,
    },
  },
  "nodedev-destroy": {
    summary: "destroy (stop) a device on the node",
    description:
      "Destroy a device on the node.  Note that this command destroys devices on the physical host",
    options: {
      name: { kind: "alias", of: "device" },
      device: NODE_DEVICE,
    },
  },
  "nodedev-detach": {
    summary: "detach node device from its device driver",
    description: "Detach node device from its device driver before assigning to a domain.",
    options: {
      device: { kind: "data", required: true, completes: "node-device-name", help: "device key" },
      driver: {
        kind: "string",
        completes: "node-device-p-c-i-backend",
        help: "pci device assignment backend driver (e.g. 'vfio' or 'xen')",
      },
    },
  },
  "nodedev-dettach": {
    alias: "nodedev-detach",
  },
  "nodedev-dumpxml": {
    summary: "node device details in XML",
    description: "Output the node device details as an XML dump to stdout.",
    options: {
      device: NODE_DEVICE,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "nodedev-list": {
    summary: "enumerate devices on this host",
    description: "",
    options: {
      tree: { kind: "bool", help: "list devices in a tree" },
      cap: {
        kind: "string",
        completes: "node-device-capability-name",
        help: "capability names, separated by comma",
      },
      inactive: { kind: "bool", help: "list inactive devices" },
      all: { kind: "bool", help: "list inactive & active devices" },
    },
  },
  "nodedev-reattach": {
    summary: "reattach node device to its device driver",
    description: "Reattach node device to its device driver once released by the domain.",
    options: {
      device: { kind: "data", required: true, completes: "node-device-name", help: "device key" },
    },
  },
  "nodedev-reset": {
    summary: "reset node device",
    description: "Reset node device before or after assigning to a domain.",
    options: {
      device: { kind: "data", required: true, completes: "node-device-name", help: "device key" },
    },
  },
  "nodedev-event": {
    summary: "Node Device Events",
    description: "List event types, or wait for node device events to occur",
    options: {
      device: { kind: "string", completes: "node-device-name", help: "filter by node device name" },
      event: {
        kind: "string",
        completes: "node-device-event-name",
        help: "which event type to wait for",
      },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      list: LIST_EVENTS,
      timestamp: TIMESTAMP,
    },
  },
  "nodedev-define": {
    summary: "Define a device by an xml file on a node",
    description:
      "Defines a persistent device on the node that can be assigned to a domain. The device must be started before it can be assigned to a domain.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML description of the device",
      },
      validate: VALIDATE,
    },
  },
  "nodedev-undefine": {
    summary: "Undefine an inactive node device",
    description: "Undefines the configuration for an inactive node device",
    options: {
      device: NODE_DEVICE,
    },
  },
  "nodedev-start": {
    summary: "Start an inactive node device",
    description: "Starts an inactive node device that was previously defined",
    options: {
      device: { kind: "data", required: true, completes: "node-device-name", help: "device name" },
    },
  },
  "nodedev-autostart": {
    summary: "autostart a defined node device",
    description: "Configure a node device to be automatically started at boot.",
    options: {
      device: NODE_DEVICE,
      disable: DISABLE_AUTOSTART,
    },
  },
  "nodedev-info": {
    summary: "node device information",
    description: "Returns basic information about the node device",
    options: {
      device: NODE_DEVICE,
    },
  },
} as const satisfies CommandTable;
