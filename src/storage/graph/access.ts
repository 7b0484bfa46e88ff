import { StorageError } from "../errors.ts";

/** How an image is used: two writers, or a writer beside a reader who counts on its contents. */
export interface Access {
  readonly write: boolean;
  /** Lets others write at the same time (qemu-img's `-U`). */
  readonly share: boolean;
}

/**
 * Who uses which file in this process. As under QEMU an image has one writer, and none while
 * someone reads it, unless all of them agreed to share.
 */
export class AccessTable {
  readonly #users = new Map<string, Access[]>();

  /**
   * @param identity one text for all names of the file
   * @returns gives the access back; to be called once
   * @throws StorageError with QEMU's words
   */
  acquire(identity: string, access: Access): () => void {
    const users = this.#users.get(identity) ?? [];
    for (const other of users) {
      if (access.write && !other.share) throw refused("write");
      if (other.write && !access.share) throw refused(access.write ? "write" : 'shared "write"');
    }
    users.push(access);
    this.#users.set(identity, users);
    return () => {
      users.splice(users.indexOf(access), 1);
      if (users.length === 0) this.#users.delete(identity);
    };
  }
}

function refused(kind: string): StorageError {
  const name = kind.includes('"') ? kind : `"${kind}"`;
  return new StorageError("EACCES", `Failed to get ${name} lock`);
}
