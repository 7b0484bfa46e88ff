/** `node dist/bench/main.js`: see USAGE. */
import { parseArgs } from "node:util";
import { benchAia } from "./aia/aia.ts";
import { aiaLegend, aiaLine, aiaTable } from "./aia/report.ts";
import { benchBoot, bootTable } from "./boot.ts";
import { qemuVersion } from "./contestants.ts";
import { benchDisk, diskLegend, diskTable } from "./disk.ts";
import { benchFio, fioTable } from "./fio.ts";
import { benchGuest } from "./guest.ts";
import { guestLegend, guestTable } from "./guest-report.ts";
import { benchJitter, jitterTable } from "./jitter.ts";
import { kernelLine, kernelTable } from "./kernel-report.ts";
import { benchKernels } from "./kernels.ts";
import { writeReport } from "./report.ts";
import { benchPageBoot } from "./page-boot.ts";
import { benchPage } from "./page/page.ts";
import { benchSmpGuests } from "./smp/guest.ts";
import { benchSmpKernels } from "./smp/kernels.ts";
import { smpLine, smpTable } from "./smp/report.ts";
import { steadyLegend, steadyTable, sampleLine, type SteadyRun } from "./steady/report.ts";
import { benchSteady } from "./steady/steady.ts";
import { WORKLOADS } from "./steady/workload.ts";
import { benchVerbs, verbsTable } from "./verbs.ts";
import { benchVms } from "./vms/parts.ts";
import { kernelNames } from "./toolchain.ts";

const USAGE = `usage: npm run bench -- [options] [kernels] [boot] [guest] [smp] [jitter]
                               [verbs] [disk] [fio] [aia] [steady] [idle] [frames] [time] [memory]
                               [page]

  --engines LIST  of qemu, node, chromium, firefox, interpreter, inline
                  (default: qemu,node,chromium,interpreter)
  --only LIST     these kernels instead of all; with smp also "guests" for the guests' programs
  --repeats N     repetitions of each kernel, the first not counted (default: 6)
  --boots N       boots of each kind (default: 3)
  --tasks N       repetitions of each of the guest's tasks, the first beside the rest (default: 6)
  --samples N     timer interrupts for each kind of code (default: 1000)
  --pauses N      pauses in each of a machine's lives (default: 60)
  --vcpus LIST    numbers of vCPUs for aia (default: 1,2,4)
  --minutes N     of each workload of steady, and of time (default: 10)
  --seconds N     of idle, and of each scene of frames (default: 60)
  --visits N      fresh profiles that visit the page, for page (default: 5)
  --lives N       starts and forced ends of a machine, for memory (default: 100)
                  what comes after verbs only runs when it is named
  --write         write docs/performance.md
`;

const STEADY_ENGINES: readonly string[] = ["node", "chromium", "firefox"];

/** Contestants that smp leaves out: too slow to tell anything, or with no threads. */
const ONE_HART: readonly string[] = ["interpreter", "inline"];
/** In --only: the guests' programs. */
const GUESTS = "guests";

/** What runs only when it is named: an empty program, for finding out what a repetition costs. */
const UNCOUNTED = "idle";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: "string", default: "qemu,node,chromium,interpreter" },
    only: { type: "string" },
    repeats: { type: "string", default: "6" },
    boots: { type: "string", default: "3" },
    tasks: { type: "string", default: "6" },
    samples: { type: "string", default: "1000" },
    pauses: { type: "string", default: "60" },
    vcpus: { type: "string", default: "1,2,4" },
    minutes: { type: "string", default: "10" },
    seconds: { type: "string", default: "60" },
    lives: { type: "string", default: "100" },
    visits: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

function counted(): readonly string[] {
  return kernelNames().filter((name) => name !== UNCOUNTED);
}

