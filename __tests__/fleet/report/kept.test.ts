import type { Dirent } from "node:fs";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPairSync, sign } from "node:crypto";
import { sha256Of } from "../../../files/checksum";
import { run } from "../../../fleet/cli";
import { DirectoryPlace } from "../../../fleet/report/kept/directory-place";
import { ReportKeeper } from "../../../fleet/report/kept/keeper";
import type { Signer } from "../../../fleet/report/kept/signer";
import type { Coverage, ReportHeader, ReportLine, SessionRow } from "../../../report/model";
import { parseManifest } from "../../../report/chain/manifest";
import { publicKeyOf, statementOf } from "../../../report/chain/signature";
import { runProgram } from "../../helpers/run-program";
import { coverage, reportOf, ROWS } from "../../report/reports";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-kept-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = publicKey.export({ type: "spki", format: "pem" });
const signer: Signer = {
  sign: (manifest, bytes) =>
    Promise.resolve({
      type: "kept-report-signature",
      version: 1,
      manifest,
      algorithm: "ECDSA_SHA_256",
      keyId: "key",
      publicKeySha256: publicKeyOf(Buffer.from(PEM)).sha256,
      signature: sign("sha256", statementOf({ manifest, keyId: "key" }, bytes), privateKey).toString(
        "base64",
      ),
    }),
};

const DAY = (day: number) => `2026-11-${String(day).padStart(2, "0")}T00:00:00.000Z`;
const ALL = { since: DAY(1), until: DAY(30) };

/** Keeps a report of rows, as the command does. */
async function keep(
  rows: readonly SessionRow[],
  day: number,
  more: {
    readonly before?: () => Promise<void>;
    readonly header?: Partial<ReportHeader>;
    readonly coverage?: Coverage;
  } = {},
) {
  const whole = reportOf(rows);
  const header = { ...whole.header, generatedAt: DAY(day), period: ALL, ...more.header };
  const keeper = await ReportKeeper.open(new DirectoryPlace(folder, "/"), signer);
  try {
    const lines: ReportLine[] = [header, more.coverage ?? coverage(), ...rows, whole.summary];
    for (const line of lines) await keeper.line(line);
    await more.before?.();
    return await keeper.keep({ ...whole, header });
  } finally {
    await keeper.close();
  }
}

const program = (...argv: string[]) => runProgram(run, ["report", ...argv]);
const keys = () =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const publicKeyFile = () => {
  const file = join(folder, "key.pem");
  writeFileSync(file, PEM);
  return file;
};

it("keeps a page, NDJSON, CSV, a manifest and its signature for each report, and both are whole", async () => {
  await keep(ROWS, 8);
  const { sha256 } = await keep(ROWS, 15);
  expect(keys().map((key) => key.replace(/-[0-9a-f]{8}\//, "-*/"))).toEqual([
    ...["chain/000001.json", "chain/000001.sig.json", "chain/000002.json", "chain/000002.sig.json"],
    ...[8, 15].flatMap((day) =>
      ["report.html", "report.ndjson", "sessions.csv"].map((name) => `reports/${DAY(day)}-*/${name}`),
    ),
  ]);
  expect(await program("verify", folder, "--public-key", publicKeyFile(), "--last", sha256)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("2 reports") as string,
  });
});

it.each(["report.html", "report.ndjson", "sessions.csv"])(
  "names %s with its size and SHA-256, and notices a change of it",
  async (name) => {
    const { key } = await keep(ROWS, 8);
    const { parts } = parseManifest(readFileSync(join(folder, key)))!;
    const part = parts.find((one) => one.key.endsWith(`/${name}`))!;
    const bytes = readFileSync(join(folder, part.key));
    expect(part).toMatchObject({ size: bytes.length, sha256: sha256Of(bytes) });
    appendFileSync(join(folder, part.key), " ");
    const { status, stdout } = await program("verify", folder);
    expect({ status, stdout }).toMatchObject({
      status: 3,
      stdout: expect.stringContaining(`changed-part ${part.key}`) as string,
    });
  },
);

