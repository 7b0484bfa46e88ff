/** QEMU's guest agent: a program in the guest that answers commands, a line of JSON each, over a channel. */
import type { ChannelPort } from "../../../../api/machine.ts";
import { vmError } from "../../../../protocol/vm-error.ts";
import { concatBytes, utf8Bytes, utf8Text } from "../../../../util/bytes.ts";
import { QEMU } from "../qemu-state.ts";
import { AgentReply, isObject } from "./reply.ts";

/** What the guest finds the channel by. */
export const AGENT_CHANNEL = "org.qemu.guest_agent.0";

/** `virDomainQemuAgentCommandTimeoutValues`; other values are seconds. */
export const AgentTimeout = { block: -2, default: -1, nowait: 0 } as const;

const DEFAULT_S = 5;
/** A guest that answers more than this is not believed. */
const MAX_LINE_BYTES = 10 * 2 ** 20;
const LINE_FEED = 0x0a;

interface Command {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** The answer that is waited for. */
interface Waiting {
  /** Of `guest-sync`: other answers are late ones, to what was given up. */
  readonly syncId: number | null;
  resolve(line: string): void;
  reject(error: Error): void;
}

export class Agent {
  readonly #channel: ChannelPort;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #waiting: Waiting | null = null;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #inSync = false;
  #syncId = 0;
  #isClosed = false;
  /** Commands, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  /** How long an answer is waited for where a caller does not say. */
  timeoutS: number = AgentTimeout.block;
  #nextSync: () => number;

  /** @param nowMs numbers that a guest which was saved has not seen yet */
  constructor(channel: ChannelPort, nowMs: () => number) {
    this.#channel = channel;
    this.#input = channel.writable.getWriter();
    this.#nextSync = () => Math.max(this.#syncId + 1, Math.floor(nowMs()));
    void this.#listen(channel.readable.getReader());
  }

  /** A program in the guest has the channel open. */
  get isConnected(): boolean {
    return this.#channel.isOpen;
  }

  /** Notices when the guest's program goes away; returns a function that stops it. */
  follow(): () => void {
    return this.#channel.onOpen((isOpen) => {
      if (!isOpen) this.#disappeared();
    });
  }

  /**
   * Runs a command.
   *
   * @throws VmError agentUnresponsive without an answer, internalError where the agent refuses
   */
  async run(
    execute: string,
    args?: Command["arguments"],
    timeoutS = this.timeoutS,
  ): Promise<AgentReply> {
    const command = args === undefined ? { execute } : { execute, arguments: args };
    return AgentReply.of(execute, await this.ask(JSON.stringify(command), timeoutS));
  }

  /** As `run`; null where the agent does not know the command, or has it switched off. */
  async runIfKnown(execute: string): Promise<AgentReply | null> {
    const line = await this.ask(JSON.stringify({ execute }), this.timeoutS);
    return AgentReply.isUnknownCommand(line) ? null : AgentReply.of(execute, line);
  }

  /**
   * Sends a command that is followed by the guest's end: no answer is an answer then.
   *
   * @param ended resolves when the guest has ended
   */
  async runUntil(
    execute: string,
    args: Readonly<Record<string, unknown>>,
    ended: Promise<unknown>,
    timeoutS: number,
  ): Promise<void> {
    const answered = this.run(execute, args, timeoutS);
    answered.catch(() => {});
    await Promise.race([answered, ended]);
  }

  /** Sends a command as it is. @returns the agent's line. @throws VmError agentUnresponsive */
  ask(command: string, timeoutS: number): Promise<string> {
    const turn = this.#queue.then(async () => {
      if (!this.isConnected) throw disappeared();
      await this.#sync(timeoutS);
      return this.#send(command, null, timeoutS);
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** The machine is gone. */
  close(): void {
    this.#isClosed = true;
    this.#disappeared();
  }

  /** What is late of earlier commands is passed over. */
  async #sync(timeoutS: number): Promise<void> {
    if (this.#inSync) return;
    const ownS = this.timeoutS >= 0 ? Math.min(this.timeoutS, DEFAULT_S) : DEFAULT_S;
    this.#syncId = this.#nextSync();
    const text = JSON.stringify({ execute: "guest-sync", arguments: { id: this.#syncId } });
    await this.#send(text, this.#syncId, timeoutS >= 0 ? Math.min(timeoutS, ownS) : ownS);
    this.#inSync = true;
  }

  async #send(text: string, syncId: number | null, timeoutS: number): Promise<string> {
    if (this.#isClosed) throw disappeared();
    const answer = new Promise<string>((resolve, reject) => {
      this.#waiting = { syncId, resolve, reject };
    });
    answer.catch(() => {});
    // The guest takes it when it reads: its answer says that it did.
    void this.#input.write(utf8Bytes(`${text}\n`)).catch(() => this.#disappeared());
    try {
      return await within(timeoutS === AgentTimeout.default ? DEFAULT_S : timeoutS, answer);
    } catch (error) {
      this.#inSync = false;
      throw error;
    } finally {
      this.#waiting = null;
    }
  }

  async #listen(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        this.#received(value);
      }
    } catch {
      // The port ends in an error when the machine dies; its state says why.
    }
  }

  #received(bytes: Uint8Array): void {
    let rest = bytes;
    for (let at = rest.indexOf(LINE_FEED); at >= 0; at = rest.indexOf(LINE_FEED)) {
      this.#parts.push(rest.subarray(0, at));
      const line = utf8Text(concatBytes(this.#parts));
      this.#parts = [];
      this.#partBytes = 0;
      rest = rest.subarray(at + 1);
      this.#heard(line.trim());
    }
    if (rest.length === 0) return;
    this.#parts.push(rest.slice());
    this.#partBytes += rest.length;
    if (this.#partBytes <= MAX_LINE_BYTES) return;
    this.#parts = [];
    this.#partBytes = 0;
    this.#waiting?.reject(
      vmError("internalError", "QEMU guest agent reply exceeds the supported length", QEMU),
    );
  }

  #heard(line: string): void {
    const waiting = this.#waiting;
    if (!waiting || line === "") return;
    if (waiting.syncId === null) return waiting.resolve(line);
    const reply = parsed(line);
    if (isObject(reply) && reply["return"] === waiting.syncId) waiting.resolve(line);
  }

  #disappeared(): void {
    this.#inSync = false;
    this.#parts = [];
    this.#partBytes = 0;
    this.#waiting?.reject(disappeared());
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function disappeared(): Error {
  return vmError("agentUnresponsive", "Guest agent disappeared while executing command", QEMU);
}

/** @throws VmError agentUnresponsive after so many seconds; negative ones are endless */
async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  if (seconds < 0) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(vmError("agentUnresponsive", "Guest agent not available for now", QEMU)),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
