/** Where the daemon listens and keeps its definitions. */
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Definitions and secrets: below `TABVISOR_CONFIG` or the user's directory for configuration. */
export function definitionsRoot(env: Environment, home = homedir()): string {
  return join(configRoot(env, home), "libvirt");
}

function configRoot(env: Environment, home: string): string {
  if (env["TABVISOR_CONFIG"]) return env["TABVISOR_CONFIG"];
  return join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "tabvisor");
}

/** The socket: below the user's runtime directory, or that for state where there is none. */
export function socketPath(env: Environment, home = homedir()): string {
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime) return join(runtime, "tabvisor", "virt-sock");
  return join(env["XDG_STATE_HOME"] || join(home, ".local", "state"), "tabvisor", "virt-sock");
}
