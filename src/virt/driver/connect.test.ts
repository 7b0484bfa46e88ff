import { describe, expect, it } from "vitest";
import { openConnect } from "./connect.ts";
import type { ConnectDriver } from "./driver.ts";

const DRIVER: ConnectDriver = {
  scheme: "test",
  open: async ({ path }) => ({
    connectGetType: async () => path,
    domainSuspend: async () => {},
    close: async () => {},
  }),
};

describe("a connection", () => {
  it("answers what its driver has, and says by libvirt's name what it lacks", async () => {
    const connect = await openConnect("test:///default", [DRIVER]);
    expect(connect.uri).toBe("test:///default");
    expect(await connect.connectGetType()).toBe("/default");
    await expect(connect.nwfilterLookupByName("x")).rejects.toMatchObject({
      code: 3,
      message: "this function is not supported by the connection driver: virNWFilterLookupByName",
    });
  });

  it("refuses to write where it is read-only, and everything once closed", async () => {
    const connect = await openConnect("test:///default", [DRIVER], { readOnly: true });
    const domain = { name: "a", uuid: "", id: -1 };
    await expect(connect.domainSuspend(domain)).rejects.toMatchObject({
      code: 29,
      message: "operation forbidden: read only access prevents virDomainSuspend",
    });
    await expect(connect.domainGetXMLDesc(domain, 1)).rejects.toMatchObject({
      message: "operation forbidden: virDomainGetXMLDesc with secure flag",
    });
    await connect.close();
    await expect(connect.connectGetType()).rejects.toMatchObject({ code: 6 });
  });

  it("knows URIs", async () => {
    await expect(openConnect("xen:///", [DRIVER])).rejects.toMatchObject({ code: 5 });
    await expect(openConnect("/x", [DRIVER])).rejects.toThrow(
      "no connection driver available for URI '/x' does not include a driver name",
    );
    for (const wrong of ["a b", "1:2", ":", "test:///%zz"]) {
      await expect(openConnect(wrong, [DRIVER])).rejects.toThrow(`Unable to parse URI ${wrong}`);
    }
    const connect = await openConnect("test:/default?a=b#c", [DRIVER]);
    expect(connect.uri).toBe("test:///default?a=b#c");
    expect(await connect.connectGetType()).toBe("/default");
  });
});
