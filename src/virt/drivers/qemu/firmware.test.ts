/** EFI firmware of domains, and the file of its variables. */
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryFiles } from "./testing/fake-ports.ts";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("EFI firmware", () => {
  const efi = (os = "") =>
    xml("a").replace(/<os>.*<\/os>/s, `<os firmware='efi'><type>hvm</type>${os}</os>`);

  it("is chosen when the domain starts, with a file for its variables", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(efi(), 0);
    await bench.calls.domainCreateWithFlags(domain, 0);
    const live = await bench.calls.domainGetXMLDesc(domain, 0);
    expect(live).toContain("<loader readonly='yes' type='pflash'>/efi.fd</loader>");
    expect(live).toContain("<nvram template='/efi-vars.fd'>/nvram/a_VARS.fd</nvram>");
    expect(await bench.calls.domainGetXMLDesc(domain, 2)).not.toContain("<loader");
    expect(bench.ports.machines[0]?.config.flash).toHaveLength(2);
  });

  it("takes its variables along when the domain is undefined, if told to", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(efi(), 0);
    await expect(bench.calls.domainUndefineFlags(domain, 0)).rejects.toThrow(
      "cannot undefine domain with nvram",
    );
    await bench.calls.domainUndefineFlags(domain, 4);
    expect(bench.ports.missing).toContain("/nvram/a_VARS.fd");
  });

  it("takes its variables along when the domain is renamed, and loses none in a crash", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(efi(), 0);
    const { files } = bench.ports.files;
    bench = await openQemuBench(new MemoryFiles(new Map(files), 0));
    await expect(bench.calls.domainRename(domain, "b", 0)).rejects.toThrow("the writer died");
    expect(bench.ports.missing).not.toContain("/nvram/a_VARS.fd");
    bench = await openQemuBench(new MemoryFiles(files));
    await bench.calls.domainRename(domain, "b", 0);
    expect([...bench.ports.outputs.keys()]).toEqual(["/nvram/b_VARS.fd"]);
    expect(bench.ports.missing).toContain("/nvram/a_VARS.fd");
  });

  it("keeps a file that its definition names, whatever the domain is called", async () => {
    const named = "<loader readonly='yes' type='pflash'>/f</loader><nvram>/v</nvram>";
    const text = xml("a").replace(/<os>.*<\/os>/s, `<os><type>hvm</type>${named}</os>`);
    await bench.calls.domainRename(await bench.calls.domainDefineXMLFlags(text, 0), "b", 0);
    expect(bench.ports.outputs.size + bench.ports.missing.size).toBe(0);
  });

  it("is offered where it is there", async () => {
    const offered = () => bench.calls.connectGetDomainCapabilities(null, null, null, null, 0);
    expect(await offered()).toContain("<value>/efi.fd</value>");
    bench.ports.missing.add("/efi.fd");
    expect(await offered()).not.toContain("<value>/efi.fd</value>");
  });

  it("with secure boot is not there", async () => {
    const secure = "<firmware><feature enabled='yes' name='secure-boot'/></firmware>";
    const domain = await bench.calls.domainDefineXMLFlags(efi(secure), 0);
    await expect(bench.calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "operation failed: Unable to find any firmware to satisfy 'efi'",
    );
  });
});
