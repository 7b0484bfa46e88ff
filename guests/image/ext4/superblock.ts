import { crc32c } from "./crc32c.ts";
import { pack } from "./fields.ts";
import { LOG_GROUPS_PER_FLEX, type Geometry } from "./geometry.ts";
import {
  BLOCKS_PER_GROUP,
  DESCRIPTOR_BYTES,
  EXTRA_ISIZE,
  Feature,
  INODE_BYTES,
  Ino,
  SUPERBLOCK,
  SUPERBLOCK_BYTES,
  SuperblockAt,
} from "./structures.ts";

/** What a superblock says beside the disk's division. */
export interface SuperblockFacts {
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /** 16 bytes: makes directory hashes unpredictable. */
  readonly hashSeed: Uint8Array;
  /** At most 16 bytes. */
  readonly label: string;
  readonly timeSeconds: number;
  /** Blocks that only root may fill. */
  readonly reservedBlocks: number;
  readonly freeBlocks: number;
  readonly freeInodes: number;
  /** i_block and size of the journal, from which fsck can make its inode again. */
  readonly journal: { readonly iBlock: Uint8Array; readonly sizeBytes: number };
}

const MAGIC = 0xef53;
const STATE_CLEAN = 1;
const ON_ERROR_CONTINUE = 1;
const REVISION_DYNAMIC = 1;
const LOG_BLOCK_SIZE = 2; // 1 KiB << 2
const NEVER = 0xffff;
const HASH_HALF_MD4 = 1;
const BACKUP_OF_INODE = 1;
const CHECKSUM_CRC32C = 1;
/** Hashes of names take bytes as signed numbers, as on the machines that most disks are made on. */
const FLAG_SIGNED_HASH = 1;
const MOUNT_XATTR_AND_ACL = 0x4 | 0x8;

/** The superblock, or its backup at the beginning of `group`. */
export function encodeSuperblock(
  geometry: Geometry,
  facts: SuperblockFacts,
  group: number,
): Uint8Array {
  const bytes = new Uint8Array(SUPERBLOCK_BYTES);
  const { timeSeconds } = facts;
  pack(bytes, 0, SUPERBLOCK, {
    inodes_count: geometry.inodesPerGroup * geometry.groups.length,
    blocks_count: geometry.blocks,
    r_blocks_count: facts.reservedBlocks,
    free_blocks_count: facts.freeBlocks,
    free_inodes_count: facts.freeInodes,
    log_block_size: LOG_BLOCK_SIZE,
    log_cluster_size: LOG_BLOCK_SIZE,
    blocks_per_group: BLOCKS_PER_GROUP,
    clusters_per_group: BLOCKS_PER_GROUP,
    inodes_per_group: geometry.inodesPerGroup,
    wtime: timeSeconds,
    max_mnt_count: NEVER,
    magic: MAGIC,
    state: STATE_CLEAN,
    errors: ON_ERROR_CONTINUE,
    lastcheck: timeSeconds,
    rev_level: REVISION_DYNAMIC,
    first_ino: Ino.first,
    inode_size: INODE_BYTES,
    block_group_nr: group,
    feature_compat: union(Feature.compat),
    feature_incompat: union(Feature.incompat),
    feature_ro_compat: union(Feature.roCompat),
    journal_inum: Ino.journal,
    def_hash_version: HASH_HALF_MD4,
    jnl_backup_type: BACKUP_OF_INODE,
    desc_size: DESCRIPTOR_BYTES,
    default_mount_opts: MOUNT_XATTR_AND_ACL,
    mkfs_time: timeSeconds,
    min_extra_isize: EXTRA_ISIZE,
    want_extra_isize: EXTRA_ISIZE,
    flags: FLAG_SIGNED_HASH,
    log_groups_per_flex: LOG_GROUPS_PER_FLEX,
    checksum_type: CHECKSUM_CRC32C,
  });
  addBytes(bytes, facts);
  pack(bytes, 0, SUPERBLOCK, { checksum: crc32c(0xffffffff, bytes.subarray(0, 0x3fc)) });
  return bytes;
}

function addBytes(bytes: Uint8Array, { uuid, label, hashSeed, journal }: SuperblockFacts): void {
  bytes.set(uuid, SuperblockAt.uuid);
  bytes.set(Buffer.from(label, "utf8").subarray(0, 16), SuperblockAt.volumeName);
  bytes.set(hashSeed, SuperblockAt.hashSeed);
  bytes.set(journal.iBlock, SuperblockAt.journalBackup);
  const view = new DataView(bytes.buffer, SuperblockAt.journalBackup + journal.iBlock.length);
  view.setUint32(0, Math.floor(journal.sizeBytes / 2 ** 32), true);
  view.setUint32(4, journal.sizeBytes, true);
}

function union(flags: Readonly<Record<string, number>>): number {
  return Object.values(flags).reduce((all, flag) => all | flag, 0);
}
