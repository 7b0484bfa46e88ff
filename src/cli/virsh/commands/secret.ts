/** The commands on secrets. */
import { ErrorCode, VmError, vmError } from "../../../protocol/vm-error.ts";
import { base64Bytes, base64Text } from "../../../util/base64.ts";
import type { SecretRef } from "../../../virt/driver/refs.ts";
import { ConnectListAllSecretsFlags as List } from "../../../virt/driver/host-flags.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { compareCaseless } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { SECRET } from "../tables/secret.ts";
import { flagBits, readText } from "./common.ts";
import { watchEvents } from "./events.ts";
import { findSecret } from "./lookup.ts";
import { printXml } from "./xpath.ts";

/** `virSecretUsageType` in words. */
const USAGES = ["none", "volume", "ceph", "iscsi", "tls", "vtpm"];

export const SECRET_RUNS: Runs<typeof SECRET> = {
  "secret-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const secret = await session.attempt("Failed to set attributes from " + file, () =>
      connect.secretDefineXML(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Secret ${secret.uuid} created\n`);
  },
  "secret-dumpxml": async (session, command) => {
    const secret = await secretOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.secretGetXMLDesc(secret, 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "secret-event": async (session, command) => {
    const name = command.text("secret");
    return watchEvents(session, command, "secret", async () => {
      if (name !== undefined) return findSecret(session, name);
      const connect = await session.connect();
      await connect.connectListAllSecrets(0).catch((error: unknown) => {
        if (!isUnsupported(error)) throw error;
        throw vmError("noSupport", "virConnectSecretEventRegisterAny");
      });
      return undefined;
    });
  },
  "secret-get-value": async (session, command) => {
    const secret = await secretOf(session, command);
    const connect = await session.connect();
    const value = await connect.secretGetValue(secret, 0);
    session.print(command.has("plain") ? utf8Text(value) : base64Text(value));
  },
  "secret-list": async (session, command) => {
    const flags = flagBits(command, {
      ephemeral: List.ephemeral,
      "no-ephemeral": List.noEphemeral,
      private: List.private,
      "no-private": List.noPrivate,
    });
    const connect = await session.connect();
    const secrets = await session.attempt("Failed to count secrets", () =>
      connect.connectListAllSecrets(flags).catch((error: unknown) => {
        if (flags === 0 || !isUnsupported(error)) throw error;
        throw new CommandError("Filtering is not supported by this libvirt");
      }),
    );
    const rows = secrets
      .toSorted((a, b) => compareCaseless(a.uuid, b.uuid))
      .map(({ uuid, usageType, usageId }) => {
        const usage = USAGES[usageType] ?? "unknown";
        return [uuid, usageType === 0 ? "Unused" : `${usage} ${usageId}`];
      });
    session.print(formatTable(["UUID", "Usage"], rows, !session.options.quiet));
  },
  "secret-set-value": async (session, command) => {
    command.exclusive("file", "base64");
    command.exclusive("plain", "base64");
    command.exclusive("interactive", "base64");
    command.exclusive("interactive", "plain");
    command.exclusive("interactive", "file");
    const secret = await secretOf(session, command);
    const value = await valueOf(session, command);
    const connect = await session.connect();
    await session.attempt("Failed to set secret value", () =>
      connect.secretSetValue(secret, value, 0),
    );
    session.printExtra("Secret value set\n");
  },
  "secret-undefine": async (session, command) => {
    const secret = await secretOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to delete secret ${secret.uuid}`, () =>
      connect.secretUndefine(secret),
    );
    session.printExtra(`Secret ${secret.uuid} deleted\n`);
  },
};

function isUnsupported(error: unknown): boolean {
  return error instanceof VmError && error.code === ErrorCode.noSupport;
}

function secretOf(
  session: Session,
  command: { required(name: "secret"): string },
): Promise<SecretRef> {
  return findSecret(session, command.required("secret"));
}

/** The secret's value: of the command line, of a file, or typed. */
async function valueOf(
  session: Session,
  command: Command<(typeof SECRET)["secret-set-value"]>,
): Promise<Uint8Array> {
  const base64 = command.text("base64");
  const file = command.text("file");
  if (base64 === undefined && file === undefined) {
    if (!command.has("interactive")) throw new CommandError("Input secret value is missing");
    const line = await session.host.readLine("Enter new value for secret:");
    if (line === null) throw new CommandError("Failed to read secret");
    return utf8Bytes(line);
  }
  if (base64 !== undefined) {
    session.error("Passing secret value as command-line argument is insecure!");
  }
  const given = file === undefined ? utf8Bytes(base64 ?? "") : await session.host.readFile(file);
  if (command.has("plain")) return given;
  const decoded = base64Bytes(utf8Text(given).trim());
  if (decoded === null) throw new CommandError("Invalid base64 data");
  return decoded;
}
