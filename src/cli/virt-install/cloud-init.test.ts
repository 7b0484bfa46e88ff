import { beforeEach, expect, test } from "vitest";
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { testConnection } from "../virtinst/testing.ts";
import { cloudInitFiles, parseCloudInit } from "./cloud-init.ts";
import { parseCommandLine } from "./command-line.ts";
import { FakeInstallHost } from "./testing/fake-host.ts";

let host: FakeInstallHost;
let warnings: string[];

beforeEach(() => {
  host = new FakeInstallHost(() => testConnection("test:///default"));
  host.files.set("/pw", utf8Bytes("secret\r\nrest\n"));
  host.files.set("/key", utf8Bytes("ssh-ed25519 AAAA me\n"));
  host.files.set("/mine", utf8Bytes("#cloud-config\nmine: true\n"));
  warnings = [];
});

function parsed(...args: readonly string[]) {
  const given = parseCommandLine(["--cloud-init", ...args]);
  const cloud = parseCloudInit(given, host, (message) => void warnings.push(message));
  if (!cloud) throw new Error("no --cloud-init");
  return cloud;
}

async function textOf(name: string, ...args: readonly string[]): Promise<string | undefined> {
  const file = (await cloudInitFiles(parsed(...args), host)).find((each) => each.name === name);
  return file && utf8Text(file.bytes);
}

test("alone it makes up a password for root, and runs once", async () => {
  const cloud = parsed();
  expect(warnings[0]).toContain("root-password-generate=yes,disable=yes");
  expect(cloud.generatedPassword).toMatch(/^[a-zA-Z0-9]{16}$/);
  const [, user] = await cloudInitFiles(cloud, host);
  expect(utf8Text(user?.bytes ?? new Uint8Array(0))).toBe(
    `#cloud-config\nchpasswd:\n  list: |\n    root:${cloud.generatedPassword}\n  expire: True\n` +
      'runcmd:\n  - echo "Disabled by virt-install" > /etc/cloud/cloud-init.disabled\n',
  );
});

test("a password's and a key's first line count", async () => {
  const options = "root-password-file=/pw,ssh-key=/key,clouduser-ssh-key=/key";
  expect(await textOf("user-data", options)).toBe(
    "#cloud-config\nchpasswd:\n  list: |\n    root:secret\n  expire: False\nusers:\n" +
      "  - name: root\n    ssh_authorized_keys:\n      - ssh-ed25519 AAAA me\n" +
      "  - name: default\n    ssh_authorized_keys:\n      - ssh-ed25519 AAAA me\n",
  );
});

test("files of one's own are taken as they are", async () => {
  const options = "user-data=/mine,meta-data=/pw,network-config=/key";
  expect(await textOf("user-data", options)).toBe("#cloud-config\nmine: true\n");
  expect(await textOf("meta-data", options)).toBe("secret\r\nrest\n");
  expect(await textOf("network-config", options)).toBe("ssh-ed25519 AAAA me\n");
  expect(await textOf("network-config", "disable=on")).toBeUndefined();
});

test.each([
  ["foo=1", "Unknown --cloud-init options: ['foo']"],
  ["disable=perhaps", "disable must be 'yes' or 'no'"],
  ["disable", "Error: --cloud-init disable: Option 'disable' had no value set."],
])("%s is refused", (options, message) => {
  expect(() => parsed(options)).toThrow(message);
});

test("a file that is not there is told in Python's words", async () => {
  await expect(textOf("user-data", "user-data=/none")).rejects.toThrow(
    "[Errno 2] No such file or directory: '/none'",
  );
});
