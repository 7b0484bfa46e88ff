/** The commands of `virsh help filter`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import { VALIDATE, WRAP, XPATH } from "./rows.ts";

export const FILTER = {
  "nwfilter-define": {
    summary: "define or update a network filter from an XML file",
    description: "Define a new network filter or update an existing one.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network filter description",
      },
      validate: VALIDATE,
    },
  },
  "nwfilter-dumpxml": {
    summary: "network filter information in XML",
    description: "Output the network filter information as an XML dump to stdout.",
    options: {
      nwfilter: {
        kind: "data",
        required: true,
        completes: "nwfilter-name",
        help: "network filter name or uuid",
      },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "nwfilter-edit": {
    summary: "edit XML configuration for a network filter",
    description: "Edit the XML configuration for a network filter.",
    options: {
      nwfilter: {
        kind: "data",
        required: true,
        completes: "nwfilter-name",
        help: "network filter name or uuid",
      },
    },
  },
  "nwfilter-list": {
    summary: "list network filters",
    description: "Returns list of network filters.",
    options: {},
  },
  "nwfilter-undefine": {
    summary: "undefine a network filter",
    description: "Undefine a given network filter.",
    options: {
      nwfilter: {
        kind: "data",
        required: true,
        completes: "nwfilter-name",
        help: "network filter name or uuid",
      },
    },
  },
  "nwfilter-binding-create": {
    summary: "create a network filter binding from an XML file",
    description: "Create a new network filter binding.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML network filter binding description",
      },
      validate: VALIDATE,
    },
  },
  "nwfilter-binding-delete": {
    summary: "delete a network filter binding",
    description: "Delete a given network filter binding.",
    options: {
      binding: {
        kind: "data",
        required: true,
        completes: "nwfilter-binding-name",
        help: "network filter binding port dev",
      },
    },
  },
  "nwfilter-binding-dumpxml": {
    summary: "network filter information in XML",
    description: "Output the network filter information as an XML dump to stdout.",
    options: {
      binding: {
        kind: "data",
        required: true,
        completes: "nwfilter-binding-name",
        help: "network filter binding portdev",
      },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "nwfilter-binding-list": {
    summary: "list network filter bindings",
    description: "Returns list of network filter bindings.",
    options: {},
  },
} as const satisfies CommandTable;
