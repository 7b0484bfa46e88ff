/** The commands on a domain's I/O threads. */
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import { formatTable } from "../shell/table.ts";
import type { IOTHREADS } from "../tables/domain-iothreads.ts";
import { cpuListText, hostCpus, parseCpuList } from "./cpu-lists.ts";
import { domainOf, impactFlags } from "./domain-common.ts";

export const IOTHREAD_RUNS: Runs<typeof IOTHREADS> = {
  iothreadadd: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const id = threadId(command);
    const connect = await session.connect();
    await connect.domainAddIOThread(domain, id, flags);
  },
  iothreaddel: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const id = threadId(command);
    const connect = await session.connect();
    await connect.domainDelIOThread(domain, id, flags);
  },
  iothreadinfo: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const threads = await session.attempt("Unable to get domain IOThreads information", () =>
      connect.domainGetIOThreadInfo(domain, flags),
    );
    if (threads.length === 0) return session.printExtra("No IOThreads found for the domain");
    const rows = threads.map(({ id, affinity }) => [String(id), cpuListText(affinity)]);
    session.print(formatTable(["IOThread ID", "CPU Affinity"], rows, !session.options.quiet));
  },
  iothreadpin: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const id = command.whole("iothread", "uint") ?? 0;
    const cpumap = parseCpuList(command.required("cpulist"), await hostCpus(session));
    const connect = await session.connect();
    await connect.domainPinIOThread(domain, id, cpumap, flags);
  },
  iothreadset: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const id = threadId(command);
    const params: TypedParam[] = [];
    const pollMaxNs = command.wholeBig("poll-max-ns", "ulonglong");
    if (pollMaxNs !== undefined) {
      params.push({ field: "poll_max_ns", type: "ullong", value: pollMaxNs });
    }
    for (const option of ["poll-grow", "poll-shrink"] as const) {
      const value = command.whole(option, "uint");
      if (value !== undefined) params.push({ field: fieldOf(option), type: "uint", value });
    }
    for (const option of ["thread-pool-min", "thread-pool-max"] as const) {
      const value = command.whole(option, "int");
      if (value !== undefined) params.push({ field: fieldOf(option), type: "int", value });
    }
    if (params.length === 0) {
      throw new CommandError("Not enough arguments passed, nothing to set");
    }
    const connect = await session.connect();
    await connect.domainSetIOThreadParams(domain, id, params, flags);
  },
};

function fieldOf(option: string): string {
  return option.replaceAll("-", "_");
}

/** @throws CommandError unless it is positive */
function threadId(command: { whole(name: "id", kind: "int"): number | undefined }): number {
  const id = command.whole("id", "int") ?? 0;
  if (id <= 0) throw new CommandError(`Invalid IOThread id value: '${id}'`);
  return id;
}
