// npm run gen: only the generated AssemblyScript tables.
import { generate } from "./setup/build.mjs";
import { runMain } from "./setup/failure.mjs";

await runMain(generate);
