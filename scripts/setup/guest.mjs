import { spawn, spawnSync } from "node:child_process";
import { ReportedFailure } from "./failure.mjs";

/** Makes the default guest unless it is there; the builder shows its own progress and errors. */
export async function buildDefaultGuest() {
  const child = spawn(process.execPath, ["dist/guests/main.js", "build", "shell"], {
    stdio: "inherit",
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) throw new ReportedFailure();
}

/** What is said of Debian on a disk, which takes minutes to make, until it is there. */
export function debianHint() {
  const { status } = spawnSync(process.execPath, ["dist/guests/main.js", "path", "debian"], {
    stdio: "ignore",
  });
  if (status === 0) return "";
  const command = "node bin/tabvisor.mjs guest build debian";
  return `For a whole Debian on a disk, run '${command}' (it takes minutes) and reload the page.\n`;
}
