/** `--cloud-init`: what the guest's cloud-init finds on a CD at its first start (its NoCloud source). */
import type { IsoFile } from "../../archive/iso9660/write-iso.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import type { Given } from "../virtinst/arguments.ts";
import type { ToolHost } from "../virtinst/host.ts";
import type { InstallHost } from "./host.ts";
import { CLOUD_INIT, type MethodOptions, methodOptions } from "./method-options.ts";
import { firstLine } from "./secret-files.ts";
import { readHostFile } from "./tree/install-tree.ts";

export interface CloudInit {
  readonly options: MethodOptions;
  /** For root, where options ask for one. */
  readonly generatedPassword: string | undefined;
}

/** @throws ToolError in the real tool's words */
export function parseCloudInit(
  given: Given,
  host: ToolHost,
  warn: (message: string) => void,
): CloudInit | undefined {
  if (!given.has("cloud-init")) return undefined;
  const text = given.text("cloud-init");
  const usual = "root-password-generate=yes,disable=yes";
  if (text === undefined) warn(`Defaulting to --cloud-init ${usual}`);
  const options = methodOptions(CLOUD_INIT, text ?? usual);
  const isAsked = options.get("root-password-generate") === "yes";
  return { options, generatedPassword: isAsked ? newPassword(host) : undefined };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PASSWORD_LENGTH = 16;

function newPassword({ randomBytes }: ToolHost): string {
  let password = "";
  while (password.length < PASSWORD_LENGTH) {
    // Bytes that would make the first letters likelier are left out.
    const fair = randomBytes().filter((byte) => byte < 256 - (256 % LETTERS.length));
    password += fair.map((byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
  }
  return password.slice(0, PASSWORD_LENGTH);
}

/** @throws ToolError, VmError where a file cannot be read */
export async function cloudInitFiles(cloud: CloudInit, host: InstallHost): Promise<IsoFile[]> {
  const whole = async (name: string): Promise<Uint8Array | undefined> => {
    const path = cloud.options.get(name);
    return path === undefined ? undefined : readHostFile(host, path);
  };
  const metaData = (await whole("meta-data")) ?? new Uint8Array(0);
  const userData = (await whole("user-data")) ?? utf8Bytes(await userDataText(cloud, host));
  const network = await whole("network-config");
  return [
    { name: "meta-data", bytes: metaData },
    { name: "user-data", bytes: userData },
    ...(network ? [{ name: "network-config", bytes: network }] : []),
  ];
}

async function userDataText(cloud: CloudInit, host: InstallHost): Promise<string> {
  const { options } = cloud;
  const line = async (name: string): Promise<string | undefined> => {
    const path = options.get(name);
    return path === undefined ? undefined : firstLine(host, path);
  };
  const password = (await line("root-password-file")) ?? cloud.generatedPassword;
  const [rootKey, userKey] = [await line("root-ssh-key"), await line("clouduser-ssh-key")];
  return [
    "#cloud-config\n",
    password === undefined ? "" : passwordPart(password, cloud.generatedPassword !== undefined),
    rootKey === undefined && userKey === undefined ? "" : usersPart(rootKey, userKey),
    options.get("disable") === "yes" ? DISABLE_PART : "",
  ].join("");
}

/** A password that was shown once is to be changed at the first login. */
function passwordPart(password: string, expires: boolean): string {
  return `chpasswd:\n  list: |\n    root:${password}\n  expire: ${expires ? "True" : "False"}\n`;
}

function usersPart(rootKey: string | undefined, userKey: string | undefined): string {
  const keys = (first: string, key: string): string =>
    `  - ${first}ssh_authorized_keys:\n      - ${key}\n`;
  const root = rootKey === undefined ? "" : keys("name: root\n    ", rootKey);
  // `default` is the user that the image comes with.
  const user = userKey === undefined ? "" : keys("name: default\n    ", userKey);
  return `users:\n${root}${user}`;
}

const DISABLE_PART =
  'runcmd:\n  - echo "Disabled by virt-install" > /etc/cloud/cloud-init.disabled\n';
