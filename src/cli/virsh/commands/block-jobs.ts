/** The commands that copy, merge and resize a running domain's disks. */
import {
  DomainBlockCommitFlags as Commit,
  DomainBlockJobAbortFlags as Abort,
  DomainBlockPullFlags,
  DomainBlockRebaseFlags as Rebase,
  DomainBlockResizeFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import { prettyCapacity } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { BLOCK_JOBS } from "../tables/block-jobs.ts";
import { flagBits, timeoutMs } from "./common.ts";
import { bandwidthOf, runBlockJob, waitOf } from "./block-job-wait.ts";
import { domainOf } from "./domain-common.ts";
import { copyDisk } from "./block-copy.ts";
import { printProgress } from "./job-progress.ts";

type Spec<Name extends keyof typeof BLOCK_JOBS> = (typeof BLOCK_JOBS)[Name];

const MAX_SIZE = 2n ** 64n - 1n;

/** VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES and VIR_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES. */
const BANDWIDTH_BYTES = 1;

export const BLOCK_JOB_RUNS: Runs<typeof BLOCK_JOBS> = {
  blockcommit: (session, command) => commit(session, command),
  blockcopy: (session, command) => copyDisk(session, command),
  blockjob: (session, command) => blockJob(session, command),
  blockpull: (session, command) => pull(session, command),
  blockresize: async (session, command) => {
    const path = command.required("path");
    const bytes = command.scaled("size", 1024n, MAX_SIZE) ?? 0n;
    const domain = await domainOf(session, command);
    const whole = bytes % 1024n === 0n;
    const connect = await session.connect();
    await session.attempt(`Failed to resize block device '${path}'`, () =>
      connect.domainBlockResize(
        domain,
        path,
        whole ? bytes / 1024n : bytes,
        whole ? 0 : DomainBlockResizeFlags.bytes,
      ),
    );
    session.printExtra(`Block device '${path}' is resized`);
  },
  domblkthreshold: async (session, command) => {
    const dev = command.required("dev");
    const threshold = command.scaled("threshold", 1n, MAX_SIZE) ?? 0n;
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainSetBlockThreshold(domain, dev, threshold, 0);
  },
};

async function commit(session: Session, command: Command<Spec<"blockcommit">>): Promise<boolean> {
  const pivot = command.has("pivot");
  const keep = command.has("keep-overlay");
  const active = command.has("active") || pivot || keep;
  command.exclusive("pivot", "keep-overlay");
  const path = command.required("path");
  const base = command.text("base") ?? null;
  const top = command.text("top") ?? null;
  const bandwidth = bandwidthOf(command);
  const flags =
    flagBits(command, {
      bytes: Commit.bandwidthBytes,
      shallow: Commit.shallow,
      delete: Commit.delete,
      "keep-relative": Commit.relative,
    }) | (active ? Commit.active : 0);
  const wait = waitOf(command, pivot || keep, "--keep-overlay");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  return runBlockJob(session, domain, path, {
    wait,
    label: "Block commit",
    verb: "Commit",
    start: () => connect.domainBlockCommit(domain, path, base, top, bandwidth, flags),
    started: active ? "Active Block Commit started" : "Block Commit started",
    ending: pivot
      ? "pivot"
      : keep
        ? { finish: "Commit complete, overlay image kept" }
        : { say: active ? "Now in synchronized phase" : "Commit complete" },
  });
}

async function pull(session: Session, command: Command<Spec<"blockpull">>): Promise<boolean> {
  command.needs("verbose", "wait");
  command.needs("async", "wait");
  const path = command.required("path");
  const base = command.text("base") ?? null;
  const bandwidth = bandwidthOf(command);
  const timeout = timeoutMs(command);
  const wait = command.has("wait")
    ? { verbose: command.has("verbose"), async: command.has("async"), timeoutMs: timeout }
    : null;
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const relative = command.has("keep-relative") ? Rebase.relative : 0;
  const bytes = command.has("bytes");
  const start = (): Promise<void> =>
    base !== null || relative !== 0
      ? connect.domainBlockRebase(
          domain,
          path,
          base,
          bandwidth,
          relative | (bytes ? Rebase.bandwidthBytes : 0),
        )
      : connect.domainBlockPull(domain, path, bandwidth, bytes ? DomainBlockPullFlags.bytes : 0);
  return runBlockJob(session, domain, path, {
    wait,
    label: "Block Pull",
    verb: "Pull",
    start,
    started: "Block Pull started",
    ending: { say: "Pull complete" },
  });
}

async function blockJob(session: Session, command: Command<Spec<"blockjob">>): Promise<void> {
  for (const other of ["abort", "pivot", "async", "bandwidth"] as const) {
    command.exclusive("raw", other);
  }
  for (const other of ["abort", "pivot", "async", "bandwidth"] as const) {
    command.exclusive("info", other);
  }
  for (const other of ["abort", "pivot", "async"] as const) command.exclusive("bytes", other);
  const domain = await domainOf(session, command);
  const path = command.required("path");
  const connect = await session.connect();
  if (command.given("bandwidth")) {
    const flags = command.has("bytes") ? BANDWIDTH_BYTES : 0;
    return connect.domainBlockJobSetSpeed(domain, path, bandwidthOf(command), flags);
  }
  if (command.has("abort") || command.has("pivot") || command.has("async")) {
    const flags = flagBits(command, { async: Abort.async, pivot: Abort.pivot });
    return connect.domainBlockJobAbort(domain, path, flags);
  }
  await showBlockJob(session, command, domain, path);
}

/** Types of jobs for scripts, and for people. */
const RAW_TYPES = ["", "pull", "copy", "commit", "active commit", "backup"];
const TYPES = [
  "Unknown job",
  "Block Pull",
  "Block Copy",
  "Block Commit",
  "Active Block Commit",
  "Backup",
];

async function showBlockJob(
  session: Session,
  command: Command<Spec<"blockjob">>,
  domain: DomainRef,
  path: string,
): Promise<void> {
  const raw = command.has("raw");
  const inBytes = command.has("bytes") || !raw;
  const connect = await session.connect();
  const info = await connect.domainGetBlockJobInfo(domain, path, inBytes ? BANDWIDTH_BYTES : 0);
  if (!info) {
    if (!raw) session.printExtra(`No current block job for ${path}`);
  } else if (raw) {
    const type = RAW_TYPES[info.type] ?? "unknown";
    session.print(
      ` type=${type}\n bandwidth=${info.bandwidth}\n cur=${info.cur}\n end=${info.end}\n`,
    );
  } else {
    printProgress(session, TYPES[info.type] ?? "Unknown job", info.end - info.cur, info.end);
    if (info.bandwidth > 0n) {
      const [value, unit] = prettyCapacity(info.bandwidth);
      session.print(
        `    Bandwidth limit: ${info.bandwidth} bytes/s (${value.toFixed(3)} ${unit}/s)`,
      );
    }
    session.print("\n");
  }
}
