/**
 * What a connection and the host of its driver say to each other, as plain data that survives
 * structured cloning. The channel keeps messages whole and in order.
 */
import type { VmErrorData } from "../../protocol/vm-error.ts";

/** Raised when messages, or what a call takes or answers, change; which calls there are, the host tells. */
export const REMOTE_VERSION = 1;

/** Two ends of a socket or of a message port. */
export interface Channel<In, Out> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  /** Called once, when the other end is gone or `close` was called. */
  onClose(listener: () => void): void;
  close(): void;
}

/** An argument: data, or something that lives at the caller's. */
export type Argument =
  | { readonly kind: "data"; readonly value: unknown }
  | { readonly kind: "stream"; readonly id: number }
  | { readonly kind: "listener"; readonly id: number };

/** What happens on a stream, in either direction. */
export type StreamPart =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "hole"; readonly lengthBytes: number }
  /** The sender reads: what it is to read may come now. */
  | { readonly kind: "want" }
  /** All was sent. */
  | { readonly kind: "finish" }
  /** All that the other end sent was taken. */
  | { readonly kind: "finished" }
  /** This much of what the other end sent was taken. */
  | { readonly kind: "credit"; readonly bytes: number }
  | { readonly kind: "abort" };

export interface StreamMessage {
  readonly type: "stream";
  readonly id: number;
  readonly part: StreamPart;
}

export type ToServer =
  | { readonly type: "hello"; readonly version: number; readonly path: string }
  | {
      readonly type: "call";
      readonly id: number;
      readonly name: string;
      readonly args: readonly Argument[];
    }
  /** The listener hears nothing more. */
  | { readonly type: "drop"; readonly listener: number }
  | StreamMessage;

export type ToClient =
  /** `calls` are those that the driver has. */
  | { readonly type: "welcome"; readonly calls: readonly string[] }
  | { readonly type: "refused"; readonly error: VmErrorData }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: VmErrorData }
  | { readonly type: "event"; readonly listener: number; readonly event: unknown }
  | StreamMessage;