it("keeps the page of the report, with its sessions and the period", async () => {
  await keep(ROWS, 8);
  const page = readFileSync(
    join(
      folder,
      keys().find((key) => key.endsWith("report.html"))!,
    ),
    "utf8",
  );
  expect(page).toMatch(/^<!doctype html>/);
  for (const { id } of ROWS) expect(page).toContain(id);
});

it("says that signatures were not checked without a key", async () => {
  await keep(ROWS, 8);
  expect((await program("verify", folder)).stdout).toContain("Signatures were not checked");
});

it("lets one of two reports that are kept at the same time fail, and forks nothing", async () => {
  await keep(ROWS, 1);
  const results = await Promise.allSettled([keep(ROWS, 8), keep(ROWS, 9), keep(ROWS, 10)]);
  const failed = results.filter((result) => result.status === "rejected");
  for (const { reason } of failed as PromiseRejectedResult[]) {
    expect(String((reason as Error).message)).toContain("nothing there is overwritten");
  }
  const { status, stdout } = await program("verify", folder);
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${4 - failed.length} reports`) as string,
  });
});

it("overwrites nothing", async () => {
  const place = new DirectoryPlace(folder, "/");
  const written = { key: "chain/000001.json", mediaType: "text/plain", size: 1, sha256: "" };
  expect(await place.write({ ...written, content: Buffer.from("1") })).toBe(true);
  expect(await place.write({ ...written, content: Buffer.from("2") })).toBe(false);
  expect(readFileSync(join(folder, "chain", "000001.json"), "utf8")).toBe("1");
});

it("makes no manifest of a report that could not be signed", async () => {
  const keeper = await ReportKeeper.open(new DirectoryPlace(folder, "/"), {
    sign: () => Promise.reject(new Error("refused")),
  });
  await expect(keeper.keep(reportOf(ROWS))).rejects.toThrow("refused");
  await keeper.close();
  expect(keys().filter((key) => key.startsWith("chain/"))).toEqual([]);
});

it("merges kept reports: each session once, with an alarm that stays", async () => {
  const [recorded, unrecorded] = ROWS as [SessionRow, SessionRow];
  const row = (id: string, like: SessionRow): SessionRow => ({ ...like, id, start: DAY(5) });
  await keep([row("a", recorded), row("b", unrecorded)], 8);
  await keep([row("b", recorded), row("c", recorded)], 15);
  const { status, stdout, stderr } = await program("merge", folder, "--json");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ReportLine);
  const sessions = lines.flatMap((line) => (line.type === "session" ? [[line.id, line.verdict.kind]] : []));
  expect(sessions.sort()).toEqual([
    ["a", "recorded"],
    ["b", "unrecorded"],
    ["c", "recorded"],
  ]);
  expect(lines.at(-1)).toMatchObject({ type: "summary", aggregates: { rows: 3 } });
  expect(status).toBe(3);
  expect(stderr).toContain("Kept reports: 2. Rows that repeat the session of an earlier report: 1.");
});

describe("three weekly reports, of which the second", () => {
  const week = (from: number, header: Partial<ReportHeader> = {}) => ({
    header: { period: { since: DAY(from), until: DAY(from + 7) }, ...header },
  });
  const merged = async (...argv: string[]) => {
    const { status, stdout } = await program("merge", folder, "--json", ...argv);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ReportLine);
    return { status, header: lines[0] as ReportHeader, target: lines[1] as Coverage };
  };
  const three = async (second: Parameters<typeof keep>[2]) => {
    await keep([], 8, week(1));
    await keep([], 15, { ...week(8), ...second });
    await keep([], 22, week(15));
  };

  it.each([
    ["was filtered", week(8, { filters: { owner: "alice" } }), "000002.json has filters (owner)"],
    [
      "could not read a target",
      { coverage: coverage({ trail: "Throttled" }) },
      "could not read them to the end",
    ],
  ])("%s: verify ends with 3, and a merge with 4, which says why", async (_what, second, why) => {
    await three(second);
    const { status, header, target } = await merged();
    expect({ status, filters: header.filters }).toEqual({ status: 4, filters: {} });
    expect(target).toMatchObject({
      covered: false,
      witnesses: { history: { status: "not-covered", reason: expect.stringContaining(why) as string } },
    });
    expect(await program("verify", folder)).toMatchObject({
      status: 3,
      stdout: expect.stringContaining(`period-gap chain/000002.json`) as string,
    });
  });

  it("was filtered are covered again, as far as the merge leaves its time out", async () => {
    await three(week(8, { filters: { owner: "alice" } }));
    expect(await merged("--since", "2026-11-15")).toMatchObject({ status: 0, target: { covered: true } });
    expect(await merged("--until", "2026-11-08")).toMatchObject({ status: 0, target: { covered: true } });
  });

  it("has the filter of all of them, is whole, and the merge has the filter", async () => {
    const filters = { owner: "alice" };
    await keep([], 8, week(1, { filters }));
    await keep([], 15, week(8, { filters }));
    expect(await merged()).toMatchObject({ status: 0, header: { filters } });
    expect(await program("verify", folder)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Each report is about some sessions alone: owner alice") as string,
    });
  });
});

it("does not take a session for open that was open in a report of long ago", async () => {
  const open: SessionRow = { ...ROWS[0]!, id: "a", start: DAY(5), verdict: { kind: "open", words: [] } };
  await keep([open], 8);
  expect(await program("merge", folder, "--csv")).toMatchObject({ status: 0 });
  await keep([], 15);
  const { status, stdout } = await program("merge", folder, "--csv");
  expect({ status, stdout }).toMatchObject({
    status: 4,
    stdout: expect.stringContaining('"unread"') as string,
  });
});

it("merges the sessions of a time alone", async () => {
  const row = (id: string, start: string): SessionRow => ({ ...ROWS[0]!, id, start });
  await keep([row("a", DAY(2)), row("b", DAY(10)), row("c", DAY(20))], 22);
  const { stdout } = await program(
    "merge",
    folder,
    "--csv",
    "--since",
    "2026-11-09",
    "--until",
    "2026-11-15",
  );
  expect(stdout.trimEnd().split("\r\n")).toHaveLength(2);
  expect(stdout).toContain('"b"');
});

it("merges nothing that is not whole", async () => {
  await keep(ROWS, 8);
  appendFileSync(
    join(
      folder,
      keys().find((key) => key.endsWith("report.ndjson"))!,
    ),
    "{}\n",
  );
  const { status, stdout, stderr } = await program("merge", folder);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("changed-part");
});

describe("a chain that somebody has made up", () => {
  /** Writes another NDJSON in place of the kept one, and a manifest that names its checksum. */
  async function forge(change: (lines: readonly ReportLine[]) => readonly unknown[], rows?: number) {
    const { key } = await keep([{ ...ROWS[0]!, start: DAY(5) }], 8);
    const file = join(folder, key);
    const manifest = parseManifest(readFileSync(file))!;
    const parts = manifest.parts.map((part) => {
      if (!part.key.endsWith(".ndjson")) return part;
      const text = readFileSync(join(folder, part.key), "utf8").trimEnd();
      const lines = change(text.split("\n").map((line) => JSON.parse(line) as ReportLine));
      const forged = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
      writeFileSync(join(folder, part.key), forged.map((line) => `${line}\n`).join(""));
      const bytes = readFileSync(join(folder, part.key));
      return { ...part, size: bytes.length, sha256: sha256Of(bytes) };
    });
    writeFileSync(file, JSON.stringify({ ...manifest, parts, ...(rows !== undefined && { rows }) }));
  }
  type Lines = readonly [ReportLine, ReportLine, ReportLine, ReportLine];
  const [HEAD, COVERED, SESSION, SUMMARY] = [0, 1, 2, 3] as const;
  const without = (lines: Lines, index: 0 | 1 | 2 | 3, ...keys: readonly string[]) =>
    lines.map((line, at) =>
      at === index ? Object.fromEntries(Object.entries(line).filter(([key]) => !keys.includes(key))) : line,
    );
  const LINE = (number: number) => `line ${number} is no line of a report`;

  it.each<[string, (lines: Lines) => readonly unknown[], string]>([
    ["null", ([head, ...rest]) => [head, null, ...rest], LINE(2)],
    ["no JSON", ([head, ...rest]) => [head, "{", ...rest], LINE(2)],
    ["an empty line", ([head, ...rest]) => [head, "", ...rest], LINE(2)],
    ["a session without a verdict", (lines) => without(lines, SESSION, "verdict"), LINE(3)],
    ["a coverage without witnesses", (lines) => without(lines, COVERED, "witnesses"), LINE(2)],
    ["no such time zone", ([head, ...rest]) => [{ ...head, timeZone: "Mars/Olympus" }, ...rest], LINE(1)],
    ["no line", () => [], "the summary is missing"],
    ["no header", (lines) => lines.filter((_, index) => index !== HEAD), "line 1: a report has one header"],
    ["two headers", ([head, ...rest]) => [head, head, ...rest], "line 2: a report has one header"],
    ["no summary", (lines) => lines.filter((_, index) => index !== SUMMARY), "the summary is missing"],
    ["two summaries", (lines) => [...lines, lines[SUMMARY]], "line 5 is behind the summary"],
    [
      "a session less",
      (lines) => lines.filter((_, index) => index !== SESSION),
      "0 sessions, and the manifest says 1",
    ],
  ])(
    "with %s is merged into nothing, and the line is named without a stack trace",
    async (_what, change, found) => {
      await forge((lines) => change(lines as unknown as Lines));
      const { status, stderr } = await program("merge", folder);
      const { key } = parseManifest(readFileSync(join(folder, "chain", "000001.json")))!.parts[0]!;
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining(`  found    ${found}`) as string,
      });
      expect(stderr).toContain(`${folder}: ${key} is no report of session-audit`);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it("with a coverage without witnesses does not stop verify", async () => {
    await forge((lines) => without(lines as unknown as Lines, COVERED, "witnesses"));
    expect(await program("verify", folder)).toMatchObject({
      stderr: "",
      stdout: expect.stringContaining("1 report") as string,
    });
  });
});

it.each(["file", "file/below"])("keeps and reads no reports in %s, before a target is read", async (name) => {
  writeFileSync(join(folder, "file"), "");
  for (const words of [
    ["--out", join(folder, name), "--parallel", "1"],
    ["verify", join(folder, name)],
  ]) {
    const { status, stdout, stderr } = await program(...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("there is a file where the folder of the kept reports would be");
  }
});

it("merges nothing that another key has signed, or whose end was cut off", async () => {
  const { sha256 } = await keep(ROWS, 8);
  const key = publicKeyFile();
  const merged = await program("merge", folder, "--public-key", key, "--last", sha256);
  expect(merged).toMatchObject({ status: 3 });
  expect(merged.stderr).not.toContain("Signatures were not checked");
  const theirs = join(folder, "theirs.pem");
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  writeFileSync(theirs, other.export({ type: "spki", format: "pem" }));
  for (const [argv, problem] of [
    [["--public-key", theirs], "wrong-signature"],
    [["--last", "0".repeat(64)], "other-end"],
  ] as const) {
    const { status, stdout, stderr } = await program("merge", folder, ...argv);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(problem);
  }
});

it("says that a merge without a key proves nothing", async () => {
  await keep(ROWS, 8);
  expect((await program("merge", folder)).stderr).toContain("Signatures were not checked");
});

it.each([
  [["verify", "https://acme"], "a folder, or s3://"],
  [["verify", "s3://A"], "a folder, or s3://"],
  [["verify", "x", "--last", "1"], "64 hexadecimal digits"],
  [["verify", "x", "--public-key", "missing.pem"], "--public-key missing.pem"],
  [["merge", "x", "--since", "yesterday"], "like 2026-11-01"],
  [["merge", "x", "--last", "1"], "64 hexadecimal digits"],
  [["merge", "x", "--public-key", "missing.pem"], "--public-key missing.pem"],
  [["merge", "x", "--csv", "--json"], "cannot be used with"],
  [["--sign", "alias/reports"], "--out is missing"],
  [["--out", "http://acme"], "a folder, or s3://"],
])("says what is wrong with %j", async (argv, words) => {
  const { status, stdout, stderr } = await program(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(words);
});
