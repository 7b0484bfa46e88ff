/** The commands of `virsh help backup`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const BACKUP = {
  "backup-begin": {
    summary: "Start a disk backup of a live domain",
    description:
      "Use XML to start a full or incremental disk backup of a live domain, optionally creating a checkpoint",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
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
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      xpath: { kind: "string", named: true, help: "xpath expression to filter the XML document" },
      wrap: { kind: "bool", help: "wrap xpath results in an common root element" },
    },
  },
} as const satisfies CommandTable;
