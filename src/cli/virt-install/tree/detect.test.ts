import { beforeEach, describe, expect, test } from "vitest";
import { writeIso } from "../../../archive/iso9660/write-iso.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { testConnection } from "../../virtinst/testing.ts";
import { FakeInstallHost } from "../testing/fake-host.ts";
import { detectTree, notInstallable } from "./detect.ts";
import { cdTree, folderTree, looseFiles, webTree } from "./install-tree.ts";

const ROOT = "http://mirror/debian/dists/trixie/main/installer-riscv64";
let host: FakeInstallHost;

beforeEach(() => {
  host = new FakeInstallHost(() => testConnection("test:///default"));
});

function page(url: string, text: string): void {
  host.pages.set(url, utf8Bytes(text));
}

const detected = (url: string, distro = "") => detectTree(webTree(host, url), "riscv64", distro);

describe("a tree on the web", () => {
  test("is Debian's where its manifest says so, of the release and processor in its address", async () => {
    page(`${ROOT}/current/images/MANIFEST`, "netboot/debian-installer/riscv64/linux -- kernel\n");
    const folder = "current/images/netboot/debian-installer/riscv64";
    expect(await detected(ROOT)).toEqual({
      osName: "debian13",
      kernels: [{ kernel: `${folder}/linux`, initrd: `${folder}/initrd.gz` }],
    });
  });

  test("is a daily one of Debian's testing", async () => {
    page("http://d/daily-images/riscv64/daily/MANIFEST", "debian\n");
    expect(await detected("http://d/daily-images/riscv64/")).toMatchObject({
      osName: "debiantesting",
      kernels: [{ kernel: "daily/netboot/debian-installer/riscv64/linux" }],
    });
  });

  test("tells itself what it is", async () => {
    const info = (family: string, version: string): string =>
      `# made by hand\n[general]\nFamily = ${family}\nversion: ${version}\narch=riscv64\n` +
      "[images-riscv64]\nkernel = k\ninitrd = i\n";
    page("http://f/.treeinfo", info("Fedora", "42"));
    expect(await detected("http://f")).toEqual({
      osName: "fedora42",
      kernels: [{ kernel: "k", initrd: "i" }],
    });
    page("http://g/treeinfo", info("Red Hat Enterprise Linux", "9.7"));
    expect(await detected("http://g/")).toMatchObject({ osName: "rhel9.6" });
    page("http://h/.treeinfo", info("Something", "1"));
    expect(await detected("http://h")).toMatchObject({ osName: undefined, kernels: [{}] });
  });

  test("that has neither is of no use, and one that is not there is told apart", async () => {
    expect(await detected("http://nowhere")).toBeUndefined();
    const why = await notInstallable(webTree(host, "http://nowhere"));
    expect(why).toContain("URL 'http://nowhere': The URL could not be accessed");
    page("http://there", "hello");
    expect(await notInstallable(webTree(host, "http://there"))).not.toContain("accessed");
  });

  test("is asked first whether it is what the user says", async () => {
    page("http://b/.treeinfo", "[general]\nfamily = Fedora\nversion = 42\n");
    page("http://b/current/images/MANIFEST", "debian\n");
    expect(await detected("http://b")).toMatchObject({ osName: "fedora42" });
    expect(await detected("http://b", "debian")).toMatchObject({
      kernels: [{ kernel: "current/images/netboot/debian-installer/i386/linux" }],
    });
  });
});

describe("a CD", () => {
  async function tree(volumeId: string) {
    const files = [{ name: "vmlinuz", bytes: utf8Bytes("kernel") }];
    host.files.set("/cd.iso", writeIso(files, { volumeId, date: new Date(0) }));
    return cdTree(host, "/cd.iso");
  }

  test("tells its release by its label", async () => {
    expect(await detectTree(await tree("Debian 13.1.0 ri"), "riscv64", "")).toMatchObject({
      osName: "debian13",
    });
    expect(await detectTree(await tree("Debian 99.1.0 ri"), "riscv64", "")).toBeUndefined();
  });

  test("has files, and no others", async () => {
    const cd = await tree("A");
    expect(utf8Text(await cd.read("/vmlinuz"))).toBe("kernel");
    await expect(cd.read("initrd")).rejects.toThrow("Couldn't acquire file /initrd: there is no");
  });

  test("that is none has nothing", async () => {
    host.files.set("/cd.iso", utf8Bytes("nothing"));
    const cd = await cdTree(host, "/cd.iso");
    expect(await cd.has("vmlinuz")).toBe(false);
  });
});

test("a folder has the files below it", async () => {
  host.files.set("/tree/boot/linux", utf8Bytes("kernel"));
  const tree = folderTree(host, "/tree");
  expect(await tree.has("boot/linux")).toBe(true);
  expect(utf8Text(await tree.read("boot/linux"))).toBe("kernel");
  await expect(tree.read("initrd")).rejects.toThrow(
    "Couldn't acquire file /tree/initrd: [Errno 2] No such file or directory: '/tree/initrd'",
  );
});

test("files without a tree are paths or addresses", async () => {
  page("http://k/linux", "kernel");
  host.files.set("/initrd", utf8Bytes("initrd"));
  const files = looseFiles(host);
  expect(utf8Text(await files.read("http://k/linux"))).toBe("kernel");
  expect(utf8Text(await files.read("/initrd"))).toBe("initrd");
  await expect(files.read("http://k/none")).rejects.toThrow(
    "404 Client Error for url: http://k/none",
  );
  await expect(files.has("/none")).rejects.toThrow("No such file or directory: '/none'");
});
