// npm run dev: the page with hot reloading, on a core that is quick to compile.
import { nodeIsRecent } from "./setup/node-version.mjs";

if (nodeIsRecent()) {
  const { runMain } = await import("./setup/failure.mjs");
  const { build } = await import("./setup/build.mjs");
  const { buildDefaultGuest } = await import("./setup/guest.mjs");
  const { installPackages } = await import("./setup/packages.mjs");
  await runMain(async () => {
    await installPackages();
    await build({ dev: true, page: false });
    await buildDefaultGuest();
    const { createServer } = await import("vite");
    const server = await createServer();
    await server.listen();
    server.printUrls();
  });
}
