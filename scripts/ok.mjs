// npm run ok [check …]: builds, then runs everything that CI blocks on, or the named checks.
import { nodeIsRecent } from "./setup/node-version.mjs";

if (nodeIsRecent()) {
  const { runMain } = await import("./setup/failure.mjs");
  const { chooseChecks, runChecks } = await import("./setup/checks.mjs");
  const { installPackages } = await import("./setup/packages.mjs");
  await runMain(async () => {
    const checks = chooseChecks(process.argv.slice(2));
    await installPackages();
    return runChecks(checks);
  });
}
