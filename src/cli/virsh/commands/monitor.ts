/** The commands that look at domains. */
import type { Runs } from "../shell/run.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { DOMAIN_BLOCK_RUNS } from "./domain-blocks.ts";
import { DOMAIN_INFO_RUNS } from "./domain-info.ts";
import { DOMAIN_INTERFACE_RUNS } from "./domain-interfaces.ts";
import { listDomains } from "./domain-list.ts";
import { DOMAIN_STATS_RUNS } from "./domain-stats.ts";

export const MONITOR_RUNS: Runs<typeof MONITOR> = {
  ...DOMAIN_BLOCK_RUNS,
  ...DOMAIN_INFO_RUNS,
  ...DOMAIN_INTERFACE_RUNS,
  ...DOMAIN_STATS_RUNS,
  list: async (session, command) => listDomains(session, command),
};
