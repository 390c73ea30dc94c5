import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { circlesOf, FOLDERS, importsOf, strayImports, typescriptFiles } from "./helpers/imports";

const ROOT = resolve(__dirname, "..");
const FILES = [...typescriptFiles(ROOT, FOLDERS), "main.ts", "index.ts"];
const IMPORTS = importsOf(ROOT, FILES);

const MAP = ["accounts/model/", "accounts/schema/", "accounts/reading/"];
const PLAIN_STACKS = ["stacks/names", "stacks/weakening/", "stacks/policies/", "stacks/events/"];
const CDKTF = ["cdktf", "constructs", "@cdktf/provider-aws/lib/"];
const AWS_SDK = "@aws-sdk/client-";

/**
 * The rooms, from the ground up, and what the files of each may import beside their own room and Node.js itself.
 * No room imports one that stands below it in this list. `accounts/`, `stacks/policies/`, `stacks/events/` and
 * `stacks/limits/` are pure: they import no cdktf.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "aws/": [],
  "files/": [],
  // What every HTML page is made of, and how texts of files and of AWS are made visible.
  "pages/": [],
  "processes/": ["pages/visible"],
  // The function that runs in Lambda: nothing but itself and the AWS SDK, which the runtime has.
  "guard/": [AWS_SDK],
  "toolchain/": ["processes/", "files/"],

  "accounts/schema/": ["aws/", "zod"],
  "accounts/index": ["accounts/schema/"],
  "accounts/model/": ["accounts/schema/", "aws/", "zod"],
  "accounts/reading/": [
    ...["accounts/schema/", "accounts/model/", "aws/", "processes/user-error"],
    ...["zod", "yaml", "fastest-levenshtein"],
  ],
  "accounts/rules/": [...MAP, "aws/"],
  "accounts/warnings/": [...MAP, "accounts/rules/", "aws/", "processes/user-error"],
  "accounts/explain/": [...MAP, "accounts/rules/"],
  "accounts/reference/": ["accounts/schema/", "accounts/model/", "files/between-markers", "zod"],

  "stacks/names": ["accounts/model/", "aws/"],
  "stacks/profiles": ["accounts/model/", "stacks/names"],
  // A table of calls, which patterns and service control policies are made from.
  "stacks/weakening/": ["aws/", "files/between-markers"],
  "stacks/policies/": ["accounts/model/", "aws/", "stacks/names", "stacks/profiles", "stacks/weakening/"],
  "stacks/events/": [
    ...["accounts/model/", "accounts/schema/", "aws/"],
    ...["stacks/names", "stacks/weakening/", "stacks/policies/"],
  ],
  // Which account forwards events to which archive decides about the order of their stacks.
  "stacks/stack-waves": ["accounts/model/", "stacks/names"],
  "stacks/stack-graph": [
    "accounts/model/",
    ...["stacks/names", "stacks/stack-waves", "stacks/events/account-listener"],
  ],
  "stacks/limits/": ["accounts/model/", "accounts/reading/", "aws/", ...PLAIN_STACKS],
  "stacks/read-organization": ["accounts/", "stacks/limits/"],
  "stacks/kit/": ["accounts/model/", "aws/", "stacks/names", "stacks/profiles", ...CDKTF],
  "stacks/existing/": [
    "accounts/model/",
    "aws/",
    "stacks/names",
    "stacks/policies/",
    "stacks/kit/",
    ...CDKTF,
  ],
  "stacks/constructs/": [
    "accounts/model/",
    "accounts/schema/",
    "aws/regions",
    ...PLAIN_STACKS,
    "stacks/kit/",
    ...CDKTF,
  ],
  "stacks/guard/": [
    "accounts/model/",
    ...PLAIN_STACKS,
    "stacks/kit/",
    "stacks/constructs/",
    "guard/configuration",
    "guard/log",
    "esbuild",
    ...CDKTF,
  ],
  // The stacks and synth.
  "stacks/": ["accounts/model/", "accounts/schema/", "aws/", "files/checksum", "stacks/", ...CDKTF],
  // How the stacks become files.
  "stacks/synthesis/": ["accounts/model/", "files/", "stacks/", ...CDKTF],
  "stacks/program": ["accounts/reading/", "accounts/warnings/", "processes/", "stacks/"],
  "main.ts": ["processes/program", "stacks/program"],
  // What the package exports.
  "index.ts": ["accounts/", "processes/", "stacks/"],

  // Pure: plans in, words out. It knows neither cdktf nor the commands that call it.
  // The published schema of the JSON output.
  "review/reference/": ["review/", "zod"],
  "review/": ["aws/", "pages/"],

  // Pure as well: what witnesses say in, verdicts and numbers out. What should exist is the guard's to decide.
  "report/reference/": ["report/", "zod"],
  "report/": [
    ...["aws/", "files/checksum"],
    ...["guard/configuration", "guard/documents", "guard/expected-records", "guard/probe-sessions"],
    ...["pages/", "review/render/visible", "zod"],
  ],

  "fleet/": [
    ...["accounts/model/", "accounts/reading/", "accounts/warnings/", "accounts/explain/"],
    // The settings of a sync are checked before the whole map is.
    ...["accounts/schema/sync"],
    ...["aws/", "processes/", "files/"],
    ...["toolchain/", "pages/", "review/", "report/"],
    ...["guard/documents", "guard/expected-records", "guard/probe-sessions"],
    ...["stacks/policies/destinations", "stacks/policies/record-places"],
    ...[
      "stacks/names",
      "stacks/stack-graph",
      "stacks/read-organization",
      "stacks/synthesize",
      "stacks/profiles",
    ],
    ...["commander", "p-limit", "yaml", "zod", "@aws-sdk/client-", "package.json"],
  ],

  // What keeps the project alive: dates, and builds with other packages. Nothing imports it.
  "upkeep/": [
    ...["accounts/reading/load", "files/", "processes/", "toolchain/"],
    ...["stacks/synthesize", "stacks/read-organization"],
    ...["typescript", "p-limit"],
  ],

  "emulator/gateway/": ["aws/", "processes/"],
  "emulator/clients/": ["aws/", "emulator/gateway/", "@aws-sdk/", "@smithy/"],
  "emulator/patterns/": ["emulator/gateway/"],
  "emulator/metrics/": emulatorRooms("gateway", "clients", "patterns"),
  "emulator/iam/": [...emulatorRooms("gateway", "clients"), "@cloud-copilot/"],
  "emulator/organizations/": emulatorRooms("gateway", "clients", "iam"),
  "emulator/kms/": emulatorRooms("gateway", "clients", "iam"),
  "emulator/ssm/": emulatorRooms("gateway", "clients", "iam"),
  "emulator/s3/": emulatorRooms("gateway", "clients", "iam"),
  "emulator/sns/": emulatorRooms("gateway", "clients", "patterns", "iam"),
  "emulator/roles/": emulatorRooms("gateway", "clients", "iam"),
  // It unpacks the code that was deployed.
  "emulator/lambda/": [...emulatorRooms("gateway", "clients", "metrics", "iam", "s3", "sns"), "files/"],
  "emulator/events/": emulatorRooms(
    "gateway",
    "clients",
    "patterns",
    "metrics",
    "iam",
    "ssm",
    "s3",
    "sns",
    "lambda",
  ),
  "emulator/logs/": emulatorRooms("gateway", "clients", "patterns", "iam", "events"),
  "emulator/chat/": emulatorRooms("gateway", "clients", "iam", "events"),
  "emulator/sessions/": emulatorRooms("gateway", "clients", "iam", "ssm", "events"),
  "emulator/states/": emulatorRooms("gateway", "clients", "iam"),
  "emulator/agent/": emulatorRooms("gateway", "clients", "iam", "s3", "ssm", "logs", "sessions"),
  "emulator/": ["emulator/", "aws/", AWS_SDK],

  "demo/": [
    "accounts/",
    "aws/",
    "emulator/",
    "fleet/",
    "processes/",
    "toolchain/",
    "p-limit",
    AWS_SDK,
    ...[
      "report/model",
      "stacks/names",
      "stacks/stack-graph",
      "stacks/read-organization",
      "stacks/policies/destinations",
    ],
  ],
};

function emulatorRooms(...rooms: string[]): string[] {
  return ["aws/", AWS_SDK, ...rooms.map((room) => `emulator/${room}/`)];
}

it.each(Object.keys(ROOMS))("%s imports only rooms below it", (room) => {
  const strays = strayImports(IMPORTS, ROOMS);
  expect(strays.filter((stray) => stray.startsWith(room))).toEqual([]);
});

it("every file belongs to a room", () => {
  expect(strayImports(IMPORTS, ROOMS)).toEqual([]);
});

it("no files import each other in a circle", () => {
  expect(circlesOf(IMPORTS)).toEqual([]);
});

describe("the check of imports", () => {
  it("reports what a room may not import, and a file that belongs to no room", () => {
    const imports = [
      { file: "aws/arn.ts", imported: "accounts/schema" },
      { file: "accounts/schema/index.ts", imported: "aws/arn" },
      { file: "accounts/schema/index.ts", imported: "node:fs" },
      { file: "elsewhere/x.ts", imported: "aws/arn" },
    ];
    expect(strayImports(imports, { "aws/": [], "accounts/schema/": ["aws/"] })).toEqual([
      "aws/arn.ts imports accounts/schema",
      "elsewhere/x.ts belongs to no room",
    ]);
  });

  it("finds each circle once, also through an index file, and nothing else", () => {
    const imports = [
      { file: "a.ts", imported: "b" },
      { file: "b.ts", imported: "c" },
      { file: "c/index.ts", imported: "a" },
      { file: "d.ts", imported: "a" },
      { file: "e.ts", imported: "f" },
      { file: "f.ts", imported: "e" },
    ];
    expect(circlesOf(imports)).toEqual([
      ["a.ts", "b.ts", "c/index.ts"],
      ["e.ts", "f.ts"],
    ]);
  });

  it("sees type-only imports, dynamic imports and require", () => {
    const root = mkdtempSync(join(tmpdir(), "session-audit-imports-"));
    try {
      const lines = [
        'import type { A } from "./type-only";',
        'export { b } from "./re-export";',
        'type C = import("./import-type").C;',
        'const d = import("./dynamic");',
        'const e = require("./required");',
        'import f from "package";',
        "const text = \"import g from './text'\";",
      ];
      writeFileSync(join(root, "file.ts"), lines.join("\n"));
      expect(importsOf(root, ["file.ts"]).map(({ imported }) => imported)).toEqual([
        ...["type-only", "re-export", "import-type", "dynamic", "required", "package"],
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

it("the bundler is imported in one file only, which produces the same bytes each time", () => {
  const importers = IMPORTS.filter(({ imported }) => imported === "esbuild").map(({ file }) => file);
  expect(importers).toEqual(["stacks/guard/guard-code.ts"]);
});

it("nothing imports main.ts, which creates a folder when it is loaded", () => {
  expect(IMPORTS.filter(({ imported }) => imported === "main")).toEqual([]);
});

it("the root of the AWS provider is imported nowhere, because loading it takes seconds", () => {
  expect(IMPORTS.filter(({ imported }) => imported === "@cdktf/provider-aws")).toEqual([]);
});

it("iam-simulate, which is under the AGPL, is a development dependency that only the emulator imports", () => {
  const importers = IMPORTS.filter(({ imported }) => imported.startsWith("@cloud-copilot/"));
  expect(importers.length).toBeGreaterThan(0);
  expect(importers.filter(({ file }) => !file.startsWith("emulator/iam/"))).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, object>;
  expect(Object.keys(manifest["dependencies"]!)).not.toContain("@cloud-copilot/iam-simulate");
});

it("no test and no benchmark imports the operator's map, which the operator replaces", () => {
  const files = typescriptFiles(ROOT, ["__tests__", "bench"]);
  expect(files).toContain("bench/synth.ts");
  const importers = importsOf(ROOT, files).filter(({ imported }) => /^accounts(\/index)?$/.test(imported));
  expect(importers).toEqual([]);
});

it("every dependency is pinned to one version, and the lock file names no registry", () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    Record<string, string>
  >;
  for (const versions of [manifest["dependencies"]!, manifest["devDependencies"]!]) {
    for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
  expect(readFileSync(join(ROOT, "package-lock.json"), "utf8")).not.toMatch(/"resolved"/);
});

it("the stacks take every service principal from the table in aws/, because it differs by partition", () => {
  const written = FILES.filter((file) => file.startsWith("stacks/")).flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      // CloudTrail writes the source of an event in the same form.
      .filter((line) => !line.includes("eventSource:"))
      .filter((line) => /["'`][a-z0-9.${}-]+\.amazonaws\.com(\.cn)?["'`]/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(written).toEqual([]);
});

it("temporary directories are made where they are removed even if the process is killed", () => {
  const makers = FILES.filter((file) => /\bmkdtemp/.test(readFileSync(join(ROOT, file), "utf8")));
  expect(makers.sort()).toEqual([
    // The embedded AWS keeps no secrets of anybody there.
    "emulator/lambda/function-runner.ts",
    // These two live longer than one call, and call `removeWithUs` themselves.
    "fleet/profiles.ts",
    "fleet/report/kept/keeper.ts",
    "processes/temporary-folder.ts",
  ]);
});

it("the rules find the files of the project", () => {
  expect(FILES.length).toBeGreaterThan(200);
  expect(IMPORTS.length).toBeGreaterThan(900);
});
