import { expect, it } from "vitest";
import { parseXml } from "../../xml/parse.ts";
import { driveOf } from "./machine-disks.ts";

it("an image of a web server is found by protocol, host, port, path and query", () => {
  const disk = parseXml(
    `<disk type='network' device='cdrom'><driver name='qemu' type='raw'/>
      <source protocol='https' name='iso/a b.iso' query='x=1'><host name='h' port='8443'/></source>
      <target dev='sda' bus='scsi'/></disk>`,
    "disk",
  );
  expect(driveOf(disk).image).toEqual({
    kind: "options",
    options: { driver: "raw", file: { driver: "https", url: "https://h:8443/iso/a b.iso?x=1" } },
  });
});
