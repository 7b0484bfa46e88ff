/** The table of the commands that show and set how much of the host a domain may use. */
import type { CommandTable } from "../shell/spec.ts";
import { ANY_DOMAIN, CONFIG, CURRENT, LIVE } from "./rows.ts";

export const TUNING = {
  blkdeviotune: {
    summary: "Set or query a block device I/O tuning parameters.",
    description: "Set or query disk I/O parameters such as block throttling.",
    options: {
      domain: ANY_DOMAIN,
      device: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "block device",
      },
      total_bytes_sec: { kind: "alias", of: "total-bytes-sec" },
      "total-bytes-sec": {
        kind: "int",
        help: "total throughput limit, as scaled integer (default bytes)",
      },
      read_bytes_sec: { kind: "alias", of: "read-bytes-sec" },
      "read-bytes-sec": {
        kind: "int",
        help: "read throughput limit, as scaled integer (default bytes)",
      },
      write_bytes_sec: { kind: "alias", of: "write-bytes-sec" },
      "write-bytes-sec": {
        kind: "int",
        help: "write throughput limit, as scaled integer (default bytes)",
      },
      total_iops_sec: { kind: "alias", of: "total-iops-sec" },
      "total-iops-sec": { kind: "int", help: "total I/O operations limit per second" },
      read_iops_sec: { kind: "alias", of: "read-iops-sec" },
      "read-iops-sec": { kind: "int", help: "read I/O operations limit per second" },
      write_iops_sec: { kind: "alias", of: "write-iops-sec" },
      "write-iops-sec": { kind: "int", help: "write I/O operations limit per second" },
      total_bytes_sec_max: { kind: "alias", of: "total-bytes-sec-max" },
      "total-bytes-sec-max": { kind: "int", help: "total max, as scaled integer (default bytes)" },
      read_bytes_sec_max: { kind: "alias", of: "read-bytes-sec-max" },
      "read-bytes-sec-max": { kind: "int", help: "read max, as scaled integer (default bytes)" },
      write_bytes_sec_max: { kind: "alias", of: "write-bytes-sec-max" },
      "write-bytes-sec-max": { kind: "int", help: "write max, as scaled integer (default bytes)" },
      total_iops_sec_max: { kind: "alias", of: "total-iops-sec-max" },
      "total-iops-sec-max": { kind: "int", help: "total I/O operations max" },
      read_iops_sec_max: { kind: "alias", of: "read-iops-sec-max" },
      "read-iops-sec-max": { kind: "int", help: "read I/O operations max" },
      write_iops_sec_max: { kind: "alias", of: "write-iops-sec-max" },
      "write-iops-sec-max": { kind: "int", help: "write I/O operations max" },
      size_iops_sec: { kind: "alias", of: "size-iops-sec" },
      "size-iops-sec": { kind: "int", help: "I/O size in bytes" },
      group_name: { kind: "alias", of: "group-name" },
      "group-name": {
        kind: "string",
        completes: "nothing",
        help: "group name to share I/O quota between multiple drives",
      },
      total_bytes_sec_max_length: { kind: "alias", of: "total-bytes-sec-max-length" },
      "total-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow total max bytes",
      },
      read_bytes_sec_max_length: { kind: "alias", of: "read-bytes-sec-max-length" },
      "read-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow read max bytes",
      },
      write_bytes_sec_max_length: { kind: "alias", of: "write-bytes-sec-max-length" },
      "write-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow write max bytes",
      },
      total_iops_sec_max_length: { kind: "alias", of: "total-iops-sec-max-length" },
      "total-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow total I/O operations max",
      },
      read_iops_sec_max_length: { kind: "alias", of: "read-iops-sec-max-length" },
      "read-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow read I/O operations max",
      },
      write_iops_sec_max_length: { kind: "alias", of: "write-iops-sec-max-length" },
      "write-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow write I/O operations max",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  blkiotune: {
    summary: "Get or set blkio parameters",
    description:
      "Get or set the current blkio parameters for a guest domain.\n    To get the blkio parameters use following command: \n\n    virsh # blkiotune <domain>",
    options: {
      domain: ANY_DOMAIN,
      weight: { kind: "int", help: "IO Weight" },
      "device-weights": {
        kind: "string",
        completes: "nothing",
        help: "per-device IO Weights, in the form of /path/to/device,weight,...",
      },
      "device-read-iops-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device read I/O limit per second, in the form of /path/to/device,read_iops_sec,...",
      },
      "device-write-iops-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device write I/O limit per second, in the form of /path/to/device,write_iops_sec,...",
      },
      "device-read-bytes-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device bytes read per second, in the form of /path/to/device,read_bytes_sec,...",
      },
      "device-write-bytes-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device bytes wrote per second, in the form of /path/to/device,write_bytes_sec,...",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  domiftune: {
    summary: "get/set parameters of a virtual interface",
    description: "Get/set parameters of a domain's virtual interface.",
    options: {
      domain: ANY_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device (MAC Address)",
      },
      inbound: { kind: "string", completes: "nothing", help: "control domain's incoming traffics" },
      outbound: {
        kind: "string",
        completes: "nothing",
        help: "control domain's outgoing traffics",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  memtune: {
    summary: "Get or set memory parameters",
    description:
      "Get or set the current memory parameters for a guest domain.\n    To get the memory parameters use following command: \n\n    virsh # memtune <domain>",
    options: {
      domain: ANY_DOMAIN,
      "hard-limit": { kind: "int", help: "Max memory, as scaled integer (default KiB)" },
      "soft-limit": {
        kind: "int",
        help: "Memory during contention, as scaled integer (default KiB)",
      },
      "swap-hard-limit": {
        kind: "int",
        help: "Max memory plus swap, as scaled integer (default KiB)",
      },
      "min-guarantee": {
        kind: "int",
        help: "Min guaranteed memory, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  perf: {
    summary: "Get or set perf event",
    description:
      "Get or set the current perf events for a guest domain.\n    To get the perf events list use following command: \n\n    virsh # perf <domain>",
    options: {
      domain: ANY_DOMAIN,
      enable: {
        kind: "string",
        completes: "domain-perf-enable",
        help: "perf events which will be enabled",
      },
      disable: {
        kind: "string",
        completes: "domain-perf-disable",
        help: "perf events which will be disabled",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  numatune: {
    summary: "Get or set numa parameters",
    description:
      "Get or set the current numa parameters for a guest domain.\n    To get the numa parameters use following command: \n\n    virsh # numatune <domain>",
    options: {
      domain: ANY_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-numatune-mode",
        help: "NUMA mode, one of strict, preferred and interleave \nor a number from the virDomainNumatuneMemMode enum",
      },
      nodeset: { kind: "string", help: "NUMA node selections to set" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  schedinfo: {
    summary: "show/set scheduler parameters",
    description: "Show/Set scheduler parameters.",
    options: {
      domain: ANY_DOMAIN,
      weight: { kind: "int", named: true, help: "weight for XEN_CREDIT" },
      cap: { kind: "int", named: true, help: "cap for XEN_CREDIT" },
      current: { kind: "bool", help: "get/set current scheduler info" },
      config: { kind: "bool", help: "get/set value to be used on next boot" },
      live: { kind: "bool", help: "get/set value from running domain" },
      set: { kind: "argv", help: "parameter=value" },
    },
  },
  setmaxmem: {
    summary: "change maximum memory limit",
    description: "Change the maximum memory allocation limit in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      kilobytes: { kind: "alias", of: "size" },
      size: {
        kind: "int",
        required: true,
        help: "new maximum memory size, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  setmem: {
    summary: "change memory allocation",
    description: "Change the current memory allocation in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      kilobytes: { kind: "alias", of: "size" },
      size: {
        kind: "int",
        required: true,
        help: "new memory size, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
} as const satisfies CommandTable;
