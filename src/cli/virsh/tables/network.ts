/** The commands of `virsh help network`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_NETWORK,
  ANY_NETWORK,
  DISABLE_AUTOSTART,
  INACTIVE_XML,
  LIST_EVENTS,
  LOOP_EVENTS,
  TIMEOUT,
  TIMESTAMP,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const NETWORK = {
  "net-autostart": {
    summary: "autostart a network",
    description: "Configure a network to be automatically started at boot.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        among: "persistent",
        help: "network name or uuid",
      },
      disable: DISABLE_AUTOSTART,
    },
  },
  "net-create": {
    summary: "create a network from an XML file",
    description: "Create a network.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network description",
      },
      validate: VALIDATE,
    },
  },
  "net-define": {
    summary:
      "define an inactive persistent virtual network or modify an existing persistent one from an XML file",
    description: "Define or modify a persistent virtual network.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network description",
      },
      validate: VALIDATE,
    },
  },
  "net-destroy": {
    summary: "destroy (stop) a network",
    description: "Forcefully stop a given network.",
    options: {
      network: ACTIVE_NETWORK,
    },
  },
  "net-dhcp-leases": {
    summary: "print lease info for a given network",
    description: "Print lease info for a given network",
    options: {
      network: ACTIVE_NETWORK,
      mac: { kind: "string", completes: "network-dhcp-mac", help: "MAC address" },
    },
  },
  "net-dumpxml": {
    summary: "network information in XML",
    description: "Output the network information as an XML dump to stdout.",
    options: {
      network: ANY_NETWORK,
      inactive: INACTIVE_XML,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "net-edit": {
    summary: "edit XML configuration for a network",
    description: "Edit the XML configuration for a network.",
    options: {
      network: ANY_NETWORK,
    },
  },
  "net-event": {
    summary: "Network Events",
    description: "List event types, or wait for network events to occur",
    options: {
      network: {
        kind: "string",
        completes: "network-name",
        help: "filter by network name or uuid",
      },
      event: {
        kind: "string",
        completes: "network-event-name",
        help: "which event type to wait for",
      },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      list: LIST_EVENTS,
      timestamp: TIMESTAMP,
    },
  },
  "net-info": {
    summary: "network information",
    description: "Returns basic information about the network",
    options: {
      network: ANY_NETWORK,
    },
  },
  "net-list": {
    summary: "list networks",
    description: "Returns list of networks.",
    options: {
      inactive: { kind: "bool", help: "list inactive networks" },
      all: { kind: "bool", help: "list inactive & active networks" },
      persistent: { kind: "bool", help: "list persistent networks" },
      transient: { kind: "bool", help: "list transient networks" },
      autostart: { kind: "bool", help: "list networks with autostart enabled" },
      "no-autostart": { kind: "bool", help: "list networks with autostart disabled" },
      uuid: { kind: "bool", help: "list uuid's only" },
      name: { kind: "bool", help: "list network names only" },
      table: { kind: "bool", help: "list table (default)" },
    },
  },
  "net-name": {
    summary: "convert a network UUID to network name",
    description: "",
    options: {
      network: { kind: "data", required: true, completes: "network-uuid", help: "network uuid" },
    },
  },
  "net-start": {
    summary: "start a (previously defined) inactive network",
    description: "Start a network.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        among: "inactive",
        help: "network name or uuid",
      },
    },
  },
  "net-undefine": {
    summary: "undefine a persistent network",
    description: "Undefine the configuration for a persistent network.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        among: "persistent",
        help: "network name or uuid",
      },
    },
  },
  "net-update": {
    summary: "update parts of an existing network's configuration",
    description: "",
    options: {
      network: ANY_NETWORK,
      command: {
        kind: "data",
        required: true,
        completes: "network-update-command",
        help: "type of update (add-first, add-last (add), delete, or modify)",
      },
      section: {
        kind: "data",
        required: true,
        completes: "network-update-section",
        help: "which section of network configuration to update",
      },
      xml: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "name of file containing xml (or, if it starts with '<', the complete xml element itself) to add/modify, or to be matched for search",
      },
      "parent-index": { kind: "int", help: "which parent object to search through" },
      config: { kind: "bool", help: "affect next network startup" },
      live: { kind: "bool", help: "affect running network" },
      current: { kind: "bool", help: "affect current state of network" },
    },
  },
  "net-uuid": {
    summary: "convert a network name to network UUID",
    description: "",
    options: {
      network: { kind: "data", required: true, completes: "network-name", help: "network name" },
    },
  },
  "net-port-list": {
    summary: "list network ports",
    description: "Returns list of network ports.",
    options: {
      network: ACTIVE_NETWORK,
      uuid: { kind: "bool", help: "list uuid's only" },
      table: { kind: "bool", help: "list table (default)" },
    },
  },
  "net-port-create": {
    summary: "create a network port from an XML file",
    description: "Create a network port.",
    options: {
      network: ACTIVE_NETWORK,
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network port description",
      },
      validate: VALIDATE,
    },
  },
  "net-port-dumpxml": {
    summary: "network port information in XML",
    description: "Output the network port information as an XML dump to stdout.",
    options: {
      network: ACTIVE_NETWORK,
      port: { kind: "data", required: true, completes: "network-port-uuid", help: "port UUID" },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "net-port-delete": {
    summary: "delete the specified network port",
    description: "Delete the specified network port.",
    options: {
      network: ACTIVE_NETWORK,
      port: { kind: "data", required: true, completes: "network-port-uuid", help: "port UUID" },
    },
  },
} as const satisfies CommandTable;
