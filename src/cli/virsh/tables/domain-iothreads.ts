/** The table of the commands on a domain's I/O threads. */
import type { CommandTable } from "../shell/spec.ts";
import { ANY_DOMAIN, CONFIG, CURRENT, LIVE } from "./rows.ts";

export const IOTHREADS = {
  iothreadinfo: {
    summary: "view domain IOThreads",
    description: "Returns basic information about the domain IOThreads.",
    options: {
      domain: ANY_DOMAIN,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadpin: {
    summary: "control domain IOThread affinity",
    description: "Pin domain IOThreads to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      iothread: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "IOThread ID number",
      },
      cpulist: {
        kind: "data",
        required: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadadd: {
    summary: "add an IOThread to the guest domain",
    description: "Add an IOThread to the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: { kind: "int", required: true, help: "iothread for the new IOThread" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadset: {
    summary: "modifies an existing IOThread of the guest domain",
    description: "Modifies an existing IOThread of the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "iothread id of existing IOThread",
      },
      "poll-max-ns": { kind: "int", help: "set the maximum IOThread polling time in ns" },
      "poll-grow": { kind: "int", help: "set the value to increase the IOThread polling time" },
      "poll-shrink": {
        kind: "int",
        help: "set the value for reduction of the IOThread polling time",
      },
      "thread-pool-min": { kind: "int", help: "lower boundary for worker thread pool" },
      "thread-pool-max": { kind: "int", help: "upper boundary for worker thread pool" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreaddel: {
    summary: "delete an IOThread from the guest domain",
    description: "Delete an IOThread from the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "iothread_id for the IOThread to delete",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
} as const satisfies CommandTable;
