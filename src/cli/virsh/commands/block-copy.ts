/** `blockcopy`: a disk's content to another place, and the domain after it. */
import { DomainBlockRebaseFlags as Rebase } from "../../../virt/driver/domain-flags.ts";
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import { draft } from "../../../virt/xml/draft.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import type { BLOCK_JOBS } from "../tables/block-jobs.ts";
import { flagBits, readText, timeoutMs } from "./common.ts";
import { bandwidthOf, runBlockJob, waitOf } from "./block-job-wait.ts";
import { domainOf } from "./domain-common.ts";

type CopyCommand = Command<(typeof BLOCK_JOBS)["blockcopy"]>;

/** Flags of `virDomainBlockCopy` that the older call does not have. */
const TRANSIENT_JOB = 4;
const SYNCHRONOUS_WRITES = 8;

const MAX_MIB = (2n ** 64n - 1n) >> 20n;

export async function copyDisk(session: Session, command: CopyCommand): Promise<boolean> {
  const path = command.required("path");
  const dest = command.text("dest");
  const xmlFile = command.text("xml");
  const format = command.text("format");
  const bandwidth = bandwidthOf(command);
  const granularity = command.whole("granularity", "uint") ?? 0;
  const bufSize = command.wholeBig("buf-size", "ulonglong") ?? 0n;
  timeoutMs(command);
  command.exclusive("dest", "xml");
  command.exclusive("format", "xml");
  command.exclusive("blockdev", "xml");
  command.exclusive("pivot", "finish");
  const pivot = command.has("pivot");
  const finish = command.has("finish");
  if (dest === undefined && xmlFile === undefined) {
    throw new CommandError("need either --dest or --xml");
  }
  const wait = waitOf(command, pivot || finish, "--finish");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const flags = flagBits(command, {
    shallow: Rebase.shallow,
    "reuse-external": Rebase.reuseExt,
    "transient-job": TRANSIENT_JOB,
    "synchronous-writes": SYNCHRONOUS_WRITES,
  });
  let start: () => Promise<void>;
  if (needsNewCall(command, granularity, bufSize)) {
    const xml = xmlFile === undefined ? destXml(command) : await readText(session, xmlFile);
    const params = copyParams(command, { bandwidth, granularity, bufSize });
    if (command.has("print-xml")) {
      session.print(xml);
      return true;
    }
    start = () => connect.domainBlockCopy(domain, path, xml, params, flags);
  } else {
    const rebase =
      flags |
      Rebase.copy |
      (command.has("blockdev") ? Rebase.copyDev : 0) |
      (format === "raw" ? Rebase.copyRaw : 0) |
      (command.has("bytes") ? Rebase.bandwidthBytes : 0);
    start = () => connect.domainBlockRebase(domain, path, dest ?? null, bandwidth, rebase);
  }
  return runBlockJob(session, domain, path, {
    wait,
    label: "Block Copy",
    verb: "Copy",
    start,
    started: "Block Copy started",
    ending: pivot
      ? "pivot"
      : finish
        ? { finish: "Successfully copied" }
        : { say: "Now in mirroring phase" },
  });
}

/** What only `virDomainBlockCopy` can do; the older call works with older libvirts. */
function needsNewCall(command: CopyCommand, granularity: number, bufSize: bigint): boolean {
  const format = command.text("format");
  return (
    granularity > 0 ||
    bufSize > 0n ||
    (format !== undefined && format !== "raw") ||
    command.given("xml") ||
    command.has("transient-job") ||
    command.has("synchronous-writes") ||
    command.has("print-xml")
  );
}

function destXml(command: CopyCommand): string {
  const block = command.has("blockdev");
  const format = command.text("format");
  return formatXml(
    draft(
      "disk",
      { type: block ? "block" : "file" },
      draft("source", { [block ? "dev" : "file"]: command.text("dest") }),
      ...(format === undefined ? [] : [draft("driver", { type: format })]),
    ),
  );
}

function copyParams(
  command: CopyCommand,
  given: { readonly bandwidth: bigint; readonly granularity: number; readonly bufSize: bigint },
): TypedParam[] {
  const params: TypedParam[] = [];
  if (given.bandwidth > 0n) {
    const bytes = command.has("bytes");
    if (!bytes && given.bandwidth > MAX_MIB) {
      throw new CommandError(`bandwidth must be less than ${MAX_MIB}`);
    }
    const value = bytes ? given.bandwidth : given.bandwidth << 20n;
    params.push({ field: "bandwidth", type: "ullong", value });
  }
  if (given.granularity > 0) {
    params.push({ field: "granularity", type: "uint", value: given.granularity });
  }
  if (given.bufSize > 0n) params.push({ field: "buf-size", type: "ullong", value: given.bufSize });
  return params;
}
