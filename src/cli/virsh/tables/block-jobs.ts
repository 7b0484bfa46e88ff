/** The table of the commands that copy, merge and resize a running domain's disks. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_DOMAIN,
  BANDWIDTH_IN_BYTES,
  BANDWIDTH_LIMIT,
  DISK_PATH,
  WAIT_ASYNC,
  WAIT_VERBOSE,
} from "./rows.ts";

export const BLOCK_JOBS = {
  blockcommit: {
    summary: "Start a block commit operation.",
    description: "Commit changes from a snapshot down to its backing image.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: DISK_PATH,
      bandwidth: BANDWIDTH_LIMIT,
      base: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of base file to commit into (default bottom of chain)",
      },
      shallow: { kind: "bool", help: "use backing file of top as base" },
      top: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of top file to commit from (default top of chain)",
      },
      active: { kind: "bool", help: "trigger two-stage active commit of top file" },
      delete: { kind: "bool", help: "delete files that were successfully committed" },
      wait: {
        kind: "bool",
        help: "wait for job to complete (with --active, wait for job to sync)",
      },
      verbose: WAIT_VERBOSE,
      timeout: { kind: "int", help: "implies --wait, abort if copy exceeds timeout (in seconds)" },
      pivot: { kind: "bool", help: "implies --active --wait, pivot when commit is synced" },
      "keep-overlay": { kind: "bool", help: "implies --active --wait, quit when commit is synced" },
      async: WAIT_ASYNC,
      "keep-relative": { kind: "bool", help: "keep the backing chain relatively referenced" },
      bytes: BANDWIDTH_IN_BYTES,
    },
  },
  blockcopy: {
    summary: "Start a block copy operation.",
    description: "Copy a disk backing image chain to dest.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "fully-qualified path of source disk",
      },
      dest: { kind: "string", help: "path of the copy to create" },
      bandwidth: BANDWIDTH_LIMIT,
      shallow: { kind: "bool", help: "make the copy share a backing chain" },
      "reuse-external": { kind: "bool", help: "reuse existing destination" },
      raw: { kind: "alias", of: "format=raw" },
      blockdev: { kind: "bool", help: "copy destination is block device instead of regular file" },
      wait: { kind: "bool", help: "wait for job to reach mirroring phase" },
      verbose: WAIT_VERBOSE,
      timeout: { kind: "int", help: "implies --wait, abort if copy exceeds timeout (in seconds)" },
      pivot: { kind: "bool", help: "implies --wait, pivot when mirroring starts" },
      finish: { kind: "bool", help: "implies --wait, quit when mirroring starts" },
      async: WAIT_ASYNC,
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing XML description of the copy destination",
      },
      format: {
        kind: "string",
        completes: "domain-storage-file-format",
        help: "format of the destination file",
      },
      granularity: { kind: "int", help: "power-of-two granularity to use during the copy" },
      "buf-size": { kind: "int", help: "maximum amount of in-flight data during the copy" },
      bytes: BANDWIDTH_IN_BYTES,
      "transient-job": { kind: "bool", help: "the copy job is not persisted if VM is turned off" },
      "synchronous-writes": {
        kind: "bool",
        help: "the copy job forces guest writes to be synchronously written to the destination",
      },
      "print-xml": {
        kind: "bool",
        help: "print the XML used to start the copy job instead of starting the job",
      },
    },
  },
  blockjob: {
    summary: "Manage active block operations",
    description: "Query, adjust speed, or cancel active block operations.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: DISK_PATH,
      abort: { kind: "bool", help: "abort the active job on the specified disk" },
      async: { kind: "bool", help: "implies --abort; request but don't wait for job end" },
      pivot: { kind: "bool", help: "implies --abort; conclude and pivot a copy or commit job" },
      info: { kind: "bool", help: "get active job information for the specified disk" },
      bytes: { kind: "bool", help: "get/set bandwidth in bytes rather than MiB/s" },
      raw: { kind: "bool", help: "implies --info; output details rather than human summary" },
      bandwidth: { kind: "int", help: "set the bandwidth limit in MiB/s" },
    },
  },
  blockpull: {
    summary: "Populate a disk from its backing image.",
    description: "Populate a disk from its backing image.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: DISK_PATH,
      bandwidth: BANDWIDTH_LIMIT,
      base: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of backing file in chain for a partial pull",
      },
      wait: { kind: "bool", help: "wait for job to finish" },
      verbose: WAIT_VERBOSE,
      timeout: { kind: "int", help: "with --wait, abort if pull exceeds timeout (in seconds)" },
      async: WAIT_ASYNC,
      "keep-relative": { kind: "bool", help: "keep the backing chain relatively referenced" },
      bytes: BANDWIDTH_IN_BYTES,
    },
  },
  blockresize: {
    summary: "Resize block device of domain.",
    description: "Resize block device of domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "Fully-qualified path of block device",
      },
      size: {
        kind: "int",
        required: true,
        help: "New size of the block device, as scaled integer (default KiB)",
      },
    },
  },
  domblkthreshold: {
    summary:
      "set the threshold for block-threshold event for a given block device or it's backing chain element",
    description: "set threshold for block-threshold event for a block device",
    options: {
      domain: ACTIVE_DOMAIN,
      dev: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "device to set threshold for",
      },
      threshold: {
        kind: "int",
        required: true,
        help: "threshold as a scaled number (by default bytes)",
      },
    },
  },
} as const satisfies CommandTable;
