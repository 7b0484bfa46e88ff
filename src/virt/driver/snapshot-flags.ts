/** Numbers of libvirt's snapshot and checkpoint calls. */

/** `virDomainSnapshotCreateFlags`. */
export const DomainSnapshotCreateFlags = {
  redefine: 1,
  current: 2,
  noMetadata: 4,
  halt: 8,
  diskOnly: 16,
  reuseExt: 32,
  quiesce: 64,
  atomic: 128,
  live: 256,
  validate: 512,
} as const;

/** `virDomainSnapshotListFlags`. */
export const DomainSnapshotListFlags = {
  roots: 1,
  descendants: 1,
  leaves: 4,
  noLeaves: 8,
  metadata: 2,
  noMetadata: 16,
  inactive: 32,
  active: 64,
  diskOnly: 128,
  internal: 256,
  external: 512,
  topological: 1024,
} as const;

/** `virDomainSnapshotRevertFlags`. */
export const DomainSnapshotRevertFlags = {
  running: 1,
  paused: 2,
  force: 4,
  resetNvram: 8,
} as const;

/** `virDomainSnapshotDeleteFlags`. */
export const DomainSnapshotDeleteFlags = {
  children: 1,
  metadataOnly: 2,
  childrenOnly: 4,
} as const;

/** `virDomainCheckpointCreateFlags`. */
export const DomainCheckpointCreateFlags = {
  redefine: 1,
  quiesce: 2,
  redefineValidate: 4,
} as const;

/** `virDomainCheckpointXMLFlags`. */
export const DomainCheckpointXMLFlags = {
  secure: 1,
  noDomain: 2,
  size: 4,
} as const;

/** `virDomainCheckpointListFlags`. */
export const DomainCheckpointListFlags = {
  roots: 1,
  descendants: 1,
  topological: 2,
  leaves: 4,
  noLeaves: 8,
} as const;

/** `virDomainCheckpointDeleteFlags`. */
export const DomainCheckpointDeleteFlags = {
  children: 1,
  metadataOnly: 2,
  childrenOnly: 4,
} as const;
