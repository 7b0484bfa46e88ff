/** The commands of `virsh help backup`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN, WRAP, XPATH } from "./rows.ts";

export const BACKUP = {
  "backup-begin": {
    summary: "Start a disk backup of a live domain",
    description:
      "Use XML to start a full or incremental disk backup of a live domain, optionally creating a checkpoint",
    options: {
      domain: ACTIVE_DOMAIN,
      backupxml: { kind: "string", completes: "path-local-existing", help: "domain backup XML" },
      checkpointxml: {
        kind: "string",
        completes: "path-local-existing",
        help: "domain checkpoint XML",
      },
      "reuse-external": { kind: "bool", help: "reuse files provided by caller" },
    },
  },
  "backup-dumpxml": {
    summary: "Dump XML for an ongoing domain block backup job",
    description: "Backup Dump XML",
    options: {
      domain: ACTIVE_DOMAIN,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
} as const satisfies CommandTable;
