import type { PoolDefinition } from "./pool.ts";
import type { PoolStore } from "./ports.ts";

/** Pools that last as long as the connection. */
export class SessionPools implements PoolStore {
  readonly #pools = new Map<string, PoolDefinition>();

  /** Every time is the first. */
  async load(): Promise<null> {
    return null;
  }

  async save(definition: PoolDefinition): Promise<void> {
    this.#pools.set(definition.uuid, definition);
  }

  async remove(uuid: string): Promise<void> {
    this.#pools.delete(uuid);
  }

  /** Nobody else sees them. */
  touch(): void {}

  watch(): void {}
}
