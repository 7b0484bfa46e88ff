/** The commands of `virsh help network`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const NETWORK = {
  "net-autostart": {
    summary: "autostart a network",
    description: "Configure a network to be automatically started at boot.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      disable: { kind: "bool", help: "disable autostarting" },
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
      validate: { kind: "bool", help: "validate the XML against the schema" },
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
      validate: { kind: "bool", help: "validate the XML against the schema" },
    },
  },
  "net-destroy": {
    summary: "destroy (stop) a network",
    description: "Forcefully stop a given network.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
    },
  },
  "net-dhcp-leases": {
    summary: "print lease info for a given network",
    description: "Print lease info for a given network",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      mac: { kind: "string", completes: "network-dhcp-mac", help: "MAC address" },
    },
  },
  "net-dumpxml": {
    summary: "network information in XML",
    description: "Output the network information as an XML dump to stdout.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      inactive: { kind: "bool", help: "show inactive defined XML" },
      xpath: { kind: "string", named: true, help: "xpath expression to filter the XML document" },
      wrap: { kind: "bool", help: "wrap xpath results in an common root element" },
    },
  },
  "net-edit": {
    summary: "edit XML configuration for a network",
    description: "Edit the XML configuration for a network.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
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
      loop: { kind: "bool", help: "loop until timeout or interrupt, rather than one-shot" },
      timeout: { kind: "int", help: "timeout seconds" },
      list: { kind: "bool", help: "list valid event types" },
      timestamp: { kind: "bool", help: "show timestamp for each printed event" },
    },
  },
  "net-info": {
    summary: "network information",
    description: "Returns basic information about the network",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
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
        help: "network name or uuid",
      },
    },
  },
  "net-update": {
    summary: "update parts of an existing network's configuration",
    description: "",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
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
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      uuid: { kind: "bool", help: "list uuid's only" },
      table: { kind: "bool", help: "list table (default)" },
    },
  },
  "net-port-create": {
    summary: "create a network port from an XML file",
    description: "Create a network port.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network port description",
      },
      validate: { kind: "bool", help: "validate the XML against the schema" },
    },
  },
  "net-port-dumpxml": {
    summary: "network port information in XML",
    description: "Output the network port information as an XML dump to stdout.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      port: { kind: "data", required: true, completes: "network-port-uuid", help: "port UUID" },
      xpath: { kind: "string", named: true, help: "xpath expression to filter the XML document" },
      wrap: { kind: "bool", help: "wrap xpath results in an common root element" },
    },
  },
  "net-port-delete": {
    summary: "delete the specified network port",
    description: "Delete the specified network port.",
    options: {
      network: {
        kind: "data",
        required: true,
        completes: "network-name",
        help: "network name or uuid",
      },
      port: { kind: "data", required: true, completes: "network-port-uuid", help: "port UUID" },
    },
  },
} as const satisfies CommandTable;
