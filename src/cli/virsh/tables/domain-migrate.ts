/** The table of the commands that move domains to another host. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, ANY_DOMAIN, UPDATED_XML } from "./rows.ts";

export const MIGRATE = {
  migrate: {
    summary: "migrate domain to another host",
    description: "Migrate domain to another host.  Add --live for live migration.",
    options: {
      domain: ANY_DOMAIN,
      desturi: {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "connection URI of the destination host as seen from the client(normal migration) or source(p2p migration)",
      },
      live: { kind: "bool", help: "live migration" },
      offline: { kind: "bool", help: "offline migration" },
      p2p: { kind: "bool", help: "peer-2-peer migration" },
      direct: { kind: "bool", help: "direct migration" },
      tunneled: { kind: "alias", of: "tunnelled" },
      tunnelled: { kind: "bool", help: "tunnelled migration" },
      persistent: { kind: "bool", help: "persist VM on destination" },
      undefinesource: { kind: "bool", help: "undefine VM on source" },
      suspend: { kind: "bool", help: "do not restart the domain on the destination host" },
      "copy-storage-all": {
        kind: "bool",
        help: "migration with non-shared storage with full disk copy",
      },
      "copy-storage-inc": {
        kind: "bool",
        help: "migration with non-shared storage with incremental copy (same base image shared between source and destination)",
      },
      "copy-storage-synchronous-writes": {
        kind: "bool",
        help: "force guest disk writes to be synchronously written to the destination to improve storage migration convergence",
      },
      "change-protection": {
        kind: "bool",
        help: "prevent any configuration changes to domain until migration ends",
      },
      unsafe: { kind: "bool", help: "force migration even if it may be unsafe" },
      verbose: { kind: "bool", help: "display the progress of migration" },
      compressed: { kind: "bool", help: "compress repeated pages during live migration" },
      "auto-converge": { kind: "bool", help: "force convergence during live migration" },
      "rdma-pin-all": { kind: "bool", help: "pin all memory before starting RDMA live migration" },
      "abort-on-error": { kind: "bool", help: "abort on soft errors during migration" },
      postcopy: {
        kind: "bool",
        help: "enable post-copy migration; switch to it using migrate-postcopy command",
      },
      "postcopy-after-precopy": {
        kind: "bool",
        help: "automatically switch to post-copy migration after one pass of pre-copy",
      },
      "postcopy-resume": { kind: "bool", help: "resume failed post-copy migration" },
      zerocopy: { kind: "bool", help: "use zero-copy mechanism for migrating memory pages" },
      migrateuri: {
        kind: "string",
        completes: "nothing",
        help: "migration URI, usually can be omitted",
      },
      graphicsuri: {
        kind: "string",
        completes: "nothing",
        help: "graphics URI to be used for seamless graphics migration",
      },
      "listen-address": {
        kind: "string",
        completes: "nothing",
        help: "listen address that destination should bind to for incoming migration",
      },
      dname: {
        kind: "string",
        completes: "nothing",
        help: "rename to new name during migration (if supported)",
      },
      timeout: {
        kind: "int",
        help: "run action specified by --timeout-* option (suspend by default) if live migration exceeds timeout (in seconds)",
      },
      "timeout-suspend": { kind: "bool", help: "suspend the guest after timeout" },
      "timeout-postcopy": { kind: "bool", help: "switch to post-copy after timeout" },
      xml: UPDATED_XML,
      "migrate-disks": {
        kind: "string",
        completes: "domain-migrate-disks",
        help: "comma separated list of disks to be migrated",
      },
      "disks-port": {
        kind: "int",
        help: "port to use by target server for incoming disks migration",
      },
      "disks-uri": {
        kind: "string",
        completes: "nothing",
        help: "URI to use for disks migration (overrides --disks-port)",
      },
      "comp-methods": {
        kind: "string",
        completes: "domain-migrate-comp-methods",
        help: "comma separated list of compression methods to be used",
      },
      "comp-mt-level": { kind: "int", help: "compress level for multithread compression" },
      "comp-mt-threads": {
        kind: "int",
        help: "number of compression threads for multithread compression",
      },
      "comp-mt-dthreads": {
        kind: "int",
        help: "number of decompression threads for multithread compression",
      },
      "comp-xbzrle-cache": { kind: "int", help: "page cache size for xbzrle compression" },
      "auto-converge-initial": {
        kind: "int",
        help: "initial CPU throttling rate for auto-convergence",
      },
      "auto-converge-increment": {
        kind: "int",
        help: "CPU throttling rate increment for auto-convergence",
      },
      "persistent-xml": {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing updated persistent XML for the target",
      },
      tls: { kind: "bool", help: "use TLS for migration" },
      "postcopy-bandwidth": { kind: "int", help: "post-copy migration bandwidth limit in MiB/s" },
      parallel: { kind: "bool", help: "enable parallel migration" },
      "parallel-connections": { kind: "int", help: "number of connections for parallel migration" },
      bandwidth: { kind: "int", help: "migration bandwidth limit in MiB/s" },
      "tls-destination": {
        kind: "string",
        completes: "nothing",
        help: "override the destination host name used for TLS verification",
      },
    },
  },
  "migrate-setmaxdowntime": {
    summary: "set maximum tolerable downtime",
    description:
      "Set maximum tolerable downtime of a domain which is being live-migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
      downtime: {
        kind: "int",
        required: true,
        help: "maximum tolerable downtime (in milliseconds) for migration",
      },
    },
  },
  "migrate-getmaxdowntime": {
    summary: "get maximum tolerable downtime",
    description:
      "Get maximum tolerable downtime of a domain which is being live-migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  "migrate-compcache": {
    summary: "get/set compression cache size",
    description:
      "Get/set size of the cache (in bytes) used for compressing repeatedly transferred memory pages during live migration.",
    options: {
      domain: ACTIVE_DOMAIN,
      size: {
        kind: "int",
        named: true,
        help: "requested size of the cache (in bytes) used for compression",
      },
    },
  },
  "migrate-setspeed": {
    summary: "Set the maximum migration bandwidth",
    description:
      "Set the maximum migration bandwidth (in MiB/s) for a domain which is being migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
      bandwidth: { kind: "int", required: true, help: "migration bandwidth limit in MiB/s" },
      postcopy: { kind: "bool", help: "set post-copy migration bandwidth" },
    },
  },
  "migrate-getspeed": {
    summary: "Get the maximum migration bandwidth",
    description: "Get the maximum migration bandwidth (in MiB/s) for a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      postcopy: { kind: "bool", help: "get post-copy migration bandwidth" },
    },
  },
  "migrate-postcopy": {
    summary: "Switch running migration from pre-copy to post-copy",
    description:
      "Switch running migration from pre-copy to post-copy. The migration must have been started with --postcopy option.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
} as const satisfies CommandTable;
