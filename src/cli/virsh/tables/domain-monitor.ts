/** The table of the commands that speak to QEMU's monitor and the guest's agent in their own language. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, LOOP_EVENTS, TIMEOUT, TIMESTAMP } from "./rows.ts";

export const MONITOR_COMMANDS = {
  "qemu-attach": {
    summary: "QEMU Attach",
    description: "QEMU Attach",
    options: {
      pid: { kind: "data", required: true, completes: "nothing", help: "pid" },
    },
  },
  "qemu-monitor-command": {
    summary: "QEMU Monitor Command",
    description: "QEMU Monitor Command",
    options: {
      domain: ACTIVE_DOMAIN,
      hmp: { kind: "bool", help: "command is in human monitor protocol" },
      pretty: { kind: "bool", help: "pretty-print any qemu monitor protocol output" },
      "return-value": {
        kind: "bool",
        help: "extract the value of the 'return' key from the returned string",
      },
      "pass-fds": {
        kind: "string",
        named: true,
        completes: "nothing",
        help: "pass file descriptors N,M,... along with the command",
      },
      cmd: { kind: "argv", required: true, help: "command" },
    },
  },
  "qemu-monitor-event": {
    summary: "QEMU Monitor Events",
    description: "Listen for QEMU Monitor Events",
    options: {
      domain: {
        kind: "string",
        completes: "domain-name",
        help: "filter by domain name, id or uuid",
      },
      event: { kind: "string", help: "filter by event name" },
      pretty: { kind: "bool", help: "pretty-print any JSON output" },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      regex: { kind: "bool", help: "treat event as a regex rather than literal filter" },
      "no-case": { kind: "bool", help: "treat event case-insensitively" },
      timestamp: TIMESTAMP,
    },
  },
  "qemu-agent-command": {
    summary: "QEMU Guest Agent Command",
    description: "Run an arbitrary qemu guest agent command; use at your own risk",
    options: {
      domain: ACTIVE_DOMAIN,
      timeout: { kind: "int", named: true, help: "timeout seconds. must be positive." },
      async: { kind: "bool", help: "execute command without waiting for timeout" },
      block: { kind: "bool", help: "execute command without timeout" },
      pretty: { kind: "bool", help: "pretty-print the output" },
      cmd: { kind: "argv", required: true, help: "command" },
    },
  },
} as const satisfies CommandTable;
