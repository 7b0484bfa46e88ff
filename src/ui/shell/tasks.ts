/** What the page does for its user just now and did lately: the task log's contents. */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";

export interface TaskProgress {
  readonly doneBytes: number;
  /** More than 0. */
  readonly totalBytes: number;
}

export interface Task {
  readonly id: number;
  readonly title: string;
  /** The UUID of the domain or pool that it is about; null where it is about none. */
  readonly subject: string | null;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Null while nobody can tell. */
  readonly progress: TaskProgress | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Why it failed, in libvirt's words. */
  readonly error: string | null;
  /** Absent where it cannot be given up. */
  readonly cancel?: () => void;
}

/** What work may tell while it is under way. */
export interface TaskControl {
  /** Bytes that are done, of how many. */
  progress(done: number, total: number): void;
  /** Aborted when the user gives it up. */
  readonly signal: AbortSignal;
}

export interface TaskOptions {
  readonly title: string;
  /** The UUID of the domain or pool that it is about. */
  readonly subject?: string;
  readonly canCancel?: boolean;
  /** Makes the sentence for an error. */
  readonly errorText: (error: unknown) => string;
}

/** Whether the error is that of work which its user gave up, and so knows of. */
export function wasGivenUp(error: unknown): boolean {
  if (error instanceof VmError) return error.code === ErrorCode.operationAborted;
  return error instanceof DOMException && error.name === "AbortError";
}

/** Ended tasks that are kept. */
const KEPT = 50;

export class Tasks {
  #list: readonly Task[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  /** Newest first. The array is a new one after every change, and only then. */
  readonly get = (): readonly Task[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Does work as a task. @throws what the work throws */
  async run<T>(options: TaskOptions, work: (control: TaskControl) => Promise<T>): Promise<T> {
    const id = ++this.#lastId;
    const abort = new AbortController();
    const task: Task = {
      id,
      title: options.title,
      subject: options.subject ?? null,
      state: "running",
      progress: null,
      startedAtMs: Date.now(),
      endedAtMs: null,
      error: null,
      ...(options.canCancel === true && { cancel: () => abort.abort() }),
    };
    this.#set([task, ...this.#list]);
    const progress = (doneBytes: number, totalBytes: number): void =>
      this.#change(id, { progress: totalBytes > 0 ? { doneBytes, totalBytes } : null });
    try {
      const result = await work({ progress, signal: abort.signal });
      this.#end(id, { state: "done" });
      return result;
    } catch (error) {
      const state = abort.signal.aborted ? "cancelled" : "failed";
      this.#end(id, { state, error: state === "failed" ? options.errorText(error) : null });
      throw error;
    }
  }

  /** Forgets those that ended. */
  clear(): void {
    this.#set(this.#list.filter(({ state }) => state === "running"));
  }

  #end(id: number, how: Partial<Task>): void {
    this.#change(id, { ...how, endedAtMs: Date.now() });
    const ended = this.#list.filter(({ state }) => state !== "running");
    const excess = new Set(ended.slice(KEPT));
    if (excess.size > 0) this.#set(this.#list.filter((task) => !excess.has(task)));
  }

  #change(id: number, change: Partial<Task>): void {
    this.#set(this.#list.map((task) => (task.id === id ? { ...task, ...change } : task)));
  }

  #set(list: readonly Task[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
