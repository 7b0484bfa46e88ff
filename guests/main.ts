import { parseArgs } from "node:util";
import {
  buildGuest,
  DEFAULT_GUEST,
  describeError,
  GuestError,
  guestDirectory,
  listGuests,
  progressTo,
  updateLock,
} from "./index.ts";

const USAGE = `Usage: node dist/guests/main.js <command>

  build [guest] [--force] [--quality 0..11]   make a guest (${DEFAULT_GUEST}) unless it is made already
  path [guest]                                print the directory of a guest that is made
  list                                        list guests
  lock                                        put the mirror's present versions into guests/lock.json

Environment: DEBIAN_MIRROR (else apt's configuration), TABVISOR_CACHE, http_proxy, https_proxy, no_proxy.
`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const [command, name = DEFAULT_GUEST, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  if (rest.length > 0) {
    throw new GuestError(`There are too many arguments: ${rest.join(" ")}.`);
  }
  switch (command) {
    case "build":
      return build(name, values.force, qualityOf(values.quality));
    case "path":
      return path(name);
    case "list":
      return list();
    case "lock":
      return updateLock(progressTo(process.stderr));
    default:
      throw new GuestError(`There is no command "${command}": see --help.`);
  }
}

function parse(args: readonly string[]): {
  values: { force: boolean; help: boolean; quality?: string };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        force: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        quality: { type: "string" },
      },
    });
  } catch (error) {
    // Node's message goes on with advice that is of no use here.
    const [first] = describeError(error).split(". ");
    throw new GuestError(`${first}: see --help.`, { cause: error });
  }
}

function qualityOf(text: string | undefined): number | undefined {
  const quality = Number(text);
  if (text !== undefined && !(Number.isInteger(quality) && quality >= 0 && quality <= 11)) {
    throw new GuestError(`--quality ${text} is no whole number from 0 to 11.`);
  }
  return text === undefined ? undefined : quality;
}

async function build(name: string, force: boolean, quality: number | undefined): Promise<void> {
  const progress = progressTo(process.stderr);
  const options = quality === undefined ? {} : { quality };
  const { directory } = await buildGuest(name, { progress, force, ...options });
  process.stdout.write(`${directory}\n`);
}

function path(name: string): void {
  const directory = guestDirectory(name);
  if (directory === null) {
    throw new GuestError(`The guest ${name} is not built: run "build ${name}" first.`);
  }
  process.stdout.write(`${directory}\n`);
}

function list(): void {
  for (const { name, title, directory, isCurrent } of listGuests()) {
    const age = directory === null || isCurrent ? "" : "\tby an earlier recipe";
    process.stdout.write(`${name}\t${title}\t${directory ?? "not built"}${age}\n`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`tabvisor guests: ${describeError(error)}\n`);
  process.exitCode = 1;
}
