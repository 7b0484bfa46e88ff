/** The commands on a domain's job: a migration, a save, a dump. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import {
  DomainGetJobStatsFlags as Stats,
  DomainJobType as Type,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainJobStats } from "../../../virt/driver/domain-calls.ts";
import { typedParam, type TypedParams } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { prettyCapacity } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { JOBS } from "../tables/domain-jobs.ts";
import { flagBits } from "./common.ts";
import { asCall, domainOf, paramText } from "./domain-common.ts";
import { jobNumber } from "./job-progress.ts";

type InfoCommand = Command<(typeof JOBS)["domjobinfo"]>;

/** VIR_DOMAIN_ABORT_JOB_POSTCOPY. */
const ABORT_POSTCOPY = 1;

export const JOB_RUNS: Runs<typeof JOBS> = {
  domjobabort: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainAbortJobFlags(domain, command.has("postcopy") ? ABORT_POSTCOPY : 0);
  },
  domjobinfo: async (session, command) => {
    command.needs("keep-completed", "completed");
    const domain = await domainOf(session, command);
    const flags = flagBits(command, {
      completed: Stats.completed,
      "keep-completed": Stats.keepCompleted,
    });
    const connect = await session.connect();
    try {
      const stats = await asCall(command.has("rawstats") ? "virDomainGetJobStats" : null, () =>
        connect.domainGetJobStats(domain, flags),
      );
      session.print(command.has("rawstats") ? rawText(stats) : jobText(stats, command));
    } catch (error) {
      const unknown = error instanceof VmError && error.code === ErrorCode.noSupport;
      if (unknown && (flags !== 0 || command.has("rawstats"))) {
        session.error("Optional flags or --rawstats are not supported by the daemon");
      }
      throw error;
    }
  },
};

const TYPES = ["None", "Bounded", "Unbounded", "Completed", "Failed", "Cancelled"];

const OPERATIONS = [
  "Unknown",
  "Start",
  "Save",
  "Restore",
  "Incoming migration",
  "Outgoing migration",
  "Snapshot",
  "Snapshot revert",
  "Dump",
  "Backup",
  "Snapshot delete",
];

function rawText({ type, params }: DomainJobStats): string {
  const lines = params.map((param) => `${param.field}: ${paramText(param)}\n`);
  return `Job type: ${type}\n\n${lines.join("")}`;
}

function jobText({ type, params }: DomainJobStats, command: InfoCommand): string {
  const head = line("Job type:", (TYPES[type] ?? "unknown").padEnd(12));
  if (type === Type.none) return head;
  const operation = typedParam(params, "operation");
  const name = operation?.type === "int" ? operation.value : 0;
  const second = line("Operation:", (OPERATIONS[name] ?? "unknown").padEnd(12));
  const wanted =
    command.has("anystats") ||
    type === Type.bounded ||
    type === Type.unbounded ||
    (type === Type.completed && command.has("completed"));
  return head + second + (wanted ? detailText(type, params) : "");
}

function line(key: string, value: string): string {
  return `${key.padEnd(17)} ${value}\n`;
}

/** How a number is shown. */
type Shape = "ms" | "size" | "rate" | "pages/s" | "bytes" | "count" | "wide";

const UNITS: Partial<Record<Shape, string>> = { ms: " ms", "pages/s": " pages/s", bytes: " bytes" };

function numberText(value: bigint, shape: Shape): string {
  if (shape === "size" || shape === "rate") {
    const [size, unit] = prettyCapacity(value);
    return `${size.toFixed(3)} ${unit}${shape === "rate" ? "/s" : ""}`;
  }
  return `${String(value).padEnd(shape === "wide" ? 13 : 12)}${UNITS[shape] ?? ""}`;
}

/** Key, field and shape of a line that stands where the job tells the field. */
type Row = readonly [key: string, field: string, shape: Shape];

const MEMORY_ROWS: readonly Row[] = [
  ["Memory bandwidth:", "memory_bps", "rate"],
  ["Dirty rate:", "memory_dirty_rate", "pages/s"],
  ["Page size:", "memory_page_size", "bytes"],
  ["Iteration:", "memory_iteration", "count"],
  ["Postcopy requests:", "memory_postcopy_requests", "count"],
];

const PAGE_ROWS: readonly Row[] = [
  ["Constant pages:", "memory_constant", "count"],
  ["Normal pages:", "memory_normal", "count"],
  ["Normal data:", "memory_normal_bytes", "size"],
];

const END_ROWS: readonly Row[] = [
  ["Downtime w/o network:", "downtime_net", "ms"],
  ["Setup time:", "setup_time", "ms"],
  ["Compression cache:", "compression_cache", "size"],
  ["Compressed data:", "compression_bytes", "size"],
  ["Compressed pages:", "compression_pages", "wide"],
  ["Compression cache misses:", "compression_cache_misses", "wide"],
  ["Compression overflows:", "compression_overflow", "wide"],
];

const SPACE_ROWS: readonly Row[] = [
  ["Temporary disk space use:", "disk_temp_used", "size"],
  ["Temporary disk space total:", "disk_temp_total", "size"],
];

function rows(params: TypedParams, table: readonly Row[]): string {
  return table
    .map(([key, field, shape]) => {
      const value = jobNumber(params, field);
      // A bandwidth of 0 is none that was measured.
      if (value === undefined || (shape === "rate" && value === 0n)) return "";
      return line(key, numberText(value, shape));
    })
    .join("");
}

/** What was done of something, what is left and what it is in all; and `more` where there is any. */
function amounts(params: TypedParams, what: string, field: string, more: string): string {
  const parts = (["processed", "remaining", "total"] as const).map(
    (part) => [part, jobNumber(params, `${field}_${part}`) ?? 0n] as const,
  );
  if (parts.every(([, value]) => value === 0n)) return "";
  const shown = parts.map(([part, value]) => line(`${what} ${part}:`, numberText(value, "size")));
  return shown.join("") + more;
}

function detailText(type: number, params: TypedParams): string {
  const number = (field: string): bigint => jobNumber(params, field) ?? 0n;
  const throttle = typedParam(params, "auto_converge_throttle");
  const error = typedParam(params, "errmsg");
  const downtime = type === Type.completed ? "Total downtime:" : "Expected downtime:";
  return [
    line("Time elapsed:", numberText(number("time_elapsed"), "ms")),
    rows(params, [["Time elapsed w/o network:", "time_elapsed_net", "ms"]]),
    type === Type.bounded
      ? line("Time remaining:", numberText(number("time_remaining"), "ms"))
      : "",
    amounts(params, "Data", "data", ""),
    amounts(params, "Memory", "memory", rows(params, MEMORY_ROWS)),
    amounts(params, "File", "disk", rows(params, [["File bandwidth:", "disk_bps", "rate"]])),
    rows(params, PAGE_ROWS),
    rows(params, [[downtime, "downtime", "ms"]]),
    rows(params, END_ROWS),
    throttle?.type === "int"
      ? line("Auto converge throttle:", String(throttle.value).padEnd(13))
      : "",
    rows(params, SPACE_ROWS),
    error?.type === "string" ? line("Error message:", error.value) : "",
  ].join("");
}
