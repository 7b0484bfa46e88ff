/** Secrets: their definitions, and apart from them their values. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parseSecret, SECRET_USAGE } from "../../conf/secret/parse.ts";
import { SecretUsageType } from "../../driver/host-flags.ts";
import type { SecretRef } from "../../driver/refs.ts";
import { find, textAt, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { QemuPorts } from "./ports.ts";

export const SECRET = { domain: ErrorDomain.secret } as const;

/** A secret that is known; its value may be missing. */
export class SecretObject {
  definition: XmlElement;
  value: Uint8Array | null = null;

  constructor(definition: XmlElement) {
    this.definition = definition;
  }

  get ref(): SecretRef {
    const usage = find(this.definition, "usage");
    const type = usage?.attributes.get("type") ?? "none";
    const element = SECRET_USAGE[type];
    return {
      uuid: textAt(this.definition, "uuid") ?? "",
      usageType: SecretUsageType[type as keyof typeof SecretUsageType] ?? 0,
      usageId: (usage && element !== undefined ? textAt(usage, element) : undefined) ?? "",
    };
  }

  get isEphemeral(): boolean {
    return this.definition.attributes.get("ephemeral") === "yes";
  }

  get isPrivate(): boolean {
    return this.definition.attributes.get("private") === "yes";
  }
}

type Ports = Pick<QemuPorts, "files" | "newUuid">;

export class Secrets {
  readonly #ports: Ports;
  readonly #byUuid = new Map<string, SecretObject>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * Reads what is stored. Values without a definition are removed.
   *
   * @param damaged told each file that is no secret; it is left alone
   */
  async load(damaged: (name: string, error: unknown) => void): Promise<void> {
    const { files } = this.#ports;
    const names = await files.list("secrets");
    const definitions = namesOf(names, ".xml");
    for (const uuid of definitions) {
      try {
        await this.#loadDefinition(uuid);
      } catch (error) {
        damaged(uuid, error);
      }
    }
    for (const uuid of namesOf(names, ".base64")) {
      const path = `secrets/${uuid}.base64`;
      const secret = this.#byUuid.get(uuid);
      // An empty file is no value (libvirt's virSecretLoadValue).
      if (secret) secret.value = fromBase64((await files.read(path)) ?? "");
      else if (!definitions.includes(uuid)) await files.remove(path);
    }
  }

  async #loadDefinition(uuid: string): Promise<void> {
    const { files } = this.#ports;
    const path = `secrets/${uuid}.xml`;
    const text = await files.read(path);
    // What browsers leave of a file that was being made.
    if (text === "") await files.remove(path);
    else if (text !== null) this.#add(parseSecret(text, this.#ports));
  }

  all(): SecretObject[] {
    return [...this.#byUuid.values()];
  }

  /** @throws VmError noSecret */
  get({ uuid }: Pick<SecretRef, "uuid">): SecretObject {
    const found = this.#byUuid.get(uuid);
    if (!found) throw vmError("noSecret", `no secret with matching uuid '${uuid}'`, SECRET);
    return found;
  }

  /** @throws VmError noSecret */
  byUsage(usageType: number, usageId: string): SecretObject {
    const found = this.all().find(
      ({ ref }) => ref.usageType === usageType && ref.usageId === usageId,
    );
    if (!found) throw vmError("noSecret", `no secret with matching usage '${usageId}'`, SECRET);
    return found;
  }

  /**
   * What unlocks something. Private values are for this alone.
   *
   * @throws VmError noSecret where there is none, or it has no value
   */
  valueFor(usageType: number, uuid: string | undefined, usageId = ""): Uint8Array {
    const secret = uuid === undefined ? this.byUsage(usageType, usageId) : this.get({ uuid });
    if (secret.value) return secret.value;
    throw vmError("noSecret", `secret '${secret.ref.uuid}' does not have a value`, SECRET);
  }

  /** @throws VmError internalError where the usage or the UUID is another secret's */
  async define(xml: string): Promise<SecretObject> {
    const secret = new SecretObject(parseSecret(xml, this.#ports));
    const { uuid, usageType, usageId } = secret.ref;
    const old = this.#byUuid.get(uuid);
    if (old && (old.ref.usageId !== usageId || old.ref.usageType !== usageType)) {
      throw vmError(
        "internalError",
        `a secret with UUID ${uuid} is already defined for use with ${old.ref.usageId}`,
        SECRET,
      );
    }
    const namesake = this.all().find(
      ({ ref }) => usageType !== 0 && ref.usageType === usageType && ref.usageId === usageId,
    );
    if (namesake && namesake !== old) {
      throw vmError(
        "internalError",
        `a secret with UUID ${namesake.ref.uuid} already defined for use with ${usageId}`,
        SECRET,
      );
    }
    if (old?.isPrivate === true && !secret.isPrivate) {
      throw vmError("operationDenied", "cannot change private flag on existing secret", SECRET);
    }
    await this.#store(secret, old);
    return this.#add(secret.definition);
  }

  async setValue(secret: SecretObject, value: Uint8Array): Promise<void> {
    if (!secret.isEphemeral) {
      await this.#ports.files.write(`secrets/${secret.ref.uuid}.base64`, toBase64(value));
    }
    secret.value = value;
  }

  async undefine(secret: SecretObject): Promise<void> {
    const { uuid } = secret.ref;
    // A value without its definition is swept up at the next start.
    await this.#ports.files.remove(`secrets/${uuid}.xml`);
    this.#byUuid.delete(uuid);
    await this.#ports.files.remove(`secrets/${uuid}.base64`);
  }

  /** Ephemeral secrets are in no file. */
  async #store(secret: SecretObject, old: SecretObject | undefined): Promise<void> {
    const { uuid } = secret.ref;
    const { files } = this.#ports;
    if (!secret.isEphemeral) {
      return files.write(`secrets/${uuid}.xml`, formatXml(secret.definition));
    }
    if (old && !old.isEphemeral) await this.undefine(old);
  }

  #add(definition: XmlElement): SecretObject {
    const added = new SecretObject(definition);
    added.value = this.#byUuid.get(added.ref.uuid)?.value ?? null;
    this.#byUuid.set(added.ref.uuid, added);
    return added;
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function namesOf(files: readonly string[], ending: string): string[] {
  return files.filter((each) => each.endsWith(ending)).map((each) => each.slice(0, -ending.length));
}

/** Null where it is none. */
function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/=\s]*\S/.test(text)) return null;
  return Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0));
}
