import { describe, expect, test } from "vitest";
import { parseSystem, type SystemOptions } from "./system-options.ts";

function options(...args: string[]): SystemOptions {
  const parsed = parseSystem(args);
  if (typeof parsed === "string") throw new Error(`a query: ${parsed}`);
  return parsed;
}

const CODE = "if=pflash,format=raw,file=code.fd,readonly=on";
const VARS = "if=pflash,format=raw,file=vars.fd";
const BANKS = [
  { unit: 0, drive: "pflash0" },
  { unit: 1, drive: "pflash1" },
];

describe("drives that are flash", () => {
  test("by -drive: banks in order, or as they say", () => {
    const { drives, flash, devices } = options("-drive", CODE, "-drive", VARS);
    expect(flash).toEqual(BANKS);
    expect(drives.map(({ id, readOnly }) => [id, readOnly])).toEqual([
      ["pflash0", true],
      ["pflash1", false],
    ]);
    expect(devices).toEqual([]);
    const swapped = options("-drive", `${VARS},unit=1`, "-drive", `${CODE},unit=0,id=code`);
    expect(swapped.flash).toEqual([
      { unit: 1, drive: "pflash1" },
      { unit: 0, drive: "code" },
    ]);
  });

  test("by -machine, naming block nodes", () => {
    const nodes = ["-blockdev", "driver=file,filename=code.fd,node-name=code,read-only=on"];
    expect(options("-M", "virt,pflash0=code", ...nodes).flash).toEqual([
      { unit: 0, drive: "code" },
    ]);
  });

  test("--firmware efi, which needs no kernel", () => {
    expect(options("--firmware", "efi").efi).toEqual({});
    expect(options("--firmware", "efi,vars=v.fd").efi).toEqual({ vars: "v.fd" });
  });
});

test("files for firmware", () => {
  const given = ["-fw_cfg", "name=opt/a,string=x,,y", "-fw_cfg", "opt/b,file=b.bin"];
  expect(options("--firmware", "efi", ...given).firmwareFiles).toMatchObject([
    { name: "opt/a", text: "x,y" },
    { name: "opt/b", path: "b.bin" },
  ]);
});

const NEEDED = "name, plus exactly one of file, string and gen_id, are needed";

test.each([
  [
    ["-drive", `${CODE},unit=2`],
    `-drive ${CODE},unit=2: machine type does not support if=pflash,bus=0,unit=2`,
  ],
  [
    ["-drive", `${CODE},unit=0`, "-drive", `${VARS},unit=0`],
    `-drive ${VARS},unit=0: drive with bus=0, unit=0 (index=0) exists`,
  ],
  [["-M", "virt,pflash0=no"], "Property 'cfi.pflash01.drive' can't find value 'no'"],
  [
    ["-drive", VARS, "-M", "virt,pflash0=pflash0"],
    "-machine pflash0=pflash0: the board has this bank already",
  ],
  [["--firmware", "bios"], "--firmware bios: there is 'efi' only"],
  [["--firmware", "efi", "-drive", CODE], "--firmware efi: the flash has drives of its own"],
  [["-fw_cfg", "opt/a"], `-fw_cfg opt/a: ${NEEDED}`],
  [["-fw_cfg", "opt/a,string=x,file=y"], `-fw_cfg opt/a,string=x,file=y: ${NEEDED}`],
  [
    ["-fw_cfg", `${"n".repeat(56)},string=x`],
    `-fw_cfg ${"n".repeat(56)},string=x: name too long (max. 55 char)`,
  ],
  [
    ["-fw_cfg", "a,string=x", "-fw_cfg", "a,string=y"],
    "-fw_cfg a,string=y: duplicate fw_cfg file name: a",
  ],
])("refuses %j", (args, message) => {
  expect(() => options("-bios", "fw.bin", ...args)).toThrow(message);
});
