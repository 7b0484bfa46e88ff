/** Options that many commands have alike. */
import type { OptionSpec } from "../shell/spec.ts";

export const ACTIVE_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "active",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const ACTIVE_NETWORK = {
  kind: "data",
  required: true,
  completes: "network-name",
  among: "active",
  help: "network name or uuid",
} as const satisfies OptionSpec;

export const ACTIVE_POOL = {
  kind: "data",
  required: true,
  completes: "storage-pool-name",
  among: "active",
  help: "pool name or uuid",
} as const satisfies OptionSpec;

export const ANY_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const ANY_NETWORK = {
  kind: "data",
  required: true,
  completes: "network-name",
  help: "network name or uuid",
} as const satisfies OptionSpec;

export const ANY_POOL = {
  kind: "data",
  required: true,
  completes: "storage-pool-name",
  help: "pool name or uuid",
} as const satisfies OptionSpec;

export const BANDWIDTH_IN_BYTES = {
  kind: "bool",
  help: "the bandwidth limit is in bytes/s rather than MiB/s",
} as const satisfies OptionSpec;

export const BANDWIDTH_LIMIT = {
  kind: "int",
  help: "bandwidth limit in MiB/s",
} as const satisfies OptionSpec;

export const CHECKPOINT_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "has-checkpoint",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const CHECKPOINT_NAME = {
  kind: "string",
  completes: "checkpoint-name",
  help: "checkpoint name",
} as const satisfies OptionSpec;

export const CONFIG = { kind: "bool", help: "affect next boot" } as const satisfies OptionSpec;

export const CURRENT = {
  kind: "bool",
  help: "affect current domain",
} as const satisfies OptionSpec;

export const DISABLE_AUTOSTART = {
  kind: "bool",
  help: "disable autostarting",
} as const satisfies OptionSpec;

export const DISK_PATH = {
  kind: "data",
  required: true,
  completes: "domain-disk-target",
  help: "fully-qualified path of disk",
} as const satisfies OptionSpec;

export const INACTIVE_XML = {
  kind: "bool",
  help: "show inactive defined XML",
} as const satisfies OptionSpec;

export const LIST_EVENTS = {
  kind: "bool",
  help: "list valid event types",
} as const satisfies OptionSpec;

export const LIVE = { kind: "bool", help: "affect running domain" } as const satisfies OptionSpec;

export const LOOP_EVENTS = {
  kind: "bool",
  help: "loop until timeout or interrupt, rather than one-shot",
} as const satisfies OptionSpec;

export const NODE_DEVICE = {
  kind: "data",
  required: true,
  completes: "node-device-name",
  help: "device name or wwn pair in 'wwnn,wwpn' format",
} as const satisfies OptionSpec;

export const NO_OVERWRITE = {
  kind: "bool",
  help: "do not overwrite any existing data",
} as const satisfies OptionSpec;

export const OVERWRITE = {
  kind: "bool",
  help: "overwrite any existing data",
} as const satisfies OptionSpec;

export const PAUSED_ON_RESTORE = {
  kind: "bool",
  help: "set domain to be paused on restore",
} as const satisfies OptionSpec;

export const PERSISTENT = {
  kind: "bool",
  help: "make live change persistent",
} as const satisfies OptionSpec;

export const PERSISTENT_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "persistent",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const POOL_OPTION = {
  kind: "string",
  completes: "storage-pool-name",
  among: "active",
  help: "pool name or uuid",
} as const satisfies OptionSpec;

export const PREALLOC_METADATA = {
  kind: "bool",
  help: "preallocate metadata (for qcow2 instead of full allocation)",
} as const satisfies OptionSpec;

export const QUIESCE = {
  kind: "bool",
  help: "quiesce guest's file systems",
} as const satisfies OptionSpec;

export const RESET_NVRAM = {
  kind: "bool",
  help: "re-initialize NVRAM from its pristine template",
} as const satisfies OptionSpec;

export const RUNNING_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "running",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const RUNNING_ON_RESTORE = {
  kind: "bool",
  help: "set domain to be running on restore",
} as const satisfies OptionSpec;

export const SAVED_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "managedsave",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const SECRET_UUID = {
  kind: "data",
  required: true,
  completes: "secret-uuid",
  help: "secret UUID",
} as const satisfies OptionSpec;

export const SECURITY_INFO = {
  kind: "bool",
  help: "include security sensitive information in XML dump",
} as const satisfies OptionSpec;

export const SNAPSHOT_DOMAIN = {
  kind: "data",
  required: true,
  completes: "domain-name",
  among: "has-snapshot",
  help: "domain name, id or uuid",
} as const satisfies OptionSpec;

export const SNAPSHOT_NAME = {
  kind: "string",
  completes: "snapshot-name",
  help: "snapshot name",
} as const satisfies OptionSpec;

export const TIMEOUT = { kind: "int", help: "timeout seconds" } as const satisfies OptionSpec;

export const TIMESTAMP = {
  kind: "bool",
  help: "show timestamp for each printed event",
} as const satisfies OptionSpec;

export const UPDATED_XML = {
  kind: "string",
  completes: "path-local-existing",
  help: "filename containing updated XML for the target",
} as const satisfies OptionSpec;

export const VALIDATE = {
  kind: "bool",
  help: "validate the XML against the schema",
} as const satisfies OptionSpec;

export const VOLUME_NAME = {
  kind: "data",
  required: true,
  completes: "storage-vol-name",
  help: "vol name, key or path",
} as const satisfies OptionSpec;

export const WAIT_ASYNC = {
  kind: "bool",
  help: "with --wait, don't wait for cancel to finish",
} as const satisfies OptionSpec;

export const WAIT_VERBOSE = {
  kind: "bool",
  help: "with --wait, display the progress",
} as const satisfies OptionSpec;

export const WRAP = {
  kind: "bool",
  help: "wrap xpath results in an common root element",
} as const satisfies OptionSpec;

export const XML_FILE = {
  kind: "data",
  required: true,
  completes: "path-local-existing",
  help: "XML file",
} as const satisfies OptionSpec;

export const XPATH = {
  kind: "string",
  named: true,
  completes: "nothing",
  help: "xpath expression to filter the XML document",
} as const satisfies OptionSpec;
