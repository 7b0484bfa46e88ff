// npm test: from a fresh clone to the result of everything that CI runs, with nothing but Node.
import { nodeIsRecent } from "./setup/node-version.mjs";

if (nodeIsRecent()) {
  const { runMain } = await import("./setup/failure.mjs");
  const { build } = await import("./setup/build.mjs");
  const { ensureBrowsers } = await import("./setup/browser.mjs");
  const { chooseChecks, runChecks } = await import("./setup/checks.mjs");
  const { buildDefaultGuest } = await import("./setup/guest.mjs");
  const { installPackages } = await import("./setup/packages.mjs");
  const { ensureQemu } = await import("./setup/qemu.mjs");
  await runMain(async () => {
    const checks = chooseChecks(process.argv.slice(2));
    await installPackages();
    await build({ page: false });
    await buildDefaultGuest();
    await ensureBrowsers();
    if (!(await ensureQemu())) {
      console.log(
        "  qemu-system-riscv64 is not here: fuzzing compares with its recorded seeds only",
      );
    }
    return runChecks(checks);
  });
}
