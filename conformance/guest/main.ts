/** A Debian guest with several vCPUs under load: harts, hotplug, stress-ng with verification. */
import { GuestSession } from "../../bench/guest-session.ts";
import { CHECKS } from "./checks.ts";
import { parseGuestOptions, USAGE, type GuestOptions } from "./options.ts";

const MEMORY = "1536M";

async function runChecks(session: GuestSession, options: GuestOptions): Promise<number> {
  let failed = 0;
  for (const check of CHECKS.filter(({ name }) => options.filter?.test(name) ?? true)) {
    const began = performance.now();
    const [passed, text] = await check.run(session, options).then(
      (said) => [true, said] as const,
      (error: unknown) => [false, error instanceof Error ? error.message : String(error)] as const,
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${passed ? "ok" : "FAIL"} ${check.name}, ${seconds} s  ${text}`);
    if (!passed) failed++;
  }
  return failed;
}

async function main(options: GuestOptions): Promise<void> {
  const { engine, guest, vcpus } = options;
  const machine = ["-smp", String(vcpus), "-m", MEMORY];
  const threads = engine === "qemu" ? ["-accel", "tcg,thread=multi"] : [];
  const session = await GuestSession.boot(engine, { guest, options: [...machine, ...threads] });
  try {
    await session.ask("bind 'set enable-bracketed-paste off'; stty -echo");
    const failed = await runChecks(session, options);
    console.log(failed === 0 ? "all passed" : `${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    session.stop();
  }
}

try {
  await main(parseGuestOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
