/**
 * Fuzzing of the block layer: random operations beside an array of bytes, crashes at every write, and
 * damaged images. The real qemu-img judges samples where it is installed.
 */
import { Beside } from "./beside/beside.ts";
import { corruptFormat } from "./corrupt-format.ts";
import { corruptImage } from "./corrupt.ts";
import { crashWorkload } from "./crash.ts";
import { encryptedImage } from "./encrypted.ts";
import { mirrorImage } from "./mirror.ts";
import { RealCheck } from "./real-check.ts";

const USAGE =
  "usage: fuzz/storage [--rounds N] [--seed N] [--only mirror|crash|corrupt|beside|encrypted] " +
  "[--format NAME] [--steps N] [--cuts N] [--real N] [--qemu-img PATH]";

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

const args = process.argv.slice(2);
const rounds = Number(option(args, "--rounds") ?? 50);
const seed = Number(option(args, "--seed") ?? 1);
const only = option(args, "--only");
/** One of so many crashes is judged by the real qemu-img. */
const realEvery = Number(option(args, "--real") ?? 200);
const format = option(args, "--format");
/** Different orders at each place where a workload is cut. */
const cutsPerPoint = Number(option(args, "--cuts") ?? 3);
/** What is done in a workload before it is cut. */
const steps = Number(option(args, "--steps") ?? 40);
/** After so many rounds the sums so far are printed. */
const REPORT_EVERY = 50;

async function main(): Promise<number> {
  const real = RealCheck.find(option(args, "--qemu-img") ?? "qemu-img");
  if (real === undefined) console.log("no comparison with QEMU: qemu-img is not installed");
  const beside = only === undefined || only === "beside" ? Beside.find() : undefined;
  const failures: string[] = [];
  let passed = 0;
  const note = (trouble: string | undefined): void => {
    if (trouble === undefined) passed++;
    else {
      console.log(`FAILED ${trouble}`);
      failures.push(trouble);
    }
  };
  let [crashes, dirty] = [0, 0];
  const report = (done: number): void =>
    console.log(`${done} rounds, ${crashes} crashes: ${passed} passed, ${failures.length} failed`);
  for (let i = 0; i < rounds; i++) {
    if (i > 0 && i % REPORT_EVERY === 0) report(i);
    if (only === undefined || only === "mirror") note(await mirrorImage(seed + i, 120, real));
    if (only === undefined || only === "corrupt") {
      for (let k = 0; k < 10; k++) {
        note(await corruptImage((seed + i) * 10 + k));
        note(await corruptFormat((seed + i) * 10 + k));
      }
    }
    if (beside !== undefined) {
      for (let k = 0; k < 4; k++) note(await beside.round((seed + i) * 4 + k, format));
    }
    if (only === undefined || only === "encrypted")
      note(await encryptedImage(seed + i, real !== undefined));
    if (only !== undefined && only !== "crash") continue;
    const outcome = await crashWorkload({
      seed: seed + i,
      steps,
      cutsPerPoint,
      real,
      realEvery,
    });
    crashes += outcome.crashes;
    dirty += outcome.dirty;
    passed += outcome.crashes - outcome.failures.length;
    for (const failure of outcome.failures.slice(0, 3)) console.log(`FAILED ${failure}`);
    failures.push(...outcome.failures);
  }
  real?.close();
  beside?.close();
  if (beside !== undefined) console.log(`${beside.calls} commands beside the real ones`);
  console.log(
    `${crashes} crashes, ${dirty} of them with counts to be taken anew, ` +
      `${real?.calls ?? 0} images judged by qemu-img`,
  );
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

if ([rounds, seed, realEvery, cutsPerPoint, steps].every(Number.isInteger))
  process.exitCode = await main();
else {
  console.error(USAGE);
  process.exitCode = 2;
}
