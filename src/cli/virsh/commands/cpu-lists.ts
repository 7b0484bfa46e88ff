/** Sets of the host's CPUs as virsh reads and shows them. */
import { VmError } from "../../../protocol/vm-error.ts";
import { formatCpuset, parseCpuset } from "../../../virt/conf/values.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";

/** How many CPUs the host has, those that are off line among them. @throws VmError */
export async function hostCpus(session: Session): Promise<number> {
  const connect = await session.connect();
  try {
    return (await connect.nodeGetCPUMap(0)).online.length;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    const { nodes, sockets, cores, threads } = await connect.nodeGetInfo();
    return nodes * sockets * cores * threads;
  }
}

/** `0-3,^2`, or `r` for all. @throws CommandError */
export function parseCpuList(text: string, cpus: number): boolean[] {
  if (text.startsWith("r")) return Array.from({ length: cpus }, () => true);
  const set = cpusOf(text);
  const last = set.at(-1) ?? 0;
  if (last >= cpus) {
    throw new CommandError(`CPU ${last} in cpulist '${text}' exceed the maxcpu ${cpus}`);
  }
  const chosen = new Set(set);
  return Array.from({ length: cpus }, (_, cpu) => chosen.has(cpu));
}

function cpusOf(text: string): number[] {
  const LIMIT = 1024;
  try {
    const set = parseCpuset(text, LIMIT);
    if (set.length > 0) return set;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    throw new CommandError(`Invalid cpulist '${text}'\n${error.message}`);
  }
  throw new CommandError(`Invalid cpulist '${text}'`);
}

/** The set as text: `0-3,5`. */
export function cpuListText(cpumap: readonly boolean[]): string {
  return formatCpuset([...cpumap.keys()].filter((cpu) => cpumap[cpu] === true));
}
