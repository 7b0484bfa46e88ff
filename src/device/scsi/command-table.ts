/** A unit's commands by their operation codes. */
import { Senses } from "./codes.ts";
import { check, type ScsiCommand, type ScsiDone, type ScsiResult } from "./scsi-unit.ts";

export type Handler = (command: ScsiCommand, done: ScsiDone) => void;
export type CommandTable = ReadonlyMap<number, Handler>;

/** A handler that is done at once. */
export const answer =
  (result: (command: ScsiCommand) => ScsiResult): Handler =>
  (command, done) =>
    done(result(command));

/** Carries out a command; what is not in the table is refused. */
export function dispatch(table: CommandTable, command: ScsiCommand, done: ScsiDone): void {
  const handler = table.get(command.cdb[0] ?? 0);
  if (handler) handler(command, done);
  else done(check(Senses.invalidOpcode));
}
