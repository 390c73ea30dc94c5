import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { EXIT } from "../../../fleet/command";
import { holdFolder, refuseRunning, thisHolder } from "../../../fleet/deploy/hold";
import { Journal, type Holder } from "../../../fleet/deploy/journal";
import { inMemory } from "./in-memory";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-hold-"));
  file = join(directory, "deploy.lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ended = () => spawnSync(process.execPath, ["--version"]).pid;
const hold = () => holdFolder(file, thisHolder());

it("holds a folder until it is given back", async () => {
  const release = await hold();
  await expect(hold()).rejects.toMatchObject({
    message: expect.stringContaining(`(process ${process.pid}) deploys this plan folder`) as string,
    exitCode: EXIT.elsewhere,
  });
  await release();
  await (
    await hold()
  )();
});

it.each`
  holder                                      | what                               | verdict
  ${() => ["alice", hostname(), ended()]}     | ${"a process here that has ended"} | ${"taken"}
  ${() => ["alice", "elsewhere", ended()]}    | ${"a process of another machine"}  | ${"alice on elsewhere"}
  ${() => ["alice", hostname(), process.pid]} | ${"a process here that runs"}      | ${"alice on"}
`("finds a folder that $what holds: $verdict", async ({ holder, verdict }) => {
  const [user, host, pid] = (holder as () => [string, string, number])();
  writeFileSync(file, JSON.stringify({ user, host, pid }));
  if (verdict === "taken") await (await hold())();
  else await expect(hold()).rejects.toThrow(verdict as string);
});

it.each(["", "{", "null", "{}", '{"user":"alice"}'])(
  "leaves a folder alone whose lock is %j, and says what to do",
  async (content) => {
    writeFileSync(file, content);
    await expect(hold()).rejects.toMatchObject({
      message: expect.stringMatching(
        /does not say who deploys this plan folder[\s\S]*remove this file/,
      ) as string,
      exitCode: EXIT.elsewhere,
    });
    expect(readFileSync(file, "utf8")).toBe(content);
  },
);

describe("a journal without an end", () => {
  const opened = async (holder: Holder) => {
    const journal = await Journal.open(inMemory(), "origin");
    await journal.add({ event: "opened", holder });
    return journal;
  };
  const refused = (journal: Journal, options: { resume: boolean; takeOver: boolean }) => {
    try {
      refuseRunning(journal, thisHolder(), options);
      return null;
    } catch (error) {
      return error;
    }
  };
  const elsewhere = { user: "alice", host: "elsewhere", pid: 1 };

  it("is somebody else's deployment: exit code 5", async () => {
    expect(refused(await opened(elsewhere), { resume: true, takeOver: false })).toMatchObject({
      message: expect.stringContaining("alice on elsewhere (process 1) has begun") as string,
      exitCode: EXIT.elsewhere,
    });
  });

  it("goes on if its machine is lost, or if its process here has ended", async () => {
    expect(refused(await opened(elsewhere), { resume: true, takeOver: true })).toBeNull();
    const here = { user: "alice", host: hostname(), pid: ended() };
    expect(refused(await opened(here), { resume: true, takeOver: false })).toBeNull();
  });

  it("is not deployed a second time without --resume, which nobody else's deployment is the reason for", async () => {
    const journal = await opened({ user: "alice", host: hostname(), pid: ended() });
    expect(refused(journal, { resume: false, takeOver: false })).toMatchObject({
      message: expect.stringContaining("deployed before") as string,
      exitCode: EXIT.failed,
    });
  });
});
