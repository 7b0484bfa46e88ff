/** `--pass-fds`: files that the caller of virsh has open. */
import { CommandError } from "../shell/errors.ts";
import { parseWhole } from "../shell/numbers.ts";

/** The numbers of the files, none where the option is missing. @throws CommandError */
export function passedFiles(command: {
  textOrNone(name: "pass-fds"): string | undefined;
}): number[] {
  const text = command.textOrNone("pass-fds");
  if (text === undefined) return [];
  return text.split(",").map((part) => {
    const number = parseWhole(part, "int");
    if (number === null) throw new CommandError(`Unable to parse FD number '${part}'`);
    return Number(number);
  });
}
