import { describe, expect, test } from "vitest";
import { testConnection } from "../virtinst/testing.ts";
import { virtInstall } from "./main.ts";
import { FakeInstallHost } from "./testing/fake-host.ts";

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Run> {
  const host = new FakeInstallHost(() => testConnection("test:///default"));
  host.files.set("/a.iso", new Uint8Array(1));
  const status = await virtInstall(["--osinfo", "generic", "--name", "a", ...args], host);
  return { status, out: host.output, err: host.errors };
}

const SMALL = ["--memory", "64", "--disk", "none", "--import", "--print-xml"];

describe("virt-install", () => {
  test("prints what the guest needs by default", async () => {
    const { status, out } = await run(...SMALL);
    expect(status).toBe(0);
    expect(out).toContain("<memory>65536</memory>");
    expect(out).toContain('<interface type="user">\n      <mac address="00:16:3e:01:02:03"/>');
  });

  test("takes values with commas up to the next known name", async () => {
    const { out } = await run(...SMALL, "--vcpus", "2,cpuset=1,3,maxvcpus=6");
    expect(out).toContain('<vcpu current="2" cpuset="1,3">6</vcpu>');
  });

  test("numbers elements of lists", async () => {
    const cpu = "cell0.cpus=0,cell0.memory=7,cell1.cpus=1,cell1.memory=9";
    const { out } = await run(...SMALL, "--cpu", cpu, "--vcpus", "2");
    expect(out).toContain('<cell cpus="0" memory="7"/>\n      <cell cpus="1" memory="9"/>');
  });

  test("starts from the CD first and from the disk later", async () => {
    const args = ["--memory", "64", "--disk", "size=1", "--cdrom", "/a.iso", "--print-xml"];
    const { out } = await run(...args);
    const [first = "", later = ""] = out.split("</domain>\n");
    expect(first).toContain('<boot dev="cdrom"/>\n    <boot dev="hd"/>');
    expect(first).toContain('<source file="/a.iso"/>');
    expect(first).toContain("<on_reboot>destroy</on_reboot>");
    expect(later).not.toContain("/a.iso");
    expect(later).not.toContain("on_reboot");
  });

  test("refuses unknown sub-options and missing volumes", async () => {
    expect(await run(...SMALL, "--network", "user,foo=1")).toMatchObject({
      status: 1,
      err: "ERROR    Unknown --network options: ['foo']\n",
    });
    const args = ["--memory", "64", "--import", "--disk", "/b.img"];
    expect((await run(...args)).err).toContain("Size must be specified for non existent volume");
  });

  test("says what it makes where that is asked for", async () => {
    expect((await run(...SMALL, "--debug")).err).toContain(
      "[virt-install] DEBUG Guest XML:\n<domain",
    );
    expect((await run(...SMALL)).err).not.toContain("DEBUG");
  });

  test("tells a wrong command line apart", async () => {
    expect(await run("--nosuch")).toMatchObject({ status: 2, out: "" });
  });

  test("makes the volume and starts the guest", async () => {
    const args = ["--memory", "64", "--disk", "size=1", "--import", "--noautoconsole"];
    const { status, out } = await run(...args);
    expect(out).toMatch(
      /^\nStarting install...\n\rAllocating 'a.qcow2' +\| +0 B {2}00:00 ... \n\rCreating domain... +\|/,
    );
    expect(out).toContain("Domain creation completed.\n");
    expect(status).toBe(0);
  });

  test("refuses a name that is taken", async () => {
    const { status, err } = await run(
      "--name",
      "test",
      "--memory",
      "64",
      "--disk",
      "none",
      "--import",
    );
    expect(status).toBe(1);
    expect(err).toContain("ERROR    Guest name 'test' is already in use.\n");
  });
});
