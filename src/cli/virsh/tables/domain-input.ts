/** The table of the commands that act on a guest from outside: keys, signals, pictures, power. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN, CONFIG, CURRENT, LIVE, RUNNING_DOMAIN } from "./rows.ts";

export const INPUT = {
  dompmsuspend: {
    summary: "suspend a domain gracefully using power management functions",
    description:
      "Suspends a running domain using guest OS's power management. (Note: This requires a guest agent configured and running in the guest OS).",
    options: {
      domain: RUNNING_DOMAIN,
      target: {
        kind: "data",
        required: true,
        completes: "node-suspend-target",
        help: "mem(Suspend-to-RAM), disk(Suspend-to-Disk), hybrid(Hybrid-Suspend)",
      },
      duration: { kind: "int", named: true, help: "duration in seconds" },
    },
  },
  dompmwakeup: {
    summary: "wakeup a domain from pmsuspended state",
    description: "Wakeup a domain that was previously suspended by power management.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "other",
        help: "domain name, id or uuid",
      },
    },
  },
  "inject-nmi": {
    summary: "Inject NMI to the guest",
    description: "Inject NMI to the guest domain.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  "send-key": {
    summary: "Send keycodes to the guest",
    description: "Send keycodes (integers or symbolic names) to the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      codeset: {
        kind: "string",
        named: true,
        completes: "codeset-name",
        help: "the codeset of keycodes, default:linux",
      },
      holdtime: {
        kind: "int",
        named: true,
        help: "the time (in milliseconds) how long the keys will be held",
      },
      keycode: { kind: "argv", required: true, completes: "keycode-name", help: "the key code" },
    },
  },
  "send-process-signal": {
    summary: "Send signals to processes",
    description: "Send signals to processes in the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      pid: { kind: "data", required: true, completes: "nothing", help: "the process ID" },
      signame: {
        kind: "data",
        required: true,
        completes: "domain-signal",
        help: "the signal number or name",
      },
    },
  },
  screenshot: {
    summary: "take a screenshot of a current domain console and store it into a file",
    description: "screenshot of a current domain console",
    options: {
      domain: ACTIVE_DOMAIN,
      file: {
        kind: "string",
        completes: "path-local-existing",
        help: "where to store the screenshot",
      },
      screen: { kind: "int", help: "ID of a screen to take screenshot of" },
    },
  },
  "set-lifecycle-action": {
    summary: "change lifecycle actions",
    description: "Change lifecycle actions for the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      type: {
        kind: "data",
        required: true,
        completes: "domain-lifecycle",
        help: "lifecycle type to modify",
      },
      action: {
        kind: "data",
        required: true,
        completes: "domain-lifecycle-action",
        help: "lifecycle action to set",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
} as const satisfies CommandTable;
