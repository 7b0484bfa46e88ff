import { describe, expect, it } from "vitest";
import { ErrorCode, ErrorDomain, ErrorLevel, VmError, vmError } from "./vm-error.ts";

describe("VmError", () => {
  it("says what libvirt says, in its numbers", () => {
    const error = vmError("operationInvalid", "domain is not running");
    expect(error.message).toBe("Requested operation is not valid: domain is not running");
    expect(error.detail).toBe("domain is not running");
    expect(error).toMatchObject({ code: 55, domain: 10, level: 2, name: "VmError" });
    expect(vmError("systemError", "no such file").message).toBe("no such file");
  });

  it("keeps its cause and takes another domain", () => {
    const cause = new Error("deep");
    const error = vmError("noDomain", "x", { cause, domain: ErrorDomain.domain });
    expect(error.cause).toBe(cause);
    expect(error.domain).toBe(20);
  });

  it("comes back from plain data", () => {
    const error = vmError("noMemory", "3 GiB");
    const copy = VmError.from(structuredClone(error.toData()));
    expect(copy).toBeInstanceOf(VmError);
    expect(copy.toData()).toEqual(error.toData());
    expect(copy.level).toBe(ErrorLevel.error);
  });

  it("has every number once", () => {
    const codes = Object.values(ErrorCode);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
