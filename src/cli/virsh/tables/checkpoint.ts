/** The commands of `virsh help checkpoint`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_DOMAIN,
  CHECKPOINT_DOMAIN,
  CHECKPOINT_NAME,
  QUIESCE,
  SECURITY_INFO,
  WRAP,
  XPATH,
} from "./rows.ts";

export const CHECKPOINT = {
  "checkpoint-create": {
    summary: "Create a checkpoint from XML",
    description: "Create a checkpoint from XML for use in future incremental backups",
    options: {
      domain: ACTIVE_DOMAIN,
      xmlfile: { kind: "string", completes: "path-local-existing", help: "domain checkpoint XML" },
      redefine: { kind: "bool", help: "redefine metadata for existing checkpoint" },
      "redefine-validate": { kind: "bool", help: "validate the redefined checkpoint" },
      quiesce: QUIESCE,
    },
  },
  "checkpoint-create-as": {
    summary: "Create a checkpoint from a set of args",
    description: "Create a checkpoint from arguments for use in future incremental backups",
    options: {
      domain: ACTIVE_DOMAIN,
      name: { kind: "string", completes: "nothing", help: "name of checkpoint" },
      description: { kind: "string", completes: "nothing", help: "description of checkpoint" },
      "print-xml": { kind: "bool", help: "print XML document rather than create" },
      quiesce: QUIESCE,
      diskspec: { kind: "argv", help: "disk attributes: disk[,checkpoint=type][,bitmap=name]" },
    },
  },
  "checkpoint-delete": {
    summary: "Delete a domain checkpoint",
    description: "Checkpoint Delete",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "has-checkpoint active",
        help: "domain name, id or uuid",
      },
      checkpointname: CHECKPOINT_NAME,
      children: { kind: "bool", help: "delete checkpoint and all children" },
      "children-only": { kind: "bool", help: "delete children but not checkpoint" },
      metadata: {
        kind: "bool",
        help: "delete only libvirt metadata, leaving checkpoint contents behind",
      },
    },
  },
  "checkpoint-dumpxml": {
    summary: "Dump XML for a domain checkpoint",
    description: "Checkpoint Dump XML",
    options: {
      domain: CHECKPOINT_DOMAIN,
      checkpointname: CHECKPOINT_NAME,
      "security-info": SECURITY_INFO,
      "no-domain": { kind: "bool", help: "exclude <domain> from XML" },
      size: { kind: "bool", help: "include backup size estimate in XML dump" },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "checkpoint-edit": {
    summary: "edit XML for a checkpoint",
    description: "Edit the domain checkpoint XML for a named checkpoint",
    options: {
      domain: CHECKPOINT_DOMAIN,
      checkpointname: CHECKPOINT_NAME,
    },
  },
  "checkpoint-info": {
    summary: "checkpoint information",
    description: "Returns basic information about a checkpoint.",
    options: {
      domain: CHECKPOINT_DOMAIN,
      checkpointname: CHECKPOINT_NAME,
    },
  },
  "checkpoint-list": {
    summary: "List checkpoints for a domain",
    description: "Checkpoint List",
    options: {
      domain: CHECKPOINT_DOMAIN,
      parent: { kind: "bool", help: "add a column showing parent checkpoint" },
      roots: { kind: "bool", help: "list only checkpoints without parents" },
      leaves: { kind: "bool", help: "list only checkpoints without children" },
      "no-leaves": {
        kind: "bool",
        help: "list only checkpoints that are not leaves (with children)",
      },
      tree: { kind: "bool", help: "list checkpoints in a tree" },
      from: {
        kind: "string",
        completes: "checkpoint-name",
        help: "limit list to children of given checkpoint",
      },
      descendants: { kind: "bool", help: "with --from, list all descendants" },
      name: { kind: "bool", help: "list checkpoint names only" },
      topological: { kind: "bool", help: "sort list topologically rather than by name" },
    },
  },
  "checkpoint-parent": {
    summary: "Get the name of the parent of a checkpoint",
    description: "Extract the checkpoint's parent, if any",
    options: {
      domain: CHECKPOINT_DOMAIN,
      checkpointname: {
        kind: "string",
        completes: "checkpoint-name",
        help: "find parent of checkpoint name",
      },
    },
  },
} as const satisfies CommandTable;
