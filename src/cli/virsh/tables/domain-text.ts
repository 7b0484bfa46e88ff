/** The table of the commands on what a domain says of itself, and on where its displays and consoles are. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN } from "./rows.ts";

export const TEXT = {
  desc: {
    summary: "show or set domain's description or title",
    description: "Allows setting or modifying the description or title of a domain.",
    options: {
      domain: ANY_DOMAIN,
      live: { kind: "bool", help: "modify/get running state" },
      config: { kind: "bool", help: "modify/get persistent configuration" },
      current: { kind: "bool", help: "modify/get current state configuration" },
      title: { kind: "bool", help: "modify/get the title instead of description" },
      edit: { kind: "bool", help: "open an editor to modify the description" },
      "new-desc": { kind: "argv", help: "message" },
    },
  },
  domdisplay: {
    summary: "domain display connection URI",
    description: "Output the IP address and port number for the graphical display.",
    options: {
      domain: ACTIVE_DOMAIN,
      "include-password": {
        kind: "bool",
        help: "includes the password into the connection URI if available",
      },
      type: {
        kind: "string",
        help: 'select particular graphical display (e.g. "vnc", "spice", "rdp", "dbus")',
      },
      all: { kind: "bool", help: "show all possible graphical displays" },
    },
  },
  metadata: {
    summary: "show or set domain's custom XML metadata",
    description: "Shows or modifies the XML metadata of a domain.",
    options: {
      domain: ANY_DOMAIN,
      uri: { kind: "data", required: true, help: "URI of the namespace" },
      live: { kind: "bool", help: "modify/get running state" },
      config: { kind: "bool", help: "modify/get persistent configuration" },
      current: { kind: "bool", help: "modify/get current state configuration" },
      edit: { kind: "bool", help: "use an editor to change the metadata" },
      key: { kind: "string", help: "key to be used as a namespace identifier" },
      set: { kind: "string", completes: "nothing", help: "new metadata to set" },
      remove: { kind: "bool", help: "remove the metadata corresponding to an uri" },
    },
  },
  ttyconsole: {
    summary: "tty console",
    description: "Output the device for the TTY console.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  vncdisplay: {
    summary: "vnc display",
    description: "Output the IP address and port number for the VNC display.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
} as const satisfies CommandTable;
