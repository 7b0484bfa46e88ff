import { describe, expect, test } from "vitest";
import type { Connect } from "../../virt/driver/connect.ts";
import { param } from "../../virt/driver/typed-params.ts";
import { testConnection } from "../virtinst/testing.ts";
import { count, cpuTime, percent } from "./figures.ts";
import type { TopHost } from "./host.ts";
import { virtTop } from "./main.ts";

const NODE = `<node>
  ${["busy", "idle"].map((name) => `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`).join("")}
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>off</name><memory>1024</memory><os><type>hvm</type></os><test:runstate>5</test:runstate>
  </domain></node>`;

const SECOND_NS = 1_000_000_000n;

/** Busy uses a whole processor, and its disk, and its network; idle nothing. */
function withLoad(connect: Connect, seconds: () => bigint): Connect {
  const counters = (name: string): ReturnType<typeof param.ullong>[] => {
    const load = name === "busy" ? seconds() : 0n;
    return [
      param.ullong("cpu.time", load * SECOND_NS),
      param.ullong("balloon.current", 1024n),
      param.string("block.0.name", "vda"),
      param.ullong("block.0.rd.reqs", load * 10n),
      param.ullong("block.0.rd.bytes", load * 20_480n),
      param.ullong("block.0.wr.reqs", load),
      param.ullong("block.0.wr.bytes", load * 512n),
      param.string("net.0.name", "tap0"),
      param.ullong("net.0.rx.bytes", load * 1_000_000n),
      param.ullong("net.0.rx.pkts", load),
      param.ullong("net.0.tx.bytes", load * 3n),
      param.ullong("net.0.tx.pkts", load),
    ];
  };
  const stats: Connect["connectGetAllDomainStats"] = async (...args) =>
    (await connect.connectGetAllDomainStats(...args)).map(({ domain, params }) => ({
      domain,
      params: domain.id < 0 ? params : [...params, ...counters(domain.name)],
    }));
  return new Proxy(connect, {
    get: (target, name, receiver) =>
      name === "connectGetAllDomainStats" ? stats : Reflect.get(target, name, receiver),
  });
}

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** What was drawn, screen by screen. */
  readonly screens: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

