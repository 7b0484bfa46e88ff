/** The table of the commands that put a domain's state into files. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_DOMAIN,
  PAUSED_ON_RESTORE,
  RESET_NVRAM,
  RUNNING_ON_RESTORE,
  SAVED_DOMAIN,
  SECURITY_INFO,
  UPDATED_XML,
  WRAP,
  XPATH,
} from "./rows.ts";

export const SAVE = {
  dump: {
    summary: "dump the core of a domain to a file for analysis",
    description: "Core dump a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      file: { kind: "data", required: true, help: "where to dump the core" },
      live: { kind: "bool", help: "perform a live core dump if supported" },
      crash: { kind: "bool", help: "crash the domain after core dump" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when dumping" },
      reset: { kind: "bool", help: "reset the domain after core dump" },
      verbose: { kind: "bool", help: "display the progress of dump" },
      "memory-only": { kind: "bool", help: "dump domain's memory only" },
      format: {
        kind: "string",
        completes: "domain-core-dump-format",
        help: "specify the format of memory-only dump",
      },
    },
  },
  managedsave: {
    summary: "managed save of a domain state",
    description:
      "Save and destroy a running domain, so it can be restarted from\n    the same state at a later time.  When the virsh 'start'\n    command is next run for the domain, it will automatically\n    be started from this saved state.",
    options: {
      domain: ACTIVE_DOMAIN,
      "bypass-cache": { kind: "bool", help: "avoid file system cache when saving" },
      running: { kind: "bool", help: "set domain to be running on next start" },
      paused: { kind: "bool", help: "set domain to be paused on next start" },
      verbose: { kind: "bool", help: "display the progress of save" },
    },
  },
  "managedsave-remove": {
    summary: "Remove managed save of a domain",
    description: "Remove an existing managed save state file from a domain",
    options: {
      domain: SAVED_DOMAIN,
    },
  },
  "managedsave-edit": {
    summary: "edit XML for a domain's managed save state file",
    description: "Edit the domain XML associated with the managed save state file",
    options: {
      domain: SAVED_DOMAIN,
      running: { kind: "bool", help: "set domain to be running on start" },
      paused: { kind: "bool", help: "set domain to be paused on start" },
    },
  },
  "managedsave-dumpxml": {
    summary: "Domain information of managed save state file in XML",
    description: "Dump XML of domain information for a managed save state file to stdout.",
    options: {
      domain: SAVED_DOMAIN,
      "security-info": SECURITY_INFO,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "managedsave-define": {
    summary: "redefine the XML for a domain's managed save state file",
    description: "Replace the domain XML associated with a managed save state file",
    options: {
      domain: SAVED_DOMAIN,
      xml: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: { kind: "bool", help: "set domain to be running on start" },
      paused: { kind: "bool", help: "set domain to be paused on start" },
    },
  },
  restore: {
    summary: "restore a domain from a saved state in a file",
    description: "Restore a domain.",
    options: {
      file: { kind: "data", required: true, help: "the state to restore" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when restoring" },
      xml: UPDATED_XML,
      running: { kind: "bool", help: "restore domain into running state" },
      paused: { kind: "bool", help: "restore domain into paused state" },
      "reset-nvram": RESET_NVRAM,
    },
  },
  save: {
    summary: "save a domain state to a file",
    description: "Save the RAM state of a running domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      file: { kind: "data", required: true, help: "where to save the data" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when saving" },
      xml: UPDATED_XML,
      running: RUNNING_ON_RESTORE,
      paused: PAUSED_ON_RESTORE,
      verbose: { kind: "bool", help: "display the progress of save" },
    },
  },
  "save-image-define": {
    summary: "redefine the XML for a domain's saved state file",
    description: "Replace the domain XML associated with a saved state file",
    options: {
      file: { kind: "data", required: true, help: "saved state file to modify" },
      xml: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: RUNNING_ON_RESTORE,
      paused: PAUSED_ON_RESTORE,
    },
  },
  "save-image-dumpxml": {
    summary: "saved state domain information in XML",
    description: "Dump XML of domain information for a saved state file to stdout.",
    options: {
      file: { kind: "data", required: true, help: "saved state file to read" },
      "security-info": SECURITY_INFO,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "save-image-edit": {
    summary: "edit XML for a domain's saved state file",
    description: "Edit the domain XML associated with a saved state file",
    options: {
      file: { kind: "data", required: true, help: "saved state file to edit" },
      running: RUNNING_ON_RESTORE,
      paused: PAUSED_ON_RESTORE,
    },
  },
} as const satisfies CommandTable;
