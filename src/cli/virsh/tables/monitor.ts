/** The commands of `virsh help monitor`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN, CONFIG, CURRENT, LIVE } from "./rows.ts";

export const MONITOR = {
  domblkerror: {
    summary: "Show errors on block devices",
    description: "Show block device errors",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  domblkinfo: {
    summary: "domain block device size information",
    description: "Get block device size info for a domain.",
    options: {
      domain: ANY_DOMAIN,
      device: { kind: "string", completes: "domain-disk-target", help: "block device" },
      human: { kind: "bool", help: "Human readable output" },
      all: { kind: "bool", help: "display all block devices info" },
    },
  },
  domblklist: {
    summary: "list all domain blocks",
    description: "Get the summary of block devices for a domain.",
    options: {
      domain: ANY_DOMAIN,
      inactive: { kind: "bool", help: "get inactive rather than running configuration" },
      details: { kind: "bool", help: "additionally display the type and device value" },
    },
  },
  domblkstat: {
    summary: "get device block stats for a domain",
    description:
      "Get device block stats for a running domain. See man page or use --human for explanation of fields",
    options: {
      domain: ACTIVE_DOMAIN,
      device: {
        kind: "string",
        emptyOk: true,
        completes: "domain-disk-target",
        help: "block device",
      },
      human: { kind: "bool", help: "print a more human readable output" },
    },
  },
  domcontrol: {
    summary: "domain control interface state",
    description: "Returns state of a control interface to the domain.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  "domif-getlink": {
    summary: "get link state of a virtual interface",
    description: "Get link state of a domain's virtual interface.",
    options: {
      domain: ANY_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device (MAC Address)",
      },
      persistent: { kind: "alias", of: "config" },
      config: { kind: "bool", help: "Get persistent interface state" },
    },
  },
  domifaddr: {
    summary: "Get network interfaces' addresses for a running domain",
    description: "Get network interfaces' addresses for a running domain",
    options: {
      domain: ACTIVE_DOMAIN,
      interface: { kind: "string", completes: "domain-interface", help: "network interface name" },
      full: { kind: "bool", help: "always display names and MACs of interfaces" },
      source: {
        kind: "string",
        completes: "domain-interface-addr-source",
        help: "address source: 'lease', 'agent', or 'arp'",
      },
    },
  },
  domiflist: {
    summary: "list all domain virtual interfaces",
    description: "Get the summary of virtual interfaces for a domain.",
    options: {
      domain: ANY_DOMAIN,
      inactive: { kind: "bool", help: "get inactive rather than running configuration" },
    },
  },
  domifstat: {
    summary: "get network interface stats for a domain",
    description: "Get network interface stats for a running domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device specified by name or MAC Address",
      },
    },
  },
  dominfo: {
    summary: "domain information",
    description: "Returns basic information about the domain.",
    options: {
      domain: ANY_DOMAIN,
    },
  },
  dommemstat: {
    summary: "get memory statistics for a domain",
    description: "Get memory statistics for a running domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      period: { kind: "int", named: true, help: "period in seconds to set collection" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  domstate: {
    summary: "domain state",
    description: "Returns state about a domain.",
    options: {
      domain: ANY_DOMAIN,
      reason: { kind: "bool", help: "also print reason for the state" },
    },
  },
  domstats: {
    summary: "get statistics about one or multiple domains",
    description: "Gets statistics about one or more (or all) domains",
    options: {
      state: { kind: "bool", help: "report domain state" },
      "cpu-total": { kind: "bool", help: "report domain physical cpu usage" },
      balloon: { kind: "bool", help: "report domain balloon statistics" },
      vcpu: { kind: "bool", help: "report domain virtual cpu information" },
      interface: { kind: "bool", help: "report domain network interface information" },
      block: { kind: "bool", help: "report domain block device statistics" },
      perf: { kind: "bool", help: "report domain perf event statistics" },
      iothread: { kind: "bool", help: "report domain IOThread information" },
      memory: { kind: "bool", help: "report domain memory usage" },
      dirtyrate: { kind: "bool", help: "report domain dirty rate information" },
      vm: { kind: "bool", help: "report hypervisor-specific statistics" },
      "list-active": { kind: "bool", help: "list only active domains" },
      "list-inactive": { kind: "bool", help: "list only inactive domains" },
      "list-persistent": { kind: "bool", help: "list only persistent domains" },
      "list-transient": { kind: "bool", help: "list only transient domains" },
      "list-running": { kind: "bool", help: "list only running domains" },
      "list-paused": { kind: "bool", help: "list only paused domains" },
      "list-shutoff": { kind: "bool", help: "list only shutoff domains" },
      "list-other": { kind: "bool", help: "list only domains in other states" },
      raw: { kind: "bool", help: "do not pretty-print the fields" },
      enforce: { kind: "bool", help: "enforce requested stats parameters" },
      backing: { kind: "bool", help: "add backing chain information to block stats" },
      nowait: { kind: "bool", help: "report only stats that are accessible instantly" },
      domain: { kind: "argv", completes: "domain-name", help: "list of domains to get stats for" },
    },
  },
  domtime: {
    summary: "domain time",
    description: "Gets or sets the domain's system time",
    options: {
      domain: ACTIVE_DOMAIN,
      now: { kind: "bool", help: "set to the time of the host running virsh" },
      pretty: { kind: "bool", help: "print domain's time in human readable form" },
      sync: { kind: "bool", help: "instead of setting given time, synchronize from domain's RTC" },
      time: { kind: "int", help: "time to set" },
    },
  },
  list: {
    summary: "list domains",
    description: "Returns list of domains.",
    options: {
      inactive: { kind: "bool", help: "list inactive domains" },
      all: { kind: "bool", help: "list inactive & active domains" },
      transient: { kind: "bool", help: "list transient domains" },
      persistent: { kind: "bool", help: "list persistent domains" },
      "with-snapshot": { kind: "bool", help: "list domains with existing snapshot" },
      "without-snapshot": { kind: "bool", help: "list domains without a snapshot" },
      "with-checkpoint": { kind: "bool", help: "list domains with existing checkpoint" },
      "without-checkpoint": { kind: "bool", help: "list domains without a checkpoint" },
      "state-running": { kind: "bool", help: "list domains in running state" },
      "state-paused": { kind: "bool", help: "list domains in paused state" },
      "state-shutoff": { kind: "bool", help: "list domains in shutoff state" },
      "state-other": { kind: "bool", help: "list domains in other states" },
      autostart: { kind: "bool", help: "list domains with autostart enabled" },
      "no-autostart": { kind: "bool", help: "list domains with autostart disabled" },
      "with-managed-save": { kind: "bool", help: "list domains with managed save state" },
      "without-managed-save": { kind: "bool", help: "list domains without managed save" },
      uuid: { kind: "bool", help: "list uuid's only" },
      name: { kind: "bool", help: "list domain names only" },
      id: { kind: "bool", help: "list domain IDs only" },
      table: { kind: "bool", help: "list table (default)" },
      "managed-save": { kind: "bool", help: "mark inactive domains with managed save state" },
      title: { kind: "bool", help: "show domain title" },
    },
  },
} as const satisfies CommandTable;
