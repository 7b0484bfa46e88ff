/** Showing how far a job is, and waiting for one. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { typedParam, type TypedParams } from "../../../virt/driver/typed-params.ts";
import type { Session } from "../shell/session.ts";

const INTERVAL_MS = 500;

/** `label: [ 42 %]`; only what is over is shown as 100 %. */
export function printProgress(
  session: Session,
  label: string,
  remaining: bigint,
  total: bigint,
): void {
  const done = total === 0n ? 0 : Math.trunc(100 - (Number(remaining) * 100) / Number(total));
  const percent = remaining === 0n ? 100 : Math.min(99, done);
  session.host.err(`\r${label}: [${String(percent).padStart(3)} %]`);
}

/**
 * Awaits `work` while `--verbose` shows the domain's job; Ctrl-C ends the job.
 *
 * @param timeout what happens where the job takes too long
 */
export async function watchJob(
  session: Session,
  domain: DomainRef,
  { label, verbose }: { readonly label: string; readonly verbose: boolean },
  work: Promise<void>,
  timeout?: { readonly ms: number; act(): Promise<void> },
): Promise<void> {
  const outcome = work.then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  );
  // Most jobs of the mock driver are over before a timer would be.
  let ended = await Promise.race([outcome, Promise.resolve(null)]);
  const startMs = session.host.nowMs();
  let late = timeout;
  while (!ended) {
    const going = Promise.race([outcome, session.host.sleep(INTERVAL_MS, outcome)]);
    const next = await going;
    if (typeof next === "object") ended = next;
    else if (!next) await ignoringErrors(abortJob(session, domain));
    else {
      if (verbose) await ignoringErrors(showJob(session, domain, label));
      if (late && session.host.nowMs() - startMs > late.ms) {
        await ignoringErrors(late.act());
        late = undefined;
      }
    }
  }
  if (ended.error !== null) throw ended.error;
  if (verbose) printProgress(session, label, 0n, 1n);
}

async function abortJob(session: Session, domain: DomainRef): Promise<void> {
  const connect = await session.connect();
  await connect.domainAbortJobFlags(domain, 0);
}

async function showJob(session: Session, domain: DomainRef, label: string): Promise<void> {
  const connect = await session.connect();
  const { params } = await connect.domainGetJobStats(domain, 0);
  // Dumps tell of memory only.
  const kind = jobNumber(params, "data_total") === undefined ? "memory" : "data";
  const total = jobNumber(params, `${kind}_total`) ?? 0n;
  const remaining = jobNumber(params, `${kind}_remaining`) ?? 0n;
  if (total > 0n) printProgress(session, label, remaining, total);
}

/** What a job tells as an unsigned number, or undefined. */
export function jobNumber(params: TypedParams, field: string): bigint | undefined {
  const param = typedParam(params, field);
  return param?.type === "ullong" ? param.value : undefined;
}

/** What only watches must not make the job fail. */
async function ignoringErrors(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
  }
}
