import { run } from "./command.mjs";
import { step } from "./progress.mjs";

const env = { DEBIAN_FRONTEND: "noninteractive" };
let listsUpdated = false;

/** True where this process may install Debian packages. */
export async function canInstallDebs() {
  return process.getuid?.() === 0 && (await run("apt-get", ["--version"])).status === 0;
}

/**
 * Installs the first of `names` that the distribution has.
 *
 * @param {readonly string[]} names
 * @returns {Promise<boolean>} false when none could be installed
 */
export async function installDeb(names) {
  if (!(await canInstallDebs())) return false;
  if (!listsUpdated) {
    await step("Updating the package lists", (note) =>
      run("apt-get", ["update"], { env, onLine: note }),
    );
    listsUpdated = true;
  }
  for (const name of names) {
    const shown = await run("apt-cache", ["show", "--no-all-versions", name]);
    if (shown.status !== 0 || !shown.stdout.includes("Package:")) continue;
    const args = ["install", "-y", "--no-install-recommends", name];
    const { status } = await step(`Installing ${name}`, (note) =>
      run("apt-get", args, { env, onLine: note }),
    );
    if (status === 0) return true;
  }
  return false;
}
