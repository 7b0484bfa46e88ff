import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A failure that the user can understand and mend: one sentence, no stack. */
export class Failure extends Error {}

/** A failure about which a command that we ran has already said its sentence. */
export class ReportedFailure extends Failure {}

/** What command output reveals about the machine, in order of how telling it is. */
const CAUSES = [
  { sign: /ENOSPC|No space left on device/i, sentence: "there is no space left on the disk" },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|Temporary failure resolving|Could not resolve|Failed to fetch/i,
    sentence: "the network or the server that it needs cannot be reached",
  },
  { sign: /EACCES|EPERM|Permission denied/i, sentence: "a file or directory may not be written" },
  { sign: /E404|404 Not Found/i, sentence: "the server does not have a file that is needed" },
];

/**
 * The cause that a command's output shows, as the second half of a sentence.
 *
 * @param {string} output
 * @returns {string | undefined}
 */
export function causeIn(output) {
  return CAUSES.find(({ sign }) => sign.test(output))?.sentence;
}

/**
 * Runs a script's main function in the repository's root; a `Failure` becomes one line on stderr and exit status 1.
 *
 * @param {() => Promise<number | void>} main returns the exit status, 0 by default
 */
export async function runMain(main) {
  process.chdir(ROOT);
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!(error instanceof ReportedFailure)) console.error(`tabvisor: ${error.message}`);
    process.exitCode = 1;
  }
}
