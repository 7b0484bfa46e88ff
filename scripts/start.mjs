// npm start: from a fresh clone to a page that is served, with nothing but Node.
import { nodeIsRecent } from "./setup/node-version.mjs";

const DEFAULT_PORT = 8080;

if (nodeIsRecent()) {
  const { Failure, runMain } = await import("./setup/failure.mjs");
  const { build } = await import("./setup/build.mjs");
  const { buildDefaultGuest, debianHint } = await import("./setup/guest.mjs");
  const { installPackages } = await import("./setup/packages.mjs");

  await runMain(async () => {
    const port = Number(process.env["PORT"] ?? DEFAULT_PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Failure(`PORT is "${process.env["PORT"]}", which is not a port number.`);
    }
    await installPackages();
    await build();
    await buildDefaultGuest();
    const { preview } = await import("vite");
    const server = await preview({ preview: { port, strictPort: "PORT" in process.env } });
    const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
    console.log(`\nTabvisor is at ${address}\n${debianHint()}Press Ctrl+C to stop.`);
  });
}
