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
   * @param path what the user calls it
   * @returns gives the access back; to be called once
   * @throws StorageError with QEMU's words
   */
  acquire(identity: string, access: Access, path: string): () => void {
    const users = this.#users.get(identity) ?? [];
    for (const other of users) {
      const refused = (access.write && !other.share) || (other.write && !access.share);
      if (refused) throw lockRefused(access.write, path);
    }
    users.push(access);
    this.#users.set(identity, users);
    return () => {
      users.splice(users.indexOf(access), 1);
      if (users.length === 0) this.#users.delete(identity);
    };
  }
}

/** What QEMU says when others use the file at `path`. */
export function lockRefused(write: boolean, path: string): StorageError {
  const kind = write ? '"write"' : 'shared "write"';
  const hint = `Is another process using the image [${path}]?`;
  return new StorageError("EACCES", `Failed to get ${kind} lock\n${hint}`);
}
