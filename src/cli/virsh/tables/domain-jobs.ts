/** The table of the commands on a domain's job: a migration, a save, a dump. */
import type { CommandTable } from "../shell/spec.ts";
import { ACTIVE_DOMAIN } from "./rows.ts";

export const JOBS = {
  domjobabort: {
    summary: "abort active domain job",
    description: "Aborts the currently running domain job",
    options: {
      domain: ACTIVE_DOMAIN,
      postcopy: { kind: "bool", help: "interrupt post-copy migration" },
    },
  },
  domjobinfo: {
    summary: "domain job information",
    description: "Returns information about jobs running on a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      completed: { kind: "bool", help: "return statistics of a recently completed job" },
      "keep-completed": {
        kind: "bool",
        help: "don't destroy statistics of a recently completed job when reading",
      },
      anystats: { kind: "bool", help: "print statistics for any kind of job (even failed ones)" },
      rawstats: { kind: "bool", help: "print the raw data returned by libvirt" },
    },
  },
} as const satisfies CommandTable;
