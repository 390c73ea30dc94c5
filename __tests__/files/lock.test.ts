import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { takeLock } from "../../files/lock";
import { TSX } from "../helpers/tsx";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-lock-"));
  file = join(directory, "lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Holders whose names begin with "dead" have ended. */
const isDead = (content: string) => content.startsWith("dead");
const take = (me: string) => takeLock(file, me, isDead);
const content = () => readFileSync(file, "utf8");

it("names a lock that is a folder", async () => {
  mkdirSync(file);
  await expect(take("first")).rejects.toMatchObject({ code: "EISDIR", path: file });
});

it("gives a lock to one holder, and to the next one after its release", async () => {
  const first = await take("first");
  expect(await take("second")).toEqual({ heldBy: "first" });
  if ("release" in first) await first.release();
  expect(await take("second")).toHaveProperty("release");
  expect(content()).toBe("second");
});

it("leaves nothing beside the lock, whatever it has found", async () => {
  writeFileSync(file, "dead");
  await take("first");
  await take("second");
  expect(readdirSync(directory)).toEqual(["lock"]);
});

it("takes over the lock of a holder that has ended", async () => {
  writeFileSync(file, "dead");
  expect(await take("me")).toHaveProperty("release");
  expect(content()).toBe("me");
});

it("takes a lock over from a process that has ended while it took it over", async () => {
  writeFileSync(file, "dead");
  // The second lock, by which "dead 2" was about to replace the lock.
  await takeLock(file, "me", (found) => {
    const [name] = readdirSync(directory).filter((one) => one.startsWith("lock.after-"));
    if (name !== undefined) writeFileSync(join(directory, name), "dead 2");
    return isDead(found);
  });
  expect(content()).toBe("me");
});

it("holds a lock for another process whose content says nothing", async () => {
  writeFileSync(file, "");
  expect(await take("me")).toEqual({ heldBy: "" });
  expect(content()).toBe("");
});

it("replaces no lock that another process has taken over in the meantime", async () => {
  writeFileSync(file, "dead");
  let looks = 0;
  const taken = await takeLock(file, "slow", (found) => {
    // The other process is done between the look of this one at the dead holder and its next step.
    if (looks++ === 0) writeFileSync(file, "fast");
    return isDead(found);
  });
  expect(taken).toEqual({ heldBy: "fast" });
  expect(content()).toBe("fast");
});

it("takes over nothing while another process is about to", async () => {
  writeFileSync(file, "dead");
  let other: unknown;
  let looks = 0;
  const taken = takeLock(file, "first", (found) => {
    // From the second look on, this process holds the second lock.
    if (looks++ === 1) other = take("second");
    return isDead(found);
  });
  expect(await taken).toHaveProperty("release");
  expect(await other).toEqual({ heldBy: "first" });
});

const ROUNDS = 300;

/** Processes that all try to take the same locks. @returns for each process and lock what it has found */
async function contended(processes: number): Promise<{ found: string; round: number }[]> {
  const script = join(__dirname, "lock-contender.ts");
  const all = Array.from({ length: processes }, () => {
    const child = spawn(process.execPath, [...TSX, script, directory, String(ROUNDS)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, ended: once(child, "exit"), next: async () => (await lines.next()).value as string };
  });
  for (const { next } of all) expect(await next()).toBe("ready");
  for (const { child } of all) child.stdin.write("go\n");
  for (const { next } of all) expect(await next()).toBe("done");
  const notes = readdirSync(directory).flatMap((name) => {
    const [, found, round] = /^(held|others|half)\.(\d+)\./.exec(name) ?? [];
    return found === undefined ? [] : [{ found, round: Number(round) }];
  });
  for (const { child } of all) child.stdin.end();
  await Promise.all(all.map(({ ended }) => ended));
  return notes;
}

it("has one holder among many processes, for free locks and for those of a process that has ended", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  for (let round = 0; round < ROUNDS; round += 2)
    writeFileSync(join(directory, `lock.${round}`), String(pid));
  const notes = await contended(6);
  const holders = notes.filter(({ found }) => found === "held").map(({ round }) => round);
  expect(holders.sort((a, b) => a - b)).toEqual(Array.from({ length: ROUNDS }, (_, round) => round));
  expect(notes.filter(({ found }) => found === "half")).toEqual([]);
});
