/** Letting the user edit the XML of an object until it is taken. */
import { VmError } from "../../../protocol/vm-error.ts";
import { AlreadyReported } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";

export interface Editing {
  /** The object's XML with its secrets. */
  read(): Promise<string>;
  define(edited: string): Promise<void>;
  /** Turns off the validation that `define` does, where there is one. */
  readonly relax?: () => void;
  /** Whether the object is defined though its XML was not changed. */
  readonly always?: boolean;
}

/** Lets the user change a text. @throws AlreadyReported where the editor fails */
export async function editText(session: Session, text: string): Promise<string> {
  try {
    return await session.host.edit(text);
  } catch (error) {
    session.report(error);
    throw new AlreadyReported("the editor failed");
  }
}

/** Resolves with whether anything was changed. @throws what failed last, where the user gives up */
export async function editUntilTaken(session: Session, editing: Editing): Promise<boolean> {
  let original = await editing.read();
  let text = original;
  let answer: Answer = "y";
  let { relax } = editing;
  for (;;) {
    if (answer === "y") text = await editText(session, text);
    if (answer === "y" && text === original && editing.always !== true) return false;
    const now = await editing.read();
    let message = "Failed.";
    if (now === original) {
      try {
        await editing.define(text);
        return true;
      } catch (error) {
        if (!(error instanceof VmError)) throw error;
        await unlessAnswerable(session, message, error);
        session.report(error);
      }
    } else {
      message = "The XML configuration was changed by another user.";
      await unlessAnswerable(session, message, new AlreadyReported(message));
      original = now;
    }
    answer = await ask(session, message, relax !== undefined);
    if (answer === "n") throw new AlreadyReported(message);
    if (answer !== "i") continue;
    relax?.();
    relax = undefined;
  }
}

/** Edits an object whose command tells how that went. */
export async function editXml(session: Session, what: string, editing: Editing): Promise<void> {
  const isChanged = await editUntilTaken(session, editing);
  const outcome = isChanged ? "edited" : "not changed";
  session.printExtra(`${what} XML configuration ${outcome}.\n`);
}

/** Without somebody to ask, the edit has failed. */
async function unlessAnswerable(session: Session, message: string, failure: Error): Promise<void> {
  if (session.host.hasTerminal()) return;
  session.error(message);
  throw failure;
}

/** Again in the editor, define it without, define it without validation, or give up. */
type Answer = "y" | "f" | "i" | "n";

const HELP = {
  y: "start editor again",
  n: "throw away my changes",
  i: "turn off validation and try to redefine again",
  f: "force, try to redefine again",
} as const;

async function ask(session: Session, message: string, canRelax: boolean): Promise<Answer> {
  const keys = canRelax ? "[y,n,i,f,?]" : "[y,n,f,?]";
  for (;;) {
    const line = await session.host.readLine(`${message} Try again? ${keys}: `);
    const key = line === null ? "n" : line.trim().slice(0, 1).toLowerCase();
    if (key === "y" || key === "n" || key === "f" || (key === "i" && canRelax)) return key;
    if (key !== "?") continue;
    const known = (Object.keys(HELP) as Answer[]).filter((each) => canRelax || each !== "i");
    session.print(known.map((each) => `${each} - ${HELP[each]}\n`).join(""));
    session.print("? - print this help\n");
  }
}
