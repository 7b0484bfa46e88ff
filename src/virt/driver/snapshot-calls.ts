/** What a driver can do with snapshots and checkpoints of domains; see `domain-calls.ts`. */
import type { CheckpointRef, DomainRef, SnapshotRef } from "./refs.ts";

export interface SnapshotCalls {
  domainSnapshotCreateXML(domain: DomainRef, xml: string, flags: number): Promise<SnapshotRef>;
  domainSnapshotGetXMLDesc(snapshot: SnapshotRef, flags: number): Promise<string>;
  domainListAllSnapshots(domain: DomainRef, flags: number): Promise<readonly SnapshotRef[]>;
  domainSnapshotListAllChildren(
    snapshot: SnapshotRef,
    flags: number,
  ): Promise<readonly SnapshotRef[]>;
  domainSnapshotLookupByName(domain: DomainRef, name: string, flags: number): Promise<SnapshotRef>;
  domainHasCurrentSnapshot(domain: DomainRef, flags: number): Promise<boolean>;
  domainSnapshotCurrent(domain: DomainRef, flags: number): Promise<SnapshotRef>;
  domainSnapshotIsCurrent(snapshot: SnapshotRef, flags: number): Promise<boolean>;
  domainSnapshotHasMetadata(snapshot: SnapshotRef, flags: number): Promise<boolean>;
  domainSnapshotGetParent(snapshot: SnapshotRef, flags: number): Promise<SnapshotRef>;
  domainRevertToSnapshot(snapshot: SnapshotRef, flags: number): Promise<void>;
  domainSnapshotDelete(snapshot: SnapshotRef, flags: number): Promise<void>;

  domainCheckpointCreateXML(domain: DomainRef, xml: string, flags: number): Promise<CheckpointRef>;
  domainCheckpointGetXMLDesc(checkpoint: CheckpointRef, flags: number): Promise<string>;
  domainListAllCheckpoints(domain: DomainRef, flags: number): Promise<readonly CheckpointRef[]>;
  domainCheckpointListAllChildren(
    checkpoint: CheckpointRef,
    flags: number,
  ): Promise<readonly CheckpointRef[]>;
  domainCheckpointLookupByName(
    domain: DomainRef,
    name: string,
    flags: number,
  ): Promise<CheckpointRef>;
  domainCheckpointGetParent(checkpoint: CheckpointRef, flags: number): Promise<CheckpointRef>;
  domainCheckpointDelete(checkpoint: CheckpointRef, flags: number): Promise<void>;
  domainBackupBegin(
    domain: DomainRef,
    backupXml: string,
    checkpointXml: string | null,
    flags: number,
  ): Promise<void>;
  domainBackupGetXMLDesc(domain: DomainRef, flags: number): Promise<string>;
}
