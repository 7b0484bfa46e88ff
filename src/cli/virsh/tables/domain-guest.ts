/** The table of the commands that ask something inside of the guest, mostly its agent. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN } from "./rows.ts";

export const GUEST = {
  domfsfreeze: {
    summary: "Freeze domain's mounted filesystems.",
    description: "Freeze domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      mountpoint: {
        kind: "argv",
        completes: "domain-fs-mountpoints",
        help: "mountpoint path to be frozen",
      },
    },
  },
  domfsthaw: {
    summary: "Thaw domain's mounted filesystems.",
    description: "Thaw domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      mountpoint: {
        kind: "argv",
        completes: "domain-fs-mountpoints",
        help: "mountpoint path to be thawed",
      },
    },
  },
  domfsinfo: {
    summary: "Get information of domain's mounted filesystems.",
    description: "Get information of domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  domfstrim: {
    summary: "Invoke fstrim on domain's mounted filesystems.",
    description: "Invoke fstrim on domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      minimum: {
        kind: "int",
        help: "Just a hint to ignore contiguous free ranges smaller than this (Bytes)",
      },
      mountpoint: {
        kind: "string",
        completes: "domain-fs-mountpoints",
        help: "which mount point to trim",
      },
    },
  },
  domhostname: {
    summary: "print the domain's hostname",
    description: "",
    options: {
      domain: ACTIVE_DOMAIN,
      source: {
        kind: "string",
        completes: "domain-hostname-source",
        help: "address source: 'lease' or 'agent'",
      },
    },
  },
  domlaunchsecinfo: {
    summary: "Get domain launch security info",
    description: "Get the launch security parameters for a guest domain",
    options: {
      domain: ANY_DOMAIN,
    },
  },
  domsetlaunchsecstate: {
    summary: "Set domain launch security state",
    description: "Set a secret in the guest domain's memory",
    options: {
      domain: ANY_DOMAIN,
      secrethdr: { kind: "string", named: true, help: "path to file containing the secret header" },
      secret: { kind: "string", named: true, help: "path to file containing the secret" },
      "set-address": {
        kind: "int",
        help: "physical address within the guest domain's memory to set the secret",
      },
    },
  },
  "get-user-sshkeys": {
    summary: "list authorized SSH keys for given user (via agent)",
    description: "Use the guest agent to query authorized SSH keys for given user",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "user to list authorized keys for" },
    },
  },
  "lxc-enter-namespace": {
    summary: "LXC Guest Enter Namespace",
    description: "Run an arbitrary command in a lxc guest namespace; use at your own risk",
    options: {
      domain: ACTIVE_DOMAIN,
      noseclabel: { kind: "bool", help: "Do not change process security label" },
      cmd: { kind: "argv", required: true, help: "command to run" },
    },
  },
  "guest-agent-timeout": {
    summary: "Set the guest agent timeout",
    description: "Set the number of seconds to wait for a response from the guest agent.",
    options: {
      domain: ANY_DOMAIN,
      timeout: { kind: "int", named: true, help: "timeout seconds." },
    },
  },
  "set-user-sshkeys": {
    summary: "manipulate authorized SSH keys file for given user (via agent)",
    description:
      "Append, reset or remove specified key from the authorized keys file for given user",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "user to set authorized keys for" },
      file: {
        kind: "string",
        completes: "path-local-existing",
        help: "optional file to read keys from",
      },
      reset: { kind: "bool", help: "clear out authorized keys file before adding new keys" },
      remove: { kind: "bool", help: "remove keys from the authorized keys file" },
    },
  },
  "set-user-password": {
    summary: "set the user password inside the domain",
    description: "changes the password of the specified user inside the domain",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "the username" },
      password: { kind: "data", required: true, completes: "nothing", help: "the new password" },
      encrypted: { kind: "bool", help: "the password is already encrypted" },
    },
  },
  guestinfo: {
    summary: "query information about the guest (via agent)",
    description: "Use the guest agent to query various information from guest's point of view",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "bool", help: "report active users" },
      os: { kind: "bool", help: "report operating system information" },
      timezone: { kind: "bool", help: "report timezone information" },
      hostname: { kind: "bool", help: "report hostname" },
      filesystem: { kind: "bool", help: "report filesystem information" },
      disk: { kind: "bool", help: "report disk information" },
      interface: { kind: "bool", help: "report interface information" },
    },
  },
  "domdirtyrate-calc": {
    summary: "Calculate a vm's memory dirty rate",
    description:
      "Calculate memory dirty rate of a domain in order to decide whether it's proper to be migrated out or not.\nThe calculated dirty rate information is available by calling 'domstats --dirtyrate'.",
    options: {
      domain: ANY_DOMAIN,
      seconds: {
        kind: "int",
        help: "calculate memory dirty rate within specified seconds, the supported value range from 1 to 60, default to 1.",
      },
      mode: {
        kind: "string",
        completes: "domain-dirty-rate-calc-mode",
        help: "dirty page rate calculation mode, either of these 3 options 'page-sampling, dirty-bitmap, dirty-ring' can be specified.",
      },
    },
  },
  "dom-fd-associate": {
    summary: "associate a FD with a domain",
    description: "associate a FD with a domain",
    options: {
      domain: ANY_DOMAIN,
      name: { kind: "data", required: true, completes: "nothing", help: "name of the FD group" },
      "pass-fds": {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "file descriptors N,M,... to associate",
      },
      "seclabel-writable": { kind: "bool", help: "use seclabels allowing writes" },
      "seclabel-restore": {
        kind: "bool",
        help: "try to restore security label after use if possible",
      },
    },
  },
} as const satisfies CommandTable;
