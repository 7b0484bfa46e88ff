import { StorageError } from "../errors.ts";
import { KEY_SLOTS } from "./luks-header.ts";
import { DEFAULT_ITER_TIME_MS, type LuksVolume } from "./luks-volume.ts";
import { type Keys, passwordOf } from "./secrets.ts";

/** A change of key slots, as `amend` takes it; secrets by their ids. */
export interface SlotChange {
  readonly state: string | undefined;
  readonly newSecret: string | undefined;
  readonly oldSecret: string | undefined;
  readonly keyslot: number | undefined;
  readonly iterTimeMs: number | undefined;
  /** Does what loses data, too. */
  readonly force: boolean;
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * Gives key slots a password, or takes theirs.
 *
 * @param key the volume's key
 * @throws StorageError with QEMU's words
 */
export async function changeSlots(
  volume: LuksVolume,
  key: Uint8Array,
  change: SlotChange,
  keys: Keys,
): Promise<void> {
  if (change.state === undefined) throw invalid("Parameter 'state' is missing");
  if (change.state === "active") return addSlot(volume, key, change, keys);
  if (change.state === "inactive") return eraseSlots(volume, change, keys);
  throw invalid(`Parameter 'state' does not accept value '${change.state}'`);
}

async function addSlot(
  volume: LuksVolume,
  key: Uint8Array,
  { newSecret, oldSecret, keyslot, iterTimeMs, force }: SlotChange,
  { secrets }: Keys,
): Promise<void> {
  const { slots } = volume.header;
  if (newSecret === undefined) throw invalid("'new-secret' is required to activate a keyslot");
  if (oldSecret !== undefined)
    throw invalid("'old-secret' must not be given when activating keyslots");
  if (keyslot !== undefined) {
    demandSlot(keyslot);
    if (slots[keyslot]?.active === true && !force) {
      throw invalid(`Refusing to overwrite active keyslot ${keyslot} - please erase it first`);
    }
  }
  const index = keyslot ?? slots.findIndex(({ active }) => !active);
  if (index < 0) throw invalid("Can't add a keyslot - all keyslots are in use");
  const password = passwordOf(secrets, newSecret);
  await volume.fillSlot(index, key, password, iterTimeMs ?? DEFAULT_ITER_TIME_MS);
}

async function eraseSlots(volume: LuksVolume, change: SlotChange, keys: Keys): Promise<void> {
  const { newSecret, oldSecret, keyslot, iterTimeMs } = change;
  if (newSecret !== undefined)
    throw invalid("'new-secret' must not be given when erasing keyslots");
  if (iterTimeMs !== undefined)
    throw invalid("'iter-time' must not be given when erasing keyslots");
  const old = oldSecret === undefined ? undefined : passwordOf(keys.secrets, oldSecret);
  if (keyslot !== undefined) return eraseOne(volume, keyslot, old, change.force);
  if (old !== undefined) return eraseMatching(volume, old, change.force);
  throw invalid(
    "To erase keyslot(s), either explicit keyslot index or the password currently contained in " +
      "them must be given",
  );
}

async function eraseOne(
  volume: LuksVolume,
  keyslot: number,
  old: Uint8Array | undefined,
  force: boolean,
): Promise<void> {
  const { slots } = volume.header;
  demandSlot(keyslot);
  if (old !== undefined && (await volume.keyInSlot(keyslot, old)) === undefined) {
    throw invalid(
      `Given keyslot ${keyslot} doesn't contain the given old password for erase operation`,
    );
  }
  if (slots[keyslot]?.active !== true && !force)
    throw invalid(`Given keyslot ${keyslot} is already erased (inactive) `);
  if (slots.filter(({ active }) => active).length === 1 && !force) {
    throw invalid(
      `Attempt to erase the only active keyslot ${keyslot} which will erase all the data in the ` +
        "image irreversibly - refusing operation",
    );
  }
  await volume.eraseSlot(keyslot);
}

async function eraseMatching(volume: LuksVolume, old: Uint8Array, force: boolean): Promise<void> {
  const { slots } = volume.header;
  const matching: number[] = [];
  for (const index of slots.keys()) {
    if ((await volume.keyInSlot(index, old)) !== undefined) matching.push(index);
  }
  if (matching.length === 0)
    throw invalid("No keyslots match given (old) password for erase operation");
  if (matching.length === slots.filter(({ active }) => active).length && !force) {
    throw invalid(
      "All the active keyslots match the (old) password that was given and erasing them will " +
        "erase all the data in the image irreversibly - refusing operation",
    );
  }
  for (const index of matching) await volume.eraseSlot(index);
}

function demandSlot(keyslot: number): void {
  if (keyslot >= 0 && keyslot < KEY_SLOTS) return;
  throw invalid(`Invalid keyslot ${keyslot} specified, must be between 0 and ${KEY_SLOTS - 1}`);
}
