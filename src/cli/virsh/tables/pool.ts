/** The commands of `virsh help pool`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_POOL,
  ANY_POOL,
  DISABLE_AUTOSTART,
  INACTIVE_XML,
  LIST_EVENTS,
  LOOP_EVENTS,
  NO_OVERWRITE,
  OVERWRITE,
  TIMEOUT,
  TIMESTAMP,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const POOL = {
  "find-storage-pool-sources-as": {
    summary: "find potential storage pool sources",
    description: "Returns XML <sources> document.",
    options: {
      type: { kind: "data", required: true, help: "type of storage pool sources to find" },
      host: { kind: "string", completes: "nothing", help: "optional host to query" },
      port: { kind: "string", completes: "nothing", help: "optional port to query" },
      initiator: {
        kind: "string",
        completes: "nothing",
        help: "optional initiator IQN to use for query",
      },
    },
  },
  "find-storage-pool-sources": {
    summary: "discover potential storage pool sources",
    description: "Returns XML <sources> document.",
    options: {
      type: { kind: "data", required: true, help: "type of storage pool sources to discover" },
      srcSpec: {
        kind: "string",
        completes: "path-local-existing",
        help: "optional file of source xml to query for pools",
      },
    },
  },
  "pool-autostart": {
    summary: "autostart a pool",
    description: "Configure a pool to be automatically started at boot.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "persistent",
        help: "pool name or uuid",
      },
      disable: DISABLE_AUTOSTART,
    },
  },
  "pool-build": {
    summary: "build a pool",
    description: "Build a given pool.",
    options: {
      pool: ANY_POOL,
      "no-overwrite": NO_OVERWRITE,
      overwrite: OVERWRITE,
    },
  },
  "pool-create-as": {
    summary: "create a pool from a set of args",
    description: "Create a pool.",
    options: {
      name: { kind: "data", required: true, completes: "nothing", help: "name of the pool" },
      type: { kind: "data", required: true, completes: "pool-type", help: "type of the pool" },
      "print-xml": { kind: "bool", help: "print XML document, but don't define/create" },
      "source-host": {
        kind: "string",
        completes: "nothing",
        help: "source-host for underlying storage",
      },
      "source-path": { kind: "string", help: "source path for underlying storage" },
      "source-dev": { kind: "string", help: "source device for underlying storage" },
      "source-name": { kind: "string", help: "source name for underlying storage" },
      target: { kind: "string", help: "target for underlying storage" },
      "source-format": { kind: "string", help: "format for underlying storage" },
      "auth-type": { kind: "string", help: "auth type to be used for underlying storage" },
      "auth-username": {
        kind: "string",
        completes: "nothing",
        help: "auth username to be used for underlying storage",
      },
      "secret-usage": {
        kind: "string",
        help: "auth secret usage to be used for underlying storage",
      },
      "secret-uuid": { kind: "string", help: "auth secret UUID to be used for underlying storage" },
      "adapter-name": { kind: "string", help: "adapter name to be used for underlying storage" },
      "adapter-wwnn": { kind: "string", help: "adapter wwnn to be used for underlying storage" },
      "adapter-wwpn": { kind: "string", help: "adapter wwpn to be used for underlying storage" },
      "adapter-parent": {
        kind: "string",
        help: "adapter parent scsi_hostN to be used for underlying vHBA storage",
      },
      "adapter-parent-wwnn": {
        kind: "string",
        help: "adapter parent scsi_hostN wwnn to be used for underlying vHBA storage",
      },
      "adapter-parent-wwpn": {
        kind: "string",
        help: "adapter parent scsi_hostN wwpn to be used for underlying vHBA storage",
      },
      "adapter-parent-fabric-wwn": {
        kind: "string",
        help: "adapter parent scsi_hostN fabric_wwn to be used for underlying vHBA storage",
      },
      "source-protocol-ver": { kind: "string", help: "nfsvers value for NFS pool mount option" },
      "source-initiator": {
        kind: "string",
        completes: "nothing",
        help: "initiator iqn for underlying storage",
      },
      build: { kind: "bool", help: "build the pool as normal" },
      "no-overwrite": NO_OVERWRITE,
      overwrite: OVERWRITE,
    },
  },
  "pool-create": {
    summary: "create a pool from an XML file",
    description: "Create a pool.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML pool description",
      },
      build: { kind: "bool", help: "build the pool as normal" },
      "no-overwrite": NO_OVERWRITE,
      overwrite: OVERWRITE,
    },
  },
  "pool-define-as": {
    summary: "define a pool from a set of args",
    description: "Define a pool.",
    options: {
      name: { kind: "data", required: true, completes: "nothing", help: "name of the pool" },
      type: { kind: "data", required: true, completes: "pool-type", help: "type of the pool" },
      "print-xml": { kind: "bool", help: "print XML document, but don't define/create" },
      "source-host": {
        kind: "string",
        completes: "nothing",
        help: "source-host for underlying storage",
      },
      "source-path": { kind: "string", help: "source path for underlying storage" },
      "source-dev": { kind: "string", help: "source device for underlying storage" },
      "source-name": { kind: "string", help: "source name for underlying storage" },
      target: { kind: "string", help: "target for underlying storage" },
      "source-format": { kind: "string", help: "format for underlying storage" },
      "auth-type": { kind: "string", help: "auth type to be used for underlying storage" },
      "auth-username": {
        kind: "string",
        completes: "nothing",
        help: "auth username to be used for underlying storage",
      },
      "secret-usage": {
        kind: "string",
        help: "auth secret usage to be used for underlying storage",
      },
      "secret-uuid": { kind: "string", help: "auth secret UUID to be used for underlying storage" },
      "adapter-name": { kind: "string", help: "adapter name to be used for underlying storage" },
      "adapter-wwnn": { kind: "string", help: "adapter wwnn to be used for underlying storage" },
      "adapter-wwpn": { kind: "string", help: "adapter wwpn to be used for underlying storage" },
      "adapter-parent": {
        kind: "string",
        help: "adapter parent scsi_hostN to be used for underlying vHBA storage",
      },
      "adapter-parent-wwnn": {
        kind: "string",
        help: "adapter parent scsi_hostN wwnn to be used for underlying vHBA storage",
      },
      "adapter-parent-wwpn": {
        kind: "string",
        help: "adapter parent scsi_hostN wwpn to be used for underlying vHBA storage",
      },
      "adapter-parent-fabric-wwn": {
        kind: "string",
        help: "adapter parent scsi_hostN fabric_wwn to be used for underlying vHBA storage",
      },
      "source-protocol-ver": { kind: "string", help: "nfsvers value for NFS pool mount option" },
      "source-initiator": {
        kind: "string",
        completes: "nothing",
        help: "initiator iqn for underlying storage",
      },
    },
  },
  "pool-define": {
    summary:
      "define an inactive persistent storage pool or modify an existing persistent one from an XML file",
    description: "Define or modify a persistent storage pool.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML pool description",
      },
      validate: VALIDATE,
    },
  },
  "pool-delete": {
    summary: "delete a pool",
    description: "Delete a given pool.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "inactive",
        help: "pool name or uuid",
      },
    },
  },
  "pool-destroy": {
    summary: "destroy (stop) a pool",
    description: "Forcefully stop a given pool. Raw data in the pool is untouched",
    options: {
      pool: ACTIVE_POOL,
    },
  },
  "pool-dumpxml": {
    summary: "pool information in XML",
    description: "Output the pool information as an XML dump to stdout.",
    options: {
      pool: ANY_POOL,
      inactive: INACTIVE_XML,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "pool-edit": {
    summary: "edit XML configuration for a storage pool",
    description: "Edit the XML configuration for a storage pool.",
    options: {
      pool: ANY_POOL,
    },
  },
  "pool-info": {
    summary: "storage pool information",
    description: "Returns basic information about the storage pool.",
    options: {
      pool: ANY_POOL,
      bytes: { kind: "bool", help: "Return pool info in bytes" },
    },
  },
  "pool-list": {
    summary: "list pools",
    description: "Returns list of pools.",
    options: {
      inactive: { kind: "bool", help: "list inactive pools" },
      all: { kind: "bool", help: "list inactive & active pools" },
      transient: { kind: "bool", help: "list transient pools" },
      persistent: { kind: "bool", help: "list persistent pools" },
      autostart: { kind: "bool", help: "list pools with autostart enabled" },
      "no-autostart": { kind: "bool", help: "list pools with autostart disabled" },
      type: {
        kind: "string",
        completes: "pool-type",
        help: "only list pool of specified type(s) (if supported)",
      },
      details: { kind: "bool", help: "display extended details for pools" },
      uuid: { kind: "bool", help: "list UUID of active pools only" },
      name: { kind: "bool", help: "list name of active pools only" },
    },
  },
  "pool-name": {
    summary: "convert a pool UUID to pool name",
    description: "",
    options: {
      pool: ANY_POOL,
    },
  },
  "pool-refresh": {
    summary: "refresh a pool",
    description: "Refresh a given pool.",
    options: {
      pool: ACTIVE_POOL,
    },
  },
  "pool-start": {
    summary: "start a (previously defined) inactive pool",
    description: "Start a pool.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "inactive",
        help: "pool name or uuid",
      },
      build: { kind: "bool", help: "build the pool as normal" },
      "no-overwrite": NO_OVERWRITE,
      overwrite: OVERWRITE,
    },
  },
  "pool-undefine": {
    summary: "undefine an inactive pool",
    description: "Undefine the configuration for an inactive pool.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "persistent",
        help: "pool name or uuid",
      },
    },
  },
  "pool-uuid": {
    summary: "convert a pool name to pool UUID",
    description: "",
    options: {
      pool: ANY_POOL,
    },
  },
  "pool-event": {
    summary: "Storage Pool Events",
    description: "List event types, or wait for storage pool events to occur",
    options: {
      pool: {
        kind: "string",
        completes: "storage-pool-name",
        help: "filter by storage pool name or uuid",
      },
      event: { kind: "string", completes: "pool-event-name", help: "which event type to wait for" },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      list: LIST_EVENTS,
      timestamp: TIMESTAMP,
    },
  },
  "pool-capabilities": {
    summary: "storage pool capabilities",
    description: "Returns capabilities of storage pool support.",
    options: {},
  },
} as const satisfies CommandTable;
