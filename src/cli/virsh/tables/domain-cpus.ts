/** The table of the commands on a domain's virtual CPUs. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN, CONFIG, CURRENT, LIVE } from "./rows.ts";

export const CPUS = {
  "cpu-stats": {
    summary: "show domain cpu statistics",
    description: "Display per-CPU and total statistics about the domain's CPUs",
    options: {
      domain: ACTIVE_DOMAIN,
      total: { kind: "bool", help: "Show total statistics only" },
      start: { kind: "int", help: "Show statistics from this CPU" },
      count: { kind: "int", help: "Number of shown CPUs at most" },
    },
  },
  setvcpus: {
    summary: "change number of virtual CPUs",
    description: "Change the number of virtual CPUs in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      count: { kind: "int", required: true, help: "number of virtual CPUs" },
      maximum: { kind: "bool", help: "set maximum limit on next boot" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      guest: { kind: "bool", help: "modify cpu state in the guest" },
      hotpluggable: { kind: "bool", help: "make added vcpus hot(un)pluggable" },
    },
  },
  vcpucount: {
    summary: "domain vcpu counts",
    description: "Returns the number of virtual CPUs used by the domain.",
    options: {
      domain: ANY_DOMAIN,
      maximum: { kind: "bool", help: "get maximum count of vcpus" },
      active: { kind: "bool", help: "get number of currently active vcpus" },
      live: { kind: "bool", help: "get value from running domain" },
      config: { kind: "bool", help: "get value to be used on next boot" },
      current: { kind: "bool", help: "get value according to current domain state" },
      guest: { kind: "bool", help: "retrieve vcpu count from the guest instead of the hypervisor" },
    },
  },
  vcpuinfo: {
    summary: "detailed domain vcpu information",
    description: "Returns basic information about the domain virtual CPUs.",
    options: {
      domain: ANY_DOMAIN,
      pretty: { kind: "bool", help: "return human readable output" },
    },
  },
  vcpupin: {
    summary: "control or query domain vcpu affinity",
    description: "Pin domain VCPUs to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      vcpu: { kind: "int", completes: "domain-vcpu", help: "vcpu number" },
      cpulist: {
        kind: "string",
        emptyOk: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set, or omit option to query",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  emulatorpin: {
    summary: "control or query domain emulator affinity",
    description: "Pin domain emulator threads to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      cpulist: {
        kind: "string",
        emptyOk: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set, or omit option to query",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  guestvcpus: {
    summary: "query or modify state of vcpu in the guest (via agent)",
    description: "Use the guest agent to query or set cpu state from guest's point of view",
    options: {
      domain: ACTIVE_DOMAIN,
      cpulist: {
        kind: "string",
        completes: "domain-vcpulist-via-agent",
        help: "list of cpus to enable or disable",
      },
      enable: { kind: "bool", help: "enable cpus specified by cpulist" },
      disable: { kind: "bool", help: "disable cpus specified by cpulist" },
    },
  },
  setvcpu: {
    summary: "attach/detach vcpu or groups of threads",
    description: "Add or remove vcpus",
    options: {
      domain: ANY_DOMAIN,
      vcpulist: {
        kind: "data",
        required: true,
        completes: "domain-vcpulist",
        help: "ids of vcpus to manipulate",
      },
      enable: { kind: "bool", help: "enable cpus specified by cpumap" },
      disable: { kind: "bool", help: "disable cpus specified by cpumap" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
} as const satisfies CommandTable;
