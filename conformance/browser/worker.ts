/** In the page's worker: runs programs on inline machines, as the Node engine does. */
import { runDirected } from "../directed/run-directed.ts";
import type { InlineConfig } from "../../src/machine/inline-machine.ts";
import type { Outcome } from "../outcome.ts";
import { reusedCore } from "../reused-core.ts";
import { runProgram } from "../run-program.ts";
import type { Request } from "./request.ts";

const cores = new Map<boolean, Promise<InlineConfig["instantiate"]>>();

async function makeCore(jit: boolean): Promise<InlineConfig["instantiate"]> {
  const response = await fetch("/core.wasm");
  return reusedCore(await WebAssembly.compile(await response.arrayBuffer()), jit);
}

function coreFor(jit: boolean): Promise<InlineConfig["instantiate"]> {
  const core = cores.get(jit) ?? makeCore(jit);
  cores.set(jit, core);
  return core;
}

async function answer({ jit, ...request }: Request): Promise<Outcome> {
  const instantiate = await coreFor(jit);
  if (request.kind === "directed") return runDirected(request.name, instantiate);
  const elf = new Uint8Array(await (await fetch(`/${request.path}`)).arrayBuffer());
  const { name, suite, reference } = request;
  return runProgram(
    { name, suite, elf, ...(reference !== undefined && { reference }) },
    instantiate,
  );
}

globalThis.addEventListener("message", (event: MessageEvent<Request>) => {
  answer(event.data).then(
    (outcome) => postMessage(outcome),
    (error: unknown) => postMessage({ kind: "error", detail: String(error) } satisfies Outcome),
  );
});
