/** The table of the commands that define, start and end domains. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_DOMAIN,
  ANY_DOMAIN,
  DISABLE_AUTOSTART,
  INACTIVE_XML,
  PERSISTENT_DOMAIN,
  RESET_NVRAM,
  RUNNING_DOMAIN,
  SECURITY_INFO,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const LIFECYCLE = {
  autostart: {
    summary: "autostart a domain",
    description: "Configure a domain to be automatically started at boot.",
    options: {
      domain: PERSISTENT_DOMAIN,
      disable: DISABLE_AUTOSTART,
    },
  },
  console: {
    summary: "connect to the guest console",
    description: "Connect the virtual serial console for the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      devname: { kind: "string", completes: "domain-console", help: "character device name" },
      force: {
        kind: "bool",
        help: "force console connection (disconnect already connected sessions)",
      },
      safe: { kind: "bool", help: "only connect if safe console handling is supported" },
    },
  },
  create: {
    summary: "create a domain from an XML file",
    description: "Create a domain.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML domain description",
      },
      console: { kind: "bool", help: "attach to console after creation" },
      paused: { kind: "bool", help: "leave the guest paused after creation" },
      autodestroy: { kind: "bool", help: "automatically destroy the guest when virsh disconnects" },
      "pass-fds": {
        kind: "string",
        completes: "nothing",
        help: "pass file descriptors N,M,... to the guest",
      },
      validate: VALIDATE,
      "reset-nvram": RESET_NVRAM,
    },
  },
  define: {
    summary: "define (but don't start) a domain from an XML file",
    description: "Define a domain.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML domain description",
      },
      validate: VALIDATE,
    },
  },
  destroy: {
    summary: "destroy (stop) a domain",
    description: "Forcefully stop a given domain, but leave its resources intact.",
    options: {
      domain: ACTIVE_DOMAIN,
      graceful: { kind: "bool", help: "terminate gracefully" },
      "remove-logs": { kind: "bool", help: "remove domain logs" },
    },
  },
  domid: {
    summary: "convert a domain name or UUID to domain id",
    description: "",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "active",
        help: "domain name or uuid",
      },
    },
  },
  domname: {
    summary: "convert a domain id or UUID to domain name",
    description: "",
    options: {
      domain: { kind: "data", required: true, completes: "domain-uuid", help: "domain id or uuid" },
    },
  },
  domrename: {
    summary: "rename a domain",
    description: "Rename an inactive domain.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "inactive",
        help: "domain name or uuid",
      },
      "new-name": { kind: "data", required: true, completes: "nothing", help: "new domain name" },
    },
  },
  domuuid: {
    summary: "convert a domain name or id to domain UUID",
    description: "",
    options: {
      domain: { kind: "data", required: true, completes: "domain-name", help: "domain id or name" },
    },
  },
  "domxml-from-native": {
    summary: "Convert native config to domain XML",
    description: "Convert native guest configuration format to domain XML format.",
    options: {
      format: { kind: "data", required: true, help: "source config data format" },
      config: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "config data file to import from",
      },
    },
  },
  "domxml-to-native": {
    summary: "Convert domain XML to native config",
    description: "Convert domain XML config to a native guest configuration format.",
    options: {
      format: { kind: "data", required: true, help: "target config data type format" },
      domain: {
        kind: "string",
        named: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "xml data file to export from",
      },
    },
  },
  dumpxml: {
    summary: "domain information in XML",
    description: "Output the domain information as an XML dump to stdout.",
    options: {
      domain: ANY_DOMAIN,
      inactive: INACTIVE_XML,
      "security-info": SECURITY_INFO,
      "update-cpu": { kind: "bool", help: "update guest CPU according to host CPU" },
      migratable: { kind: "bool", help: "provide XML suitable for migrations" },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  edit: {
    summary: "edit XML configuration for a domain",
    description: "Edit the XML configuration for a domain.",
    options: {
      domain: ANY_DOMAIN,
      "skip-validate": { kind: "bool", help: "skip validation of the XML against the schema" },
    },
  },
  reboot: {
    summary: "reboot a domain",
    description: "Run a reboot command in the target domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-shutdown-mode",
        help: "shutdown mode: acpi|agent|initctl|signal|paravirt",
      },
    },
  },
  reset: {
    summary: "reset a domain",
    description: "Reset the target domain as if by power button",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  resume: {
    summary: "resume a domain",
    description: "Resume a previously suspended domain.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "paused",
        help: "domain name, id or uuid",
      },
    },
  },
  shutdown: {
    summary: "gracefully shutdown a domain",
    description: "Run shutdown in the target domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-shutdown-mode",
        help: "shutdown mode: acpi|agent|initctl|signal|paravirt",
      },
    },
  },
  start: {
    summary: "start a (previously defined) inactive domain",
    description:
      "Start a domain, either from the last managedsave\n    state, or via a fresh boot if no managedsave state\n    is present.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "shutoff",
        help: "name of the inactive domain",
      },
      console: { kind: "bool", help: "attach to console after creation" },
      paused: { kind: "bool", help: "leave the guest paused after creation" },
      autodestroy: { kind: "bool", help: "automatically destroy the guest when virsh disconnects" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when loading" },
      "force-boot": { kind: "bool", help: "force fresh boot by discarding any managed save" },
      "pass-fds": {
        kind: "string",
        completes: "nothing",
        help: "pass file descriptors N,M,... to the guest",
      },
      "reset-nvram": RESET_NVRAM,
    },
  },
  suspend: {
    summary: "suspend a domain",
    description: "Suspend a running domain.",
    options: {
      domain: RUNNING_DOMAIN,
    },
  },
  undefine: {
    summary: "undefine a domain",
    description: "Undefine an inactive domain, or convert persistent to transient.",
    options: {
      domain: PERSISTENT_DOMAIN,
      "managed-save": { kind: "bool", help: "remove domain managed state file" },
      storage: {
        kind: "string",
        completes: "domain-undefine-storage-disks",
        help: "remove associated storage volumes (comma separated list of targets or source paths) (see domblklist)",
      },
      "remove-all-storage": {
        kind: "bool",
        help: "remove all associated storage volumes (use with caution)",
      },
      "delete-snapshots": { kind: "alias", of: "delete-storage-volume-snapshots" },
      "delete-storage-volume-snapshots": {
        kind: "bool",
        help: "delete snapshots associated with volume(s), requires --remove-all-storage (must be supported by storage driver)",
      },
      "wipe-storage": { kind: "bool", help: "wipe data on the removed volumes" },
      "snapshots-metadata": {
        kind: "bool",
        help: "remove all domain snapshot metadata (vm must be inactive)",
      },
      "checkpoints-metadata": {
        kind: "bool",
        help: "remove all domain checkpoint metadata (vm must be inactive)",
      },
      nvram: { kind: "bool", help: "remove nvram file" },
      "keep-nvram": { kind: "bool", help: "keep nvram file" },
      tpm: { kind: "bool", help: "remove TPM state" },
      "keep-tpm": { kind: "bool", help: "keep TPM state" },
    },
  },
} as const satisfies CommandTable;