async function main(): Promise<void> {
  const parts =
    positionals.length > 0 ? positionals : ["kernels", "boot", "guest", "smp", "jitter", "verbs"];
  const engines = chosenEngines(values.engines.split(","));
  let kernels = "";
  let boot = "";
  let guest = "";
  let smp = "";
  let jitter = "";
  let verbs = "";
  let aia = "";
  let steady = "";
  let disk = "";
  let fio = "";
  if (parts.includes("kernels")) {
    const names = values.only?.split(",") ?? counted();
    const results = await benchKernels(names, engines, Number(values.repeats), (result) =>
      console.log(kernelLine(result)),
    );
    kernels = kernelTable(results, engines);
    console.log(`\n${kernels}\n`);
  }
  if (parts.includes("boot")) {
    const boots = Number(values.boots);
    const scores = await benchBoot(engines, boots, (line) => console.log(line));
    const page = engines.includes("chromium") ? await benchPageBoot(boots) : [];
    boot = bootTable([...scores, ...page]);
    console.log(`\n${boot}\n`);
  }
  if (parts.includes("guest")) {
    const results = await benchGuest(engines, Number(values.tasks), (line) => console.log(line));
    guest = `${guestLegend(results)}\n\n${guestTable(results)}`;
    console.log(`\n${guest}\n`);
  }
  if (parts.includes("smp")) {
    smp = await allSmp(engines.filter((name) => !ONE_HART.includes(name)));
    console.log(`\n${smp}\n`);
  }
  if (parts.includes("jitter")) {
    const samples = Number(values.samples);
    jitter = jitterTable(await benchJitter(engines, samples, (line) => console.log(line)));
    console.log(`\n${jitter}\n`);
  }
  if (parts.includes("aia")) {
    const plan = {
      engines: engines.filter((name) => name !== "qemu"),
      vcpus: values.vcpus.split(",").map(Number),
      repeats: Number(values.tasks),
      boots: Number(values.boots),
    };
    const scores = await benchAia(plan, (score) => console.log(aiaLine(score)));
    aia = `${aiaLegend()}\n\n${aiaTable(scores)}`;
    console.log(`\n${aia}\n`);
  }
  if (parts.includes("steady")) {
    const runs = await allSteady(engines);
    steady = `${steadyLegend()}\n\n${steadyTable(runs)}`;
    console.log(`\n${steady}\n`);
  }
  if (parts.includes("verbs")) {
    const pauses = Number(values.pauses);
    verbs = verbsTable(await benchVerbs(engines, pauses, (line) => console.log(line)));
    console.log(`\n${verbs}\n`);
  }
  if (parts.includes("disk")) {
    const results = await benchDisk(engines, Number(values.tasks), (line) => console.log(line));
    disk = `${diskLegend()}\n\n${diskTable(results)}`;
    console.log(`\n${disk}\n`);
  }
  if (parts.includes("fio")) {
    const results = await benchFio(engines, Number(values.repeats), (line) => console.log(line));
    fio = fioTable(results);
    console.log(`\n${fio}\n`);
  }
  const vms = await benchVms(parts, engines, {
    seconds: Number(values.seconds),
    minutes: Number(values.minutes),
    lives: Number(values.lives),
  });
  const page = parts.includes("page") ? await benchPage(Number(values.visits)) : "";
  const tables = { kernels, boot, guest, smp, jitter, verbs, disk, fio, aia, steady, page };
  const measured = { ...tables, ...vms };
  if (values.write) writeReport(measured);
}

/** The kernels, or those of --only, and the guests' programs, by one vCPU and by two. */
async function allSmp(engines: readonly string[]): Promise<string> {
  const named = values.only?.split(",");
  const kernels = named?.filter((name) => name !== GUESTS) ?? counted();
  const repeats = Number(values.repeats) + 2;
  const bare = await benchSmpKernels(kernels, engines, repeats, ({ name, scores }) => {
    for (const [engine, score] of scores) console.log(smpLine(name, engine, score));
  });
  const tasks = Number(values.tasks);
  const withGuests = named?.includes(GUESTS) ?? true;
  const guests = withGuests
    ? await benchSmpGuests(engines, tasks, (engine, task, score) =>
        console.log(smpLine(task, engine, score)),
      )
    : [];
  const tables = [
    bare.length > 0 ? smpTable(bare, "kernel") : "",
    guests.length > 0 ? smpTable(guests, "program") : "",
  ];
  return tables.filter((text) => text !== "").join("\n\n");
}

/** Runs each workload, or those of --only, under each of our engines that was named. */
async function allSteady(engines: readonly string[]): Promise<readonly SteadyRun[]> {
  const workloads = values.only?.split(",") ?? WORKLOADS.map(({ name }) => name);
  const runs: SteadyRun[] = [];
  for (const engine of engines.filter((name) => STEADY_ENGINES.includes(name))) {
    for (const workload of workloads) {
      console.log(`${workload} under ${engine}:`);
      const samples = await benchSteady(engine, workload, Number(values.minutes), (sample) =>
        console.log(sampleLine(sample)),
      );
      runs.push({ engine, workload, samples });
    }
  }
  return runs;
}

/** Leaves QEMU out, with a word, where it is not installed. */
function chosenEngines(names: readonly string[]): readonly string[] {
  if (!names.includes("qemu") || qemuVersion() !== "") return names;
  console.log("qemu-system-riscv64 is not installed: no ratios");
  return names.filter((name) => name !== "qemu");
}

// By way of `exit`, so that browsers are not left behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}

if (values.help) console.log(USAGE);
else await main();
