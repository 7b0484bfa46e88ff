/** What a guest's agent answers. It is the guest's to say anything: nothing of it is believed unseen. */
import { vmError } from "../../../../protocol/vm-error.ts";
import { QEMU } from "../qemu-state.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const UNKNOWN_COMMAND = ["CommandNotFound", "CommandDisabled"];

/** A value in an answer, and what to call it in errors. */
export class AgentReply {
  readonly #command: string;
  readonly #value: unknown;

  private constructor(command: string, value: unknown) {
    this.#command = command;
    this.#value = value;
  }

  /** @throws VmError internalError in libvirt's words where the agent refused, or said nonsense */
  static of(command: string, line: string): AgentReply {
    const reply = objectOf(line);
    const failed = `unable to execute QEMU agent command '${command}'`;
    const error = reply["error"];
    if (isObject(error)) {
      const why = [error["desc"], error["class"]].find((each) => typeof each === "string");
      throw vmError("internalError", `${failed}: ${why ?? "unknown QEMU command error"}`, QEMU);
    }
    if (!Object.hasOwn(reply, "return")) throw vmError("internalError", failed, QEMU);
    return new AgentReply(command, reply["return"]);
  }

  static isUnknownCommand(line: string): boolean {
    const { error } = objectOf(line);
    return isObject(error) && UNKNOWN_COMMAND.includes(String(error["class"]));
  }

  get value(): unknown {
    return this.#value;
  }

  /** The elements of the answer. @throws VmError internalError where it is no list */
  list(): AgentReply[] {
    if (!Array.isArray(this.#value)) throw this.#missing("return data");
    return this.#value.map((each: unknown) => new AgentReply(this.#command, each));
  }

  /** A list inside; none where it is left out. */
  listAt(name: string): AgentReply[] {
    const value = this.#at(name);
    return value === undefined ? [] : new AgentReply(this.#command, value).list();
  }

  /** @throws VmError internalError */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw this.#missing(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#at(name);
    return typeof value === "string" ? value : undefined;
  }

  /** @throws VmError internalError */
  number(name: string): number {
    const value = this.optionalNumber(name);
    if (value === undefined) throw this.#missing(name);
    return value;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#at(name);
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  isTrue(name: string): boolean {
    return this.#at(name) === true;
  }

  object(name: string): AgentReply | null {
    const value = this.#at(name);
    return isObject(value) ? new AgentReply(this.#command, value) : null;
  }

  #at(name: string): unknown {
    const value = this.#value;
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }

  #missing(name: string): Error {
    return vmError("internalError", `'${name}' missing in reply of ${this.#command}`, QEMU);
  }
}

/** @throws VmError internalError */
function objectOf(line: string): JsonObject {
  try {
    const reply: unknown = JSON.parse(line);
    if (isObject(reply)) return reply;
  } catch {
    // Said below.
  }
  throw vmError("internalError", `cannot parse json ${line.slice(0, 200)}`, QEMU);
}