/** Time passes only while virt-top waits; each wait gets the next of the keys. */
async function run(
  args: readonly string[],
  keys: readonly string[] | null,
  initFile?: string,
): Promise<Run> {
  let [out, err, nowMs] = ["", "", Date.UTC(2026, 0, 1)];
  const startMs = nowMs;
  const left = [...(keys ?? [])];
  const files = new Map<string, string>();
  if (initFile !== undefined) files.set("/home/.virt-toprc", initFile);
  let type: (text: string) => void = () => undefined;
  const load = (): bigint => BigInt(Math.round((nowMs - startMs) / 1000));
  const host: TopHost = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: () => "/home",
    nowMs: () => nowMs,
    after: (ms, wake) => {
      nowMs += ms;
      const key = left.shift();
      queueMicrotask(() => (key === undefined ? wake() : type(key)));
      return () => undefined;
    },
    connect: async () => withLoad(await testConnection("test:///n", { "/n": NODE }), load),
    terminal: () =>
      keys === null
        ? undefined
        : {
            size: () => ({ columns: 80, rows: 24 }),
            onKeys: (listener) => {
              type = listener;
              return () => undefined;
            },
          },
    readText: async (path) => files.get(path),
    createText: async (path) => {
      files.set(path, "");
      return {
        write: async (text) => void files.set(path, (files.get(path) ?? "") + text),
        close: async () => undefined,
      };
    },
    interruption: () => new Promise(() => undefined),
  };
  const status = await virtTop(args, host);
  // oxlint-disable-next-line no-control-regex
  const plain = out.replaceAll(/\x1b\[\d+;1H/g, "\n").replaceAll(/\x1b\[[?\d;]*[A-Za-z]/g, "");
  const screens = plain.split(/\n(?=virt-top |Sort the main)/).slice(1);
  return { status, out, err, screens, files };
}

/** The rows below the header. */
function rows(screen = ""): string[] {
  return screen
    .split("\n")
    .slice(5)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

describe("virt-top", () => {
  test("shows what domains used since the last update", async () => {
    const { screens, status } = await run(["-d", "2"], [" ", "q"]);
    expect(status).toBe(0);
    expect(screens[1]).toContain(
      "3 domains, 2 active, 2 running, 0 sleeping, 0 paused, 1 inactive",
    );
    expect(screens[1]).toContain("CPU: 6.3%  Mem: 2 MB (2 MB by guests)");
    expect(rows(screens[1])).toEqual([
      "    1 R   20    2   1M    6  6.3  0.0   0:02.00 busy",
      "    2 R    0    0    0    0  0.0  0.0   0:00.00 idle",
      "    -                                           (off)",
    ]);
  });

  test("turns to processors, interfaces and disks, and back", async () => {
    const { screens } = await run(["-d", "1"], ["1", "2", "3", "3", "q"]);
    expect(screens[1]).toContain("   ID S VCPU PHYCPU %CPU    TIME   DOMAIN");
    expect(rows(screens[2])[0]).toMatch(/^ {4}1 R 976K {4}3 {4}1 {4}1 busy {9}tap0$/);
    expect(rows(screens[3])[0]).toMatch(/^ {4}1 R {2}20K {2}512 {3}10 {4}1 busy {9}vda$/);
    expect(screens[4]).toContain("RDRQ WRRQ RXBY TXBY");
  });

  test("sorts by what is asked for", async () => {
    const { screens } = await run(["-o", "name"], ["N", "F\x1b[A\r", "q"]);
    const names = (screen: string | undefined): string[] =>
      rows(screen).map((line) => line.trim().split(" ").at(-1) ?? "");
    expect(names(screens[0])).toEqual(["busy", "idle", "(off)"]);
    expect(screens.some((screen) => screen.includes("  0 * Domain ID (key: N)"))).toBe(true);
  });

  test("asks for another delay, and refuses what is none", async () => {
    const { screens } = await run(["-d", "1"], ["s0\r", "d2.5\r", "h ", "q"]);
    const text = screens.join("\n");
    expect(text).toContain("Change delay from 1.0 to: 0");
    expect(text).toContain("Delay must be > 0");
    expect(text).toContain("Delay: 2.5 s");
  });

  test("keeps settings for the next time, which options overrule", async () => {
    const first = await run(["--block-in-bytes", "-d", "7"], ["3", "W", "q"]);
    const saved = first.files.get("/home/.virt-toprc") ?? "";
    expect(saved).toContain("display block\ndelay 7\n");
    expect(first.screens.join("")).toContain("Wrote settings to /home/.virt-toprc");
    const second = await run(["-2"], ["h ", "q"], `${saved}unknown thing\n`);
    expect(second.err).toContain("configuration item 'unknown' ignored");
    expect(second.screens[0]).toContain("INTERFACE");
    expect(second.screens.join("")).toContain("Delay: 7 s");
  });

  test("writes lines without a terminal, as often as told", async () => {
    const { out, status } = await run(["--stream", "-n", "2", "-d", "1"], null);
    expect(status).toBe(0);
    expect(out.match(/^virt-top time {2}\d\d:\d\d:\d\d Host host i686 16\/16CPU/gm)).toHaveLength(
      2,
    );
    expect(out).toContain("    1 R   10    1 976K    3  6.3  0.0   0:01.00 busy\n");
    expect(out).not.toContain("off");
  });

  test("writes a table, with the columns that are wanted", async () => {
    const args = ["--script", "--csv", "/t.csv", "-n", "2", "-d", "1", "--no-csv-cpu"];
    const { out, files } = await run([...args, "--no-csv-mem"], null);
    expect(out).toBe("");
    const [header = "", first = "", second = ""] = (files.get("/t.csv") ?? "").split("\n");
    expect(header.split(",").slice(-6).join()).toBe(
      "Domain ID,Domain name,Block RDRQ,Block WRRQ,Net RXBY,Net TXBY",
    );
    expect(first.endsWith(",1,busy,,,,,2,idle,,,,")).toBe(true);
    expect(second.endsWith(",1,busy,10,1,1000000,3,2,idle,0,0,0,0")).toBe(true);
  });

  test("ends at the time given, not later", async () => {
    const { screens } = await run(["--end-time", "+5", "-d", "3"], []);
    expect(screens).toHaveLength(2);
  });

  test.each([
    [["-x"], 2, "virt-top: unknown option '-x'.\nusage: "],
    [["-n"], 2, "option '-n' needs an argument."],
    [["-n", "many"], 2, "wrong argument 'many'; option '-n' expects an integer."],
    [["-o", "luck"], 1, "luck: sort order should be: cpu|mem|time"],
    [["-d", "0"], 1, "cannot set a negative delay"],
    [["--end-time", "soon"], 1, "failed to parse date/time 'soon'"],
    [["extra"], 2, "extra: unknown parameter."],
    [[], 1, "the output is no terminal"],
  ])("refuses %j", async (args, status, words) => {
    const found = await run(args, null);
    expect(found.err).toContain(words);
    expect(found.status).toBe(status);
  });
});

test("figures fit into their columns", () => {
  expect([0, 3.14, 99.94, 250].map(percent)).toEqual([" 0.0", " 3.1", "100 ", "100 "]);
  expect([0n, 9999n, 10_000n, 5_000_000n, 7n << 40n, -1n].map(count)).toEqual([
    "   0",
    "9999",
    "  9K",
    "  4M",
    ">!!!",
    "-!!!",
  ]);
  expect(count(undefined)).toBe("    ");
  expect(
    [61_230_000_000n, 13n * 3600n * SECOND_NS, 1000n * 3600n * SECOND_NS].map(cpuTime),
  ).toEqual(["  1:01.23", " 13:00:00", " 41d16:00"]);
});
