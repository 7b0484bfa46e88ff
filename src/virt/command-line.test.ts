import { describe, expect, it } from "vitest";
import { addedOptions, appendOf, bootWay } from "./command-line.ts";
import { parseManifest } from "./guest-manifest.ts";

const file = (path: string) => ({ path, sizeBytes: 1 });
const manifest = {
  title: "Debian shell",
  memory: { leastBytes: 96 * 2 ** 20 },
  files: {
    firmware: file("firmware.bin"),
    kernel: file("kernel"),
    initrd: file("initrd.cpio"),
    initrdSigned: file("initrd-signed.cpio"),
  },
  boot: {
    fast: {
      firmware: "firmware",
      kernel: "kernel",
      initrd: "initrd",
      append: "console=ttyS0 quiet initcall_blacklist=a,b",
      notes: [{ option: "quiet", why: "less to read" }, "nonsense"],
    },
    stock: {
      firmware: "firmware",
      kernel: "kernel",
      initrd: "initrdSigned",
      append: "console=ttyS0",
    },
  },
};
const guest = parseManifest("shell", manifest);

describe("a guest's manifest", () => {
  it("names the files of each way to boot", () => {
    expect(guest.boots.fast).toEqual({
      firmware: file("firmware.bin"),
      kernel: file("kernel"),
      initrd: file("initrd.cpio"),
      append: "console=ttyS0 quiet initcall_blacklist=a,b",
      notes: [{ option: "quiet", why: "less to read" }],
    });
    expect(guest.boots.stock.initrd.path).toBe("initrd-signed.cpio");
    expect(guest.leastMemoryBytes).toBe(96 * 2 ** 20);
  });

  it.each([
    [null, "is not a JSON object"],
    [{}, "names no files or no way to boot them"],
    [{ ...manifest, boot: {} }, "lacks the description to boot the fast way"],
    [{ ...manifest, files: {} }, "lacks the firmware to boot the fast way"],
  ])("is refused with one sentence when it is %j", (json, why) => {
    expect(() => parseManifest("shell", json)).toThrow(
      `unsupported configuration: the manifest of guest image 'shell' ${why}`,
    );
  });
});

describe("command lines", () => {
  it("belong to the choice, and one's own line boots the stock files", () => {
    expect(bootWay({ kind: "stock" }, guest).append).toBe("console=ttyS0");
    const own = bootWay({ kind: "custom", append: "panic=1" }, guest);
    expect([own.append, own.initrd.path]).toEqual(["panic=1", "initrd-signed.cpio"]);
  });

  it("are empty for a guest that is not there", () => {
    const boot = { kind: "guest", guest: "gone", commandLine: { kind: "fast" } } as const;
    expect(appendOf(boot, [guest])).toBe("");
  });

  it("are compared option by option, each blacklisted name for itself", () => {
    expect(addedOptions(guest.boots.fast.append, guest.boots.stock.append)).toEqual([
      "quiet",
      "initcall_blacklist=a",
      "initcall_blacklist=b",
    ]);
  });
});
