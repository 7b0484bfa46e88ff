/** The commands of `virsh help secret`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  LIST_EVENTS,
  LOOP_EVENTS,
  SECRET_UUID,
  TIMEOUT,
  TIMESTAMP,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const SECRET = {
  "secret-define": {
    summary: "define or modify a secret from an XML file",
    description: "Define or modify a secret.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing secret attributes in XML",
      },
      validate: VALIDATE,
    },
  },
  "secret-dumpxml": {
    summary: "secret attributes in XML",
    description: "Output attributes of a secret as an XML dump to stdout.",
    options: {
      secret: SECRET_UUID,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "secret-event": {
    summary: "Secret Events",
    description: "List event types, or wait for secret events to occur",
    options: {
      secret: { kind: "string", completes: "secret-uuid", help: "filter by secret name or uuid" },
      event: {
        kind: "string",
        completes: "secret-event-name",
        help: "which event type to wait for",
      },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      list: LIST_EVENTS,
      timestamp: TIMESTAMP,
    },
  },
  "secret-get-value": {
    summary: "Output a secret value",
    description: "Output a secret value to stdout.",
    options: {
      secret: SECRET_UUID,
      plain: { kind: "bool", help: "get value without converting to base64" },
    },
  },
  "secret-list": {
    summary: "list secrets",
    description: "Returns a list of secrets",
    options: {
      ephemeral: { kind: "bool", help: "list ephemeral secrets" },
      "no-ephemeral": { kind: "bool", help: "list non-ephemeral secrets" },
      private: { kind: "bool", help: "list private secrets" },
      "no-private": { kind: "bool", help: "list non-private secrets" },
    },
  },
  "secret-set-value": {
    summary: "set a secret value",
    description: "Set a secret value.",
    options: {
      secret: SECRET_UUID,
      file: {
        kind: "string",
        named: true,
        completes: "path-local-existing",
        help: "read secret from file",
      },
      plain: { kind: "bool", help: "read the secret from file without converting from base64" },
      interactive: { kind: "bool", help: "read the secret from the terminal" },
      base64: { kind: "string", completes: "nothing", help: "base64-encoded secret value" },
    },
  },
  "secret-undefine": {
    summary: "undefine a secret",
    description: "Undefine a secret.",
    options: {
      secret: SECRET_UUID,
    },
  },
} as const satisfies CommandTable;
