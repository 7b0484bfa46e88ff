import { spawn } from "node:child_process";
import { Failure, causeIn } from "./failure.mjs";

/** Lines of a failed command's output that are worth showing. */
const TAIL_LINES = 40;

/**
 * @typedef {object} CommandOptions
 * @property {NodeJS.ProcessEnv} [env] added to the environment
 * @property {(line: string) => void} [onLine] sees every line of output as it comes
 * @property {boolean} [inherit] the command's output goes to ours
 * @property {number} [timeoutMs]
 *
 * @typedef {object} CommandResult
 * @property {number} status 0 to 255; 128 and more for a signal, 127 when it cannot be started
 * @property {string} stdout
 * @property {string} output stdout and stderr as they came
 */

/**
 * Runs a command to its end.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: { ...process.env, ...options.env },
      stdio: ["ignore", options.inherit ? "inherit" : "pipe", options.inherit ? "inherit" : "pipe"],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    let stdout = "";
    let output = "";
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output += chunk;
      const line = String(chunk).trimEnd().split("\n").at(-1)?.trim();
      if (line) options.onLine?.(line);
    };
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr?.on("data", take);
    child.on("error", (error) => resolve({ status: 127, stdout, output: error.message }));
    child.on("close", (code, signal) => {
      resolve({ status: code ?? (signal === "SIGTERM" ? 143 : 128), stdout, output });
    });
  });
}

/**
 * Runs a command that must succeed.
 *
 * @param {string} what the action for the error sentence: "Installing packages"
 * @param {string} file
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @throws {Failure} naming the cause when its output shows one, otherwise after showing its end
 */
export async function must(what, file, args, options) {
  const result = await run(file, args, options);
  if (result.status === 0) return result;
  const cause = causeIn(result.output);
  if (cause !== undefined) throw new Failure(`${what} failed: ${cause}.`);
  const tail = result.output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  if (tail !== "") console.error(tail);
  throw new Failure(`${what} failed (exit status ${result.status}).`);
}

/**
 * Runs npm as the one that started this script, or the one on the path.
 *
 * @param {string} what
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 */
export function npm(what, args, options) {
  const cli = process.env["npm_execpath"];
  return cli === undefined
    ? must(what, "npm", args, options)
    : must(what, process.execPath, [cli, ...args], options);
}
