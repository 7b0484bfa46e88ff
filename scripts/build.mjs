// npm run build: everything under dist/. --dev compiles the core quickly, --no-page leaves out the page.
import { nodeIsRecent } from "./setup/node-version.mjs";

if (nodeIsRecent()) {
  const { runMain } = await import("./setup/failure.mjs");
  const { build } = await import("./setup/build.mjs");
  const { installPackages } = await import("./setup/packages.mjs");
  await runMain(async () => {
    await installPackages();
    await build({
      dev: process.argv.includes("--dev"),
      page: !process.argv.includes("--no-page"),
    });
  });
}
