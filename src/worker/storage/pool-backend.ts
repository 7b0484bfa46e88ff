/** What each type of pool does in its own way. */
import type {
  PoolBuildOptions,
  PoolContents,
  PoolSpec,
  VolumeRecord,
  VolumeRequest,
} from "../../protocol/storage-service.ts";
import type { Job } from "./jobs.ts";

export interface PoolBackend {
  build(pool: PoolSpec, options: PoolBuildOptions): Promise<void>;
  start(pool: PoolSpec): Promise<void>;
  scan(pool: PoolSpec): Promise<PoolContents>;
  deletePool(pool: PoolSpec): Promise<void>;
  stat(pool: PoolSpec, name: string): Promise<VolumeRecord>;
  /** Makes a volume; nothing of it is left when that fails. */
  create(pool: PoolSpec, request: VolumeRequest, job: Job): Promise<void>;
  remove(pool: PoolSpec, volume: VolumeRecord): Promise<void>;
  /** Gives a raw volume another length, and takes space for the new part when it is to. */
  resizeRaw(
    pool: PoolSpec,
    volume: VolumeRecord,
    bytes: number,
    allocate: Job | null,
  ): Promise<void>;
}
