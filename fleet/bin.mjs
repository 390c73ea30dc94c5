#!/usr/bin/env node
// The `bin` of the package: `npx session-audit` in a clone. The sources are TypeScript, which Node.js does not load by itself.
import "../processes/typescript.cjs";
import { createRequire } from "node:module";

await createRequire(import.meta.url)("./cli.ts").main();
