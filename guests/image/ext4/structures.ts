/**
 * On-disk structures of ext4 as far as an image that was just made uses them: Linux,
 * Documentation/filesystems/ext4/. Names follow the kernel's, without their prefixes.
 */

export const BLOCK_BYTES = 4096;
export const SUPERBLOCK_AT = 1024;
export const SUPERBLOCK_BYTES = 1024;
export const INODE_BYTES = 256;
/** s_desc_size with the 64bit feature. */
export const DESCRIPTOR_BYTES = 64;
/** A group's bitmap is one block. */
export const BLOCKS_PER_GROUP = 8 * BLOCK_BYTES;
/** i_block. */
export const INODE_DATA_BYTES = 60;
/** Bytes after the first 128 of an inode that hold fixed fields (i_extra_isize). */
export const EXTRA_ISIZE = 32;

export const SUPERBLOCK = {
  inodes_count: [0x00, 4],
  blocks_count: [0x04, 4, 0x150],
  r_blocks_count: [0x08, 4, 0x154],
  free_blocks_count: [0x0c, 4, 0x158],
  free_inodes_count: [0x10, 4],
  log_block_size: [0x18, 4],
  log_cluster_size: [0x1c, 4],
  blocks_per_group: [0x20, 4],
  clusters_per_group: [0x24, 4],
  inodes_per_group: [0x28, 4],
  wtime: [0x30, 4, 0x274, 2],
  max_mnt_count: [0x36, 2],
  magic: [0x38, 2],
  state: [0x3a, 2],
  errors: [0x3c, 2],
  lastcheck: [0x40, 4],
  rev_level: [0x4c, 4],
  first_ino: [0x54, 4],
  inode_size: [0x58, 2],
  block_group_nr: [0x5a, 2],
  feature_compat: [0x5c, 4],
  feature_incompat: [0x60, 4],
  feature_ro_compat: [0x64, 4],
  journal_inum: [0xe0, 4],
  def_hash_version: [0xfc, 1],
  jnl_backup_type: [0xfd, 1],
  desc_size: [0xfe, 2],
  default_mount_opts: [0x100, 4],
  mkfs_time: [0x108, 4],
  min_extra_isize: [0x15c, 2],
  want_extra_isize: [0x15e, 2],
  flags: [0x160, 4],
  log_groups_per_flex: [0x174, 1],
  checksum_type: [0x175, 1],
  checksum: [0x3fc, 4],
} as const;

/** Fields of the superblock that are no numbers: their offsets. */
export const SuperblockAt = {
  uuid: 0x68,
  volumeName: 0x78,
  hashSeed: 0xec,
  /** i_block of the journal's inode, then its size: upper half, lower half. */
  journalBackup: 0x10c,
} as const;

export const DESCRIPTOR = {
  block_bitmap: [0x00, 4, 0x20],
  inode_bitmap: [0x04, 4, 0x24],
  inode_table: [0x08, 4, 0x28],
  free_blocks_count: [0x0c, 2, 0x2c, 2],
  free_inodes_count: [0x0e, 2, 0x2e, 2],
  used_dirs_count: [0x10, 2, 0x30, 2],
  flags: [0x12, 2],
  block_bitmap_csum: [0x18, 2, 0x38, 2],
  inode_bitmap_csum: [0x1a, 2, 0x3a, 2],
  itable_unused: [0x1c, 2, 0x32, 2],
  checksum: [0x1e, 2],
} as const;

export const INODE = {
  mode: [0x00, 2],
  uid: [0x02, 2, 0x78, 2],
  size: [0x04, 4, 0x6c],
  atime: [0x08, 4],
  ctime: [0x0c, 4],
  mtime: [0x10, 4],
  gid: [0x18, 2, 0x7a, 2],
  links_count: [0x1a, 2],
  blocks: [0x1c, 4, 0x74, 2],
  flags: [0x20, 4],
  file_acl: [0x68, 4, 0x76, 2],
  extra_isize: [0x80, 2],
  checksum: [0x7c, 2, 0x82, 2],
  ctime_extra: [0x84, 4],
  mtime_extra: [0x88, 4],
  atime_extra: [0x8c, 4],
  crtime: [0x90, 4],
  crtime_extra: [0x94, 4],
} as const;

export const InodeAt = { block: 0x28 } as const;

export const EXTENT_HEADER = {
  magic: [0, 2],
  entries: [2, 2],
  max: [4, 2],
  depth: [6, 2],
} as const;
export const EXTENT_MAGIC = 0xf30a;
export const EXTENT_ENTRY_BYTES = 12;

/** An entry of a leaf. */
export const EXTENT = {
  block: [0, 4],
  len: [4, 2],
  start: [8, 4, 6, 2],
} as const;

/** An entry of an inner node. */
export const EXTENT_INDEX = {
  block: [0, 4],
  leaf: [4, 4, 8, 2],
} as const;

export const XATTR_ENTRY = {
  name_len: [0, 1],
  name_index: [1, 1],
  value_offs: [2, 2],
  value_size: [8, 4],
  hash: [12, 4],
} as const;
export const XATTR_ENTRY_BYTES = 16;
export const XATTR_MAGIC = 0xea020000;

/** Header of a block of extended attributes. */
export const XATTR_HEADER = {
  magic: [0, 4],
  refcount: [4, 4],
  blocks: [8, 4],
  hash: [12, 4],
  checksum: [16, 4],
} as const;
export const XATTR_HEADER_BYTES = 32;

/** Inode numbers with a meaning. */
export const Ino = { root: 2, journal: 8, first: 11 } as const;

/** File type bits of i_mode, and the type in a directory entry. */
export const FileType = {
  fifo: { mode: 0o010000, entry: 5 },
  character: { mode: 0o020000, entry: 3 },
  directory: { mode: 0o040000, entry: 2 },
  block: { mode: 0o060000, entry: 4 },
  file: { mode: 0o100000, entry: 1 },
  symlink: { mode: 0o120000, entry: 7 },
  socket: { mode: 0o140000, entry: 6 },
} as const;

export const InodeFlag = { extents: 0x80000 } as const;
export const GroupFlag = { inodeUninit: 1, blockUninit: 2, inodeZeroed: 4 } as const;

/** What mke2fs sets too, save for resize_inode: such a file system grows by meta_bg instead. */
export const Feature = {
  compat: { hasJournal: 0x4, extAttr: 0x8, dirIndex: 0x20 },
  incompat: { filetype: 0x2, extents: 0x40, "64bit": 0x80, flexBg: 0x200 },
  roCompat: {
    sparseSuper: 0x1,
    largeFile: 0x2,
    hugeFile: 0x8,
    dirNlink: 0x20,
    extraIsize: 0x40,
    metadataCsum: 0x400,
  },
} as const;
