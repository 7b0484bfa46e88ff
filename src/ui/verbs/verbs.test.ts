import { describe, expect, it } from "vitest";
import { vmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../../virt/driver/connect.ts";
import { DomainJobType } from "../../virt/driver/domain-flags.ts";
import { param } from "../../virt/driver/typed-params.ts";
import { bytesOf, followJob } from "./follow-job.ts";
import { nameProblem } from "./name-problem.ts";
import { tagsOf } from "./tags.ts";
import { diskProblem, type DraftWish } from "./use-clone-draft.ts";

describe("a name", () => {
  it.each([
    ["a", null],
    ["  ", "empty"],
    ["a/b", "slash"],
    ["a\nb", "lineBreak"],
    ["taken", "taken"],
  ])("%j: %j", (name, problem) => {
    expect(nameProblem(name, [{ name: "taken" }])).toBe(problem);
  });
});

describe("tags", () => {
  it("are what stands between commas, once each", () => {
    expect(tagsOf(" a, b  c ,a,,，d")).toEqual(["a", "b c", "d"]);
  });
});

describe("a job", () => {
  it("is as far as its data", () => {
    const params = [param.ullong("data_total", 200n), param.ullong("data_processed", 50n)];
    expect(bytesOf({ type: DomainJobType.bounded, params })).toEqual({ done: 50, total: 200 });
    expect(bytesOf({ type: DomainJobType.unbounded, params }).total).toBe(0);
    expect(bytesOf({ type: DomainJobType.bounded, params: [] }).total).toBe(0);
  });

  it("is aborted when its task is given up", async () => {
    const abort = new AbortController();
    let fail: (error: Error) => void = () => {};
    const connect = {
      domainGetJobStats: () => Promise.reject(vmError("operationInvalid", "no job is active")),
      domainAbortJobFlags: async () => fail(vmError("operationAborted", "save canceled")),
    } as unknown as Connect;
    const work = followJob(
      connect,
      { name: "a", uuid: "a", id: 1 },
      { progress: () => {}, signal: abort.signal },
      () => new Promise((_, reject) => (fail = reject)),
    );
    abort.abort();
    await expect(work).rejects.toThrow("save canceled");
  });
});

describe("a disk's copy", () => {
  const wish = (target: string, name: string, pool = "p"): DraftWish => {
    const ref = { pool, name: "original", key: "k" };
    const source = { ref, path: "/p/original", capacity: 1n, allocation: 1n, format: "raw" };
    const disk = { target, device: "disk", path: "/p/original", source };
    return { disk: { ...disk, shareReason: null, obstacle: null }, action: "clone", name };
  };
  const problem = (mine: DraftWish, ...others: DraftWish[]) =>
    diskProblem(mine, { name: "c", disks: [mine, ...others], taken: new Set(["p/taken"]) });

  it("has a name that no other volume of its pool has", () => {
    expect(problem(wish("vda", "free"))).toBeNull();
    expect(problem(wish("vda", " "))).toBe("empty");
    expect(problem(wish("vda", "a/b"))).toBe("slash");
    expect(problem(wish("vda", "taken"))).toBe("taken");
    expect(problem(wish("vda", "taken", "other"))).toBeNull();
    expect(problem(wish("vda", "twice"), wish("vdb", "twice"))).toBe("taken");
    expect(problem({ ...wish("vda", "taken"), action: "share" })).toBeNull();
    const lost = wish("vda", "free");
    expect(problem({ ...lost, disk: { ...lost.disk, source: null } })).toBe("impossible");
  });
});
