/** The commands of `virsh help checkpoint`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const CHECKPOINT = {
  "checkpoint-create": {
    summary: "Create a checkpoint from XML",
    description: "Create a checkpoint from XML for use in future incremental backups",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      xmlfile: { kind: "string", completes: "path-local-existing", help: "domain checkpoint XML" },
      redefine: { kind: "bool", help: "redefine metadata for existing checkpoint" },
      "redefine-validate": { kind: "bool", help: "validate the redefined checkpoint" },
      quiesce: { kind: "bool", help: "quiesce guest's file systems" },
    },
  },
  "checkpoint-create-as": {
    summary: "Create a checkpoint from a set of args",
    description: "Create a checkpoint from arguments for use in future incremental backups",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      name: { kind: "string", help: "name of checkpoint" },
      description: { kind: "string", help: "description of checkpoint" },
      "print-xml": { kind: "bool", help: "print XML document rather than create" },
      quiesce: { kind: "bool", help: "quiesce guest's file systems" },
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
        help: "domain name, id or uuid",
      },
      checkpointname: { kind: "string", completes: "checkpoint-name", help: "checkpoint name" },
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
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      checkpointname: { kind: "string", completes: "checkpoint-name", help: "checkpoint name" },
      "security-info": { kind: "bool", help: "include security sensitive information in XML dump" },
      "no-domain": { kind: "bool", help: "exclude <domain> from XML" },
      size: { kind: "bool", help: "include backup size estimate in XML dump" },
      xpath: { kind: "string", named: true, help: "xpath expression to filter the XML document" },
      wrap: { kind: "bool", help: "wrap xpath results in an common root element" },
    },
  },
  "checkpoint-edit": {
    summary: "edit XML for a checkpoint",
    description: "Edit the domain checkpoint XML for a named checkpoint",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      checkpointname: { kind: "string", completes: "checkpoint-name", help: "checkpoint name" },
    },
  },
  "checkpoint-info": {
    summary: "checkpoint information",
    description: "Returns basic information about a checkpoint.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      checkpointname: { kind: "string", completes: "checkpoint-name", help: "checkpoint name" },
    },
  },
  "checkpoint-list": {
    summary: "List checkpoints for a domain",
    description: "Checkpoint List",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
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
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      checkpointname: {
        kind: "string",
        completes: "checkpoint-name",
        help: "find parent of checkpoint name",
      },
    },
  },
} as const satisfies CommandTable;
