import { spawn } from "node:child_process";
import { ReportedFailure } from "./failure.mjs";

/** Makes the default guest unless it is there; the builder shows its own progress and errors. */
export async function buildDefaultGuest() {
  const child = spawn(process.execPath, ["dist/guests/main.js", "build", "shell"], {
    stdio: "inherit",
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) throw new ReportedFailure();
}
