import { beforeEach, describe, expect, test } from "vitest";
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { osByName } from "../../virt/os-table.ts";
import { Guest, surroundings } from "../virtinst/guest.ts";
import { testConnection } from "../virtinst/testing.ts";
import { parseCommandLine } from "./command-line.ts";
import { FakeInstallHost } from "./testing/fake-host.ts";
import { parseUnattended, preseed } from "./unattended.ts";

let host: FakeInstallHost;
let guest: Guest;

beforeEach(async () => {
  host = new FakeInstallHost(() => testConnection("test:///default"));
  host.files.set("/pw", utf8Bytes("secret\n"));
  const log = { say: () => {}, warn: () => {}, debug: () => {} };
  guest = new Guest(await surroundings(host, await host.connect(), log));
  guest.setOs(osByName("debian13"));
  guest.set("name", "a guest");
  guest.addDevice("disk", { "@device": "disk", "target/@dev": "sdb" });
});

async function answers(options: string): Promise<string> {
  const unattended = parseUnattended(parseCommandLine(["--unattended", options]));
  if (!unattended) throw new Error("no --unattended");
  const { file } = await preseed(unattended, guest, host);
  expect(file.name).toBe("preseed.cfg");
  return utf8Text(file.bytes);
}

describe("answers for Debian's installer", () => {
  test("name the disk, the host, the accounts and what is installed", async () => {
    const text = await answers(
      "profile=jeos,admin-password-file=/pw,user-login=Me,user-password-file=/pw",
    );
    for (const line of [
      "d-i partman-auto/disk string /dev/sdb",
      "d-i netcfg/get_hostname string a-guest",
      "d-i passwd/root-password password secret",
      "d-i passwd/username string me",
      "tasksel tasksel/first multiselect standard, ssh-server",
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  test("make no user where none is named", async () => {
    const text = await answers("profile=jeos,admin-password-file=/pw");
    expect(text).toContain("d-i passwd/make-user boolean false\n");
    expect(text).not.toContain("passwd/username");
  });
});

test.each([
  ["profile=foo", "the 'foo' profile. Available profiles: desktop, jeos"],
  ["profile=jeos", "debian13 requires the admin-password to be set."],
  ["profile=desktop,admin-password-file=/pw", "debian13 requires the user-password to be set."],
  ["profile=jeos,user-login=ROOT", "debian13 cannot use 'root' as user-login."],
])("%s is refused", async (options, message) => {
  await expect(answers(options)).rejects.toThrow(message);
});

test("other systems are refused", async () => {
  guest.setOs(osByName("fedora42"));
  await expect(answers("profile=jeos")).rejects.toThrow(
    "OS 'fedora42' does not support unattended installation.",
  );
});
