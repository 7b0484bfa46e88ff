/**
 * Version of the interfaces between page, machine worker and hart worker. Each side sends its own at
 * the handshake, so that a page with a stale cached worker fails with a sentence and not in a way
 * that nobody understands. Raise it with every change to the files of this room.
 */
export const PROTOCOL_VERSION = 7;

/** What a service answers to a handshake that it accepts. */
export interface Handshake {
  /**
   * @returns the worker's sign of life, for `WorkerHandle.watch`; empty where the host tells of
   * every worker's end by itself
   */
  handshake(version: number): Promise<string>;
}
