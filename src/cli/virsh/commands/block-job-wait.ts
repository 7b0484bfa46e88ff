/** Starting a block job and, where asked to, waiting for its end. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { DomainBlockJobAbortFlags as Abort } from "../../../virt/driver/domain-flags.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { CommandError } from "../shell/errors.ts";
import { parseScaled } from "../shell/numbers.ts";
import type { Session } from "../shell/session.ts";
import { timeoutMs } from "./common.ts";
import { printProgress } from "./job-progress.ts";

const INTERVAL_MS = 500;
const MAX_RATE = 2n ** 64n - 1n;

/** `virConnectDomainEventBlockJobStatus`. */
const Status = { completed: 0, failed: 1, canceled: 2, ready: 3 } as const;

/** How to wait. */
interface Wait {
  readonly verbose: boolean;
  /** End the job without waiting for its end, where it has to be ended. */
  readonly async: boolean;
  /** 0 is forever. */
  readonly timeoutMs: number;
}

export interface BlockJob {
  /** Null only starts the job. */
  readonly wait: Wait | null;
  /** What the progress is of: `Block Pull`. */
  readonly label: string;
  /** What was aborted or has failed: `Pull`. */
  readonly verb: string;
  start(): Promise<void>;
  /** What to say where nobody waits. */
  readonly started: string;
  /** What happens once the job is complete, or has caught up. */
  readonly ending: "pivot" | { readonly finish: string } | { readonly say: string };
}

/** `--bandwidth` in MiB/s, or in bytes/s with `--bytes`; 0 is no limit. @throws CommandError */
export function bandwidthOf(command: {
  has(name: "bytes"): boolean;
  textAsGiven(name: "bandwidth"): string | undefined;
}): bigint {
  const text = command.textAsGiven("bandwidth");
  if (text === undefined) return 0n;
  // Negative numbers wrap, as they always did.
  if (/^\s*[+-]?\d+$/.test(text) && BigInt(text.trim().replace("+", "")) <= MAX_RATE) {
    return BigInt.asUintN(64, BigInt(text.trim().replace("+", "")));
  }
  const scaled = parseScaled(text, 1n, MAX_RATE);
  if (typeof scaled === "bigint") return command.has("bytes") ? scaled : scaled >> 20n;
  const failed = `Scaled numeric value '${text}' for <--bandwidth> option is malformed or out of range`;
  throw new CommandError(scaled.reason === null ? failed : `${failed}\n${scaled.reason}`);
}

/** How a command that may finish or pivot waits. @throws CommandError */
export function waitOf(
  command: {
    has(name: "wait" | "verbose" | "async"): boolean;
    whole(name: "timeout", kind: "uint"): number | undefined;
  },
  ending: boolean,
  lastOption: string,
): Wait | null {
  const limit = timeoutMs(command);
  const verbose = command.has("verbose");
  const isAsync = command.has("async");
  if (command.has("wait") || ending || limit > 0) {
    return { verbose, async: isAsync, timeoutMs: limit };
  }
  for (const [given, option] of [
    [verbose, "--verbose"],
    [isAsync, "--async"],
  ] as const) {
    if (!given) continue;
    throw new CommandError(
      `${option} requires at least one of --timeout, --wait, --pivot, or ${lastOption}`,
    );
  }
  return null;
}

/** Runs the job. @returns false where it was ended or has failed, which has been told */
export async function runBlockJob(
  session: Session,
  domain: DomainRef,
  path: string,
  job: BlockJob,
): Promise<boolean> {
  if (!job.wait) {
    await job.start();
    session.printExtra(job.started);
    return true;
  }
  const status = await awaitJob(session, domain, path, job, job.wait);
  if (status === Status.canceled || status === Status.failed) {
    session.printExtra(`\n${job.verb} ${status === Status.failed ? "failed" : "aborted"}`);
    return false;
  }
  const connect = await session.connect();
  const flags = job.wait.async ? Abort.async : 0;
  const { ending } = job;
  if (ending === "pivot") {
    await session.attempt(`failed to pivot job for disk ${path}`, () =>
      connect.domainBlockJobAbort(domain, path, flags | Abort.pivot),
    );
    session.printExtra("\nSuccessfully pivoted");
  } else if ("finish" in ending) {
    await session.attempt(`failed to finish job for disk ${path}`, () =>
      connect.domainBlockJobAbort(domain, path, flags),
    );
    session.printExtra(`\n${ending.finish}`);
  } else session.printExtra(`\n${ending.say}`);
  return true;
}

/** Starts the job and waits for its event, or without events until it is gone or has caught up. */
async function awaitJob(
  session: Session,
  domain: DomainRef,
  path: string,
  job: BlockJob,
  wait: Wait,
): Promise<number> {
  const connect = await session.connect();
  let status: number | null = null;
  const stop = await jobEvents(connect, domain, path, (told) => {
    status = told;
  });
  try {
    await job.start();
    const startMs = session.host.nowMs();
    for (;;) {
      const info = await session.attempt(`failed to query job for disk ${path}`, () =>
        connect.domainGetBlockJobInfo(domain, path, 0),
      );
      if (!stop && !info) status = Status.completed;
      if (!stop && info && info.cur === info.end) status = Status.ready;
      if (status !== null) break;
      if (wait.verbose && info) printProgress(session, job.label, info.end - info.cur, info.end);
      const late = wait.timeoutMs > 0 && session.host.nowMs() - startMs > wait.timeoutMs;
      if (!late && (await session.host.sleep(INTERVAL_MS))) continue;
      await session.attempt(`failed to abort job for disk '${path}'`, () =>
        connect.domainBlockJobAbort(domain, path, wait.async ? Abort.async : 0),
      );
      return Status.canceled;
    }
  } finally {
    stop?.();
  }
  const good = status === Status.completed || status === Status.ready;
  if (wait.verbose && good) printProgress(session, job.label, 0n, 1n);
  return status;
}

/** Listens for the ends of the disk's jobs; null where the driver has no events. */
async function jobEvents(
  connect: Connect,
  domain: DomainRef,
  path: string,
  tell: (status: number) => void,
): Promise<(() => void) | null> {
  try {
    return await connect.connectEvents((event) => {
      if (event.of !== "domain" || event.domain.uuid !== domain.uuid) return;
      const { event: what } = event;
      const isJob = what.kind === "block-job" || what.kind === "block-job-2";
      if (isJob && what.disk === path) tell(what.status);
    });
  } catch (error) {
    if (!(error instanceof VmError) || error.code !== ErrorCode.noSupport) throw error;
    return null;
  }
}
