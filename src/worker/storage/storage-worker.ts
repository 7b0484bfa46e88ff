import type { StorageService } from "../../protocol/storage-service.ts";
import { checkVersion } from "../../protocol/rpc.ts";
import { StorageEngine } from "./storage-engine.ts";
import type { StorageHost } from "./storage-host.ts";

/** The engine as a worker of its own offers it. */
export class StorageWorker extends StorageEngine implements StorageService {
  readonly #signOfLife: Promise<string>;

  /** @param signOfLife see Handshake */
  constructor(host: StorageHost, signOfLife: Promise<string>) {
    super(host);
    this.#signOfLife = signOfLife;
  }

  handshake(version: number): Promise<string> {
    checkVersion(version);
    return this.#signOfLife;
  }
}
