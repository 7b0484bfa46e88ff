/** Dumps of running domains' memory. */
import type { Machine } from "../../../api/machine.ts";
import type { GuestInspection } from "../../../api/types.ts";
import { ErrorDomain, vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import {
  DomainCoreDumpFlags as Dump,
  DomainEventStoppedDetailType as Stopped,
  DomainEventType as Type,
  DomainGetJobStatsFlags,
  DomainPausedReason,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { checkFlags } from "../objects/flags.ts";
import { coreFrame } from "./elf-core.ts";
import { Job, jobStats, NO_JOB, OPERATION } from "./job.ts";
import { runOf } from "./lifecycle-calls.ts";
import type { OutputFile } from "./ports.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import type { Run } from "./run.ts";
import { stopDomain } from "./running.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  "domainCoreDumpWithFormat" | "domainGetJobStats" | "domainAbortJobFlags"
>;

const KNOWN = Object.values(Dump).reduce((sum, bit) => sum | bit, 0);
/** In the order of `virDomainCoreDumpFormat`. */
const FORMATS = ["elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"];
/** Memory that is on its way at a time. */
const PIECE_BYTES = 2 ** 20;

export function dumpCalls(state: QemuState): Calls {
  return {
    domainCoreDumpWithFormat: (ref, to, format, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, KNOWN, "qemuDomainCoreDumpWithFormat", QEMU.domain);
        const domain = state.domains.get(ref);
        demand("coreDump", domain);
        checkFormat(format, flags);
        await dump(state, domain, to, flags);
      }),
    ...jobCalls(state),
  };
}

function jobCalls(state: QemuState): Pick<Calls, "domainGetJobStats" | "domainAbortJobFlags"> {
  return {
    domainGetJobStats: async (ref, flags) => {
      const { completed, keepCompleted } = DomainGetJobStatsFlags;
      checkFlags(flags, completed | keepCompleted, "qemuDomainGetJobStats", QEMU.domain);
      if ((flags & completed) === 0) {
        const { job } = runOf(state, state.domains.active(ref));
        return job ? jobStats(job, state.ports.nowMs()) : NO_JOB;
      }
      const run = state.runs.get(state.domains.get(ref).uuid);
      if (!run?.completed) return NO_JOB;
      const stats = jobStats(run.completed, state.ports.nowMs());
      if ((flags & keepCompleted) === 0) run.completed = null;
      return stats;
    },
    domainAbortJobFlags: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainAbortJobFlags", QEMU.domain);
      const { job } = runOf(state, state.domains.active(ref));
      if (!job) throw vmError("operationInvalid", "no job is active on the domain", QEMU);
      if (!job.canAbort) {
        throw vmError("operationInvalid", "cannot abort memory-only dump", QEMU);
      }
      job.aborted = true;
    },
  };
}

/**
 * Without `memoryOnly` libvirt writes what QEMU migrates with; here it is the same core either way.
 *
 * @throws VmError in libvirt's words
 */
function checkFormat(format: number, flags: number): void {
  const name = FORMATS[format];
  if (name === "elf") return;
  if ((flags & Dump.memoryOnly) === 0) {
    throw vmError(
      "operationUnsupported",
      "kdump-compressed format is only supported with memory-only dump",
      QEMU,
    );
  }
  const words =
    name === undefined
      ? `unknown dumpformat '${format}'`
      : `unsupported dumpformat '${name}' for this QEMU binary`;
  throw wordedVmError("invalidArg", words, QEMU);
}

async function dump(
  state: QemuState,
  domain: DomainObject,
  to: string,
  flags: number,
): Promise<void> {
  const run = runOf(state, domain);
  const resumes = domain.state === DomainState.running;
  // QEMU, too, lets a guest that is dumped alive stand meanwhile.
  if (resumes) await run.pause(DomainPausedReason.dump);
  let done = false;
  try {
    await writeCore(state, domain, to, (flags & Dump.memoryOnly) === 0);
    done = true;
  } finally {
    if (done && (flags & Dump.crash) !== 0) await crash(state, domain);
    else if (!run.muted) await goOn(run, resumes, done && (flags & Dump.reset) !== 0);
  }
}

async function crash(state: QemuState, domain: DomainObject): Promise<void> {
  await stopDomain(state, domain, DomainShutoffReason.crashed);
  state.lifecycle(domain, Type.stopped, Stopped.crashed);
}

async function goOn({ machine }: Run, resumes: boolean, reset: boolean): Promise<void> {
  if (reset) await machine.reset();
  if (resumes) await machine.resume();
}

async function writeCore(
  state: QemuState,
  domain: DomainObject,
  path: string,
  canAbort: boolean,
): Promise<void> {
  const { ports } = state;
  if (!ports.createFile) {
    throw vmError("noSupport", "virDomainCoreDumpWithFormat", { domain: ErrorDomain.dom });
  }
  const run = runOf(state, domain);
  const guest = await run.machine.inspect();
  const total = guest.memory.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const file = await ports.createFile(path);
  const job = new Job(OPERATION.dump, total, ports.nowMs(), canAbort);
  run.job = job;
  try {
    await writeGuest(file, run.machine, guest, job);
    await file.close();
    run.completed = job;
    job.end(ports.nowMs());
    const result = { total, status: "completed", completed: job.processed };
    state.monitorEvent(domain, "DUMP_COMPLETED", { result });
  } catch (error) {
    await file.discard();
    throw error;
  } finally {
    run.job = null;
  }
}

/** @throws VmError operationAborted */
async function writeGuest(
  file: OutputFile,
  machine: Machine,
  guest: GuestInspection,
  job: Job,
): Promise<void> {
  const { head, tail } = coreFrame(guest);
  await file.write(head);
  for (const { start, sizeBytes } of guest.memory) {
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      if (job.aborted) {
        throw vmError("operationAborted", "domain core dump job: canceled by client", QEMU);
      }
      const length = Math.min(PIECE_BYTES, sizeBytes - at);
      await file.write(await machine.readMemory(start + at, length));
      job.processed += length;
    }
  }
  await file.write(tail);
}
