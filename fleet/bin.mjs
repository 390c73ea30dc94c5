#!/usr/bin/env node
// The `bin` of the package: `npx session-audit` in a clone. The sources are TypeScript, which tsx loads.
import "tsx/cjs";
import { createRequire } from "node:module";

await createRequire(import.meta.url)("./cli.ts").main();
