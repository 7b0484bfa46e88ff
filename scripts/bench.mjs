// npm run bench: sets everything up, then measures. Options as `npm run bench -- --help` says.
import { nodeIsRecent } from "./setup/node-version.mjs";

if (nodeIsRecent()) {
  const { runMain } = await import("./setup/failure.mjs");
  const { build } = await import("./setup/build.mjs");
  const { run } = await import("./setup/command.mjs");
  const { buildDefaultGuest } = await import("./setup/guest.mjs");
  const { installPackages } = await import("./setup/packages.mjs");
  await runMain(async () => {
    await installPackages();
    await build();
    await buildDefaultGuest();
    const args = ["dist/bench/main.js", ...process.argv.slice(2)];
    const { status } = await run(process.execPath, args, { inherit: true });
    return status;
  });
}
