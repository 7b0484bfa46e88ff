import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { memoryTools } from "../image/testing.ts";
import { qemuIo } from "../qemu-io/main.ts";
import { qemuImg } from "./main.ts";

const OBJECTS = ["--object", "secret,id=a,data=one", "--object", "secret,id=b,data=two"];

function shell() {
  const tools = memoryTools();
  return {
    async img(line: string): Promise<string> {
      const [name = "", ...rest] = line.split(" ");
      await qemuImg([name, ...OBJECTS, ...rest], tools);
      return tools.take();
    },
    async io(image: string, ...lines: string[]): Promise<string> {
      await qemuIo([...OBJECTS, ...lines.flatMap((l) => ["-c", l]), "--image-opts", image], tools);
      return tools.take();
    },
  };
}

const LUKS = "driver=luks,file.filename=l,key-secret=";
const QCOW2 = "driver=qcow2,file.filename=q,encrypt.key-secret=";

describe("encrypted images", () => {
  test("are told of without a password, and opened with the right one only", async () => {
    const { img, io } = shell();
    await img("create -q -f luks -o key-secret=a,iter-time=0 l 1M");
    expect(await img("info l")).toMatch(/encrypted: yes\n[^]*cipher alg: aes-256\n/);
    expect(await img("check l")).toContain("Parameter 'key-secret' is required for cipher");
    expect(await io(`${LUKS}c`)).toContain("No secret with id 'c'");
    expect(await io(`${LUKS}b`)).toContain("Invalid password, cannot unlock any keyslot");
    expect(await io(`${LUKS}a`, "write -qP 3 1000 9000", "read -qP 3 1000 9000")).toBe("");
    expect(await io(`${LUKS}a`, "read -qP 3 1000 9000")).toBe("");
  });

  test.each([
    ["luks", ",encrypt.iter-time=0"],
    ["aes", ""],
  ])("keep chains, snapshots and conversions (%s)", async (format, quickly) => {
    const { img, io } = shell();
    const encryption = `encrypt.format=${format},encrypt.key-secret=a${quickly}`;
    await img(`create -q -f qcow2 -o ${encryption},cluster_size=4k q 1M`);
    expect(await io(`${QCOW2}a`, "write -qP 3 0 512k", "write -qz 8k 100")).toBe("");
    await img(`snapshot -c s --image-opts ${QCOW2}a`);
    expect(await io(`${QCOW2}a`, "write -qP 4 100 64k", "read -qP 0 8k 1")).toContain("failed");
    expect(await img(`snapshot -a s --image-opts ${QCOW2}a`)).toBe("");
    expect(await io(`${QCOW2}a`, "read -qP 0 8k 100", "read -qP 3 8300 500000")).toBe("");
    expect(await img(`check --image-opts ${QCOW2}a`)).toMatch(/^No errors/);
    expect(await img(`convert -O luks -o key-secret=b,iter-time=0 --image-opts ${QCOW2}a l`)).toBe(
      "",
    );
    expect(await img(`compare --image-opts ${QCOW2}a ${LUKS}b`)).toBe("Images are identical.\n");
    await img("create -q -u -f qcow2 -b q -F qcow2 t 1M");
    const top = "driver=qcow2,file.filename=t,backing.encrypt.key-secret=a";
    expect(await io(top, "write -qP 5 0 100", "read -qP 3 100 4000")).toBe("");
  });

  test("take passwords into key slots and out of them", async () => {
    const { img } = shell();
    await img(
      "create -q -f qcow2 -o encrypt.format=luks,encrypt.key-secret=a,encrypt.iter-time=0 q 1M",
    );
    const amend = (options: string, secret = "a"): Promise<string> =>
      img(`amend -o ${options} --image-opts ${QCOW2}${secret}`);
    const erase = "encrypt.state=inactive";
    expect(await amend(`${erase},encrypt.keyslot=0`)).toContain("refusing operation");
    expect(await amend("encrypt.state=active,encrypt.new-secret=b,encrypt.iter-time=0")).toBe("");
    expect(await amend(`${erase},encrypt.old-secret=a`, "b")).toBe("");
    expect(await amend(`${erase},encrypt.keyslot=1`)).toContain("Invalid password");
    expect(await img("info q")).toMatch(/\[0\]:\n +active: false\n[^]*\[1\]:\n +active: true\n/);
  });

  test("leave nothing behind when they cannot be made", async () => {
    const { img } = shell();
    expect(await img("create -q -f qcow2 -o encrypt.format=luks q 1M")).toContain(
      "q: Parameter 'encrypt.key-secret' is required for cipher",
    );
    expect(await img("info q")).toContain("No such file or directory");
  });

  test("have the size that is measured", async () => {
    const { img } = shell();
    expect(await img("measure -O luks -o key-secret=a --size 1M")).toContain(
      "required size: 3117056",
    );
    const options = "encrypt.format=luks,encrypt.key-secret=a";
    expect(await img(`measure -O qcow2 -o ${options} --size 1M`)).toBe(
      "required size: 2424832\nfully allocated size: 3473408\n",
    );
  });
});

test("secrets are read from files, as base64, and decrypted by other secrets", async () => {
  const tools = memoryTools();
  const create = async (...objects: string[]): Promise<string> => {
    const words = objects.flatMap((text) => ["--object", `secret,${text}`]);
    await qemuImg(
      [
        "create",
        "-q",
        ...words,
        "-f",
        "qcow2",
        "-o",
        "encryption=on,encrypt.key-secret=s",
        "x",
        "1M",
      ],
      tools,
    );
    return tools.take();
  };
  expect(await create("id=s,data=b25l,format=base64")).toBe("");
  expect(await create("id=s,data=@,format=base64")).toContain("Base64 data contains invalid");
  expect(await create("id=s,file=nowhere")).toContain("Unable to read nowhere");
  const key = "id=k,data=0123456789abcdef0123456789abcdef";
  const iv = "iv=AAAAAAAAAAAAAAAAAAAAAA==";
  const cipher = createCipheriv(
    "aes-256-cbc",
    "0123456789abcdef0123456789abcdef",
    Buffer.alloc(16),
  );
  const data = Buffer.concat([cipher.update("one"), cipher.final()]).toString("base64");
  expect(await create(key, `id=s,keyid=k,${iv},format=base64,data=${data}`)).toBe("");
  expect(await create(key, `id=s,keyid=k,format=base64,data=${data}`)).toContain("IV is required");
});
