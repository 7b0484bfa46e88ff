/** The commands of `virsh help snapshot`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ANY_DOMAIN,
  QUIESCE,
  RESET_NVRAM,
  SECURITY_INFO,
  SNAPSHOT_DOMAIN,
  SNAPSHOT_NAME,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const SNAPSHOT = {
  "snapshot-create": {
    summary: "Create a snapshot from XML",
    description: "Create a snapshot (disk and RAM) from XML",
    options: {
      domain: ANY_DOMAIN,
      xmlfile: { kind: "string", completes: "path-local-existing", help: "domain snapshot XML" },
      redefine: { kind: "bool", help: "redefine metadata for existing snapshot" },
      current: { kind: "bool", help: "with redefine, set current snapshot" },
      "no-metadata": { kind: "bool", help: "take snapshot but create no metadata" },
      halt: { kind: "bool", help: "halt domain after snapshot is created" },
      "disk-only": { kind: "bool", help: "capture disk state but not vm state" },
      "reuse-external": { kind: "bool", help: "reuse any existing external files" },
      quiesce: QUIESCE,
      atomic: { kind: "bool", help: "require atomic operation" },
      live: { kind: "bool", help: "take a live snapshot" },
      validate: VALIDATE,
    },
  },
  "snapshot-create-as": {
    summary: "Create a snapshot from a set of args",
    description: "Create a snapshot (disk and RAM) from arguments",
    options: {
      domain: ANY_DOMAIN,
      name: { kind: "string", completes: "nothing", help: "name of snapshot" },
      description: { kind: "string", completes: "nothing", help: "description of snapshot" },
      "print-xml": { kind: "bool", help: "print XML document rather than create" },
      "no-metadata": { kind: "bool", help: "take snapshot but create no metadata" },
      halt: { kind: "bool", help: "halt domain after snapshot is created" },
      "disk-only": { kind: "bool", help: "capture disk state but not vm state" },
      "reuse-external": { kind: "bool", help: "reuse any existing external files" },
      quiesce: QUIESCE,
      atomic: { kind: "bool", help: "require atomic operation" },
      live: { kind: "bool", help: "take a live snapshot" },
      validate: VALIDATE,
      memspec: {
        kind: "string",
        named: true,
        help: "memory attributes: [file=]name[,snapshot=type]",
      },
      diskspec: {
        kind: "argv",
        help: "disk attributes: disk[,snapshot=type][,driver=type][,stype=type][,file=name]",
      },
    },
  },
  "snapshot-current": {
    summary: "Get or set the current snapshot",
    description: "Get or set the current snapshot",
    options: {
      domain: SNAPSHOT_DOMAIN,
      name: { kind: "bool", help: "list the name, rather than the full xml" },
      "security-info": SECURITY_INFO,
      snapshotname: {
        kind: "string",
        completes: "snapshot-name",
        help: "name of existing snapshot to make current",
      },
    },
  },
  "snapshot-delete": {
    summary: "Delete a domain snapshot",
    description: "Snapshot Delete",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: SNAPSHOT_NAME,
      current: { kind: "bool", help: "delete current snapshot" },
      children: { kind: "bool", help: "delete snapshot and all children" },
      "children-only": { kind: "bool", help: "delete children but not snapshot" },
      metadata: {
        kind: "bool",
        help: "delete only libvirt metadata, leaving snapshot contents behind",
      },
    },
  },
  "snapshot-dumpxml": {
    summary: "Dump XML for a domain snapshot",
    description: "Snapshot Dump XML",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: {
        kind: "data",
        required: true,
        completes: "snapshot-name",
        help: "snapshot name",
      },
      "security-info": SECURITY_INFO,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "snapshot-edit": {
    summary: "edit XML for a snapshot",
    description: "Edit the domain snapshot XML for a named snapshot",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: SNAPSHOT_NAME,
      current: { kind: "bool", help: "also set edited snapshot as current" },
      rename: { kind: "bool", help: "allow renaming an existing snapshot" },
      clone: { kind: "bool", help: "allow cloning to new name" },
    },
  },
  "snapshot-info": {
    summary: "snapshot information",
    description: "Returns basic information about a snapshot.",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: SNAPSHOT_NAME,
      current: { kind: "bool", help: "info on current snapshot" },
    },
  },
  "snapshot-list": {
    summary: "List snapshots for a domain",
    description: "Snapshot List",
    options: {
      domain: SNAPSHOT_DOMAIN,
      parent: { kind: "bool", help: "add a column showing parent snapshot" },
      roots: { kind: "bool", help: "list only snapshots without parents" },
      leaves: { kind: "bool", help: "list only snapshots without children" },
      "no-leaves": {
        kind: "bool",
        help: "list only snapshots that are not leaves (with children)",
      },
      metadata: {
        kind: "bool",
        help: "list only snapshots that have metadata that would prevent undefine",
      },
      "no-metadata": {
        kind: "bool",
        help: "list only snapshots that have no metadata managed by libvirt",
      },
      inactive: { kind: "bool", help: "filter by snapshots taken while inactive" },
      active: {
        kind: "bool",
        help: "filter by snapshots taken while active (full system snapshots)",
      },
      "disk-only": { kind: "bool", help: "filter by disk-only snapshots" },
      internal: { kind: "bool", help: "filter by internal snapshots" },
      external: { kind: "bool", help: "filter by external snapshots" },
      tree: { kind: "bool", help: "list snapshots in a tree" },
      from: {
        kind: "string",
        completes: "snapshot-name",
        help: "limit list to children of given snapshot",
      },
      current: { kind: "bool", help: "limit list to children of current snapshot" },
      descendants: { kind: "bool", help: "with --from, list all descendants" },
      name: { kind: "bool", help: "list snapshot names only" },
      topological: { kind: "bool", help: "sort list topologically rather than by name" },
    },
  },
  "snapshot-parent": {
    summary: "Get the name of the parent of a snapshot",
    description: "Extract the snapshot's parent, if any",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: {
        kind: "string",
        completes: "snapshot-name",
        help: "find parent of snapshot name",
      },
      current: { kind: "bool", help: "find parent of current snapshot" },
    },
  },
  "snapshot-revert": {
    summary: "Revert a domain to a snapshot",
    description: "Revert domain to snapshot",
    options: {
      domain: SNAPSHOT_DOMAIN,
      snapshotname: SNAPSHOT_NAME,
      current: { kind: "bool", help: "revert to current snapshot" },
      running: { kind: "bool", help: "after reverting, change state to running" },
      paused: { kind: "bool", help: "after reverting, change state to paused" },
      force: { kind: "bool", help: "try harder on risky reverts" },
      "reset-nvram": RESET_NVRAM,
    },
  },
} as const satisfies CommandTable;
