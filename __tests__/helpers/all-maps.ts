import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadMap } from "../../accounts/reading/load";
import exampleMap from "../fixtures/example-map";

const ROOT = resolve(__dirname, "..", "..");

/** What the test of a fixture fills in, which knows it only while it runs. */
const FILLED: Readonly<Record<string, unknown>> = {
  vpc: "vpc-0123456789abcdef0",
  subnets: ["subnet-0123456789abcdef0"],
  routes: ["rtb-0123456789abcdef0"],
};
const filled = (map: unknown): unknown =>
  JSON.parse(JSON.stringify(map).replaceAll(/"<(\w+)>"/g, (_, name: string) => JSON.stringify(FILLED[name])));

/** Every map that the tests have: the example, and those of the fixtures and the documentation. */
export const ALL_MAPS: readonly (readonly [string, unknown])[] = [
  ["the example map", exampleMap],
  ...[
    "docs/examples/complete.yaml",
    ...readdirSync(join(ROOT, "__tests__", "fixtures")).map((name) => `__tests__/fixtures/${name}`),
  ]
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => [file, filled(loadMap(join(ROOT, file)))] as const),
];
