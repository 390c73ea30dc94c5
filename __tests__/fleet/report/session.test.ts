import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { checkMap } from "../../../stacks/read-organization";
import { placesOf } from "../../../fleet/report/places";
import { readStream, readTranscript } from "../../../fleet/report/content";
import { evidenceCard } from "../../../fleet/report/evidence-card";
import { showSession, writePage, type SessionProps } from "../../../fleet/report/session";
import { checkSessionOptions, type SessionOptions } from "../../../fleet/report/session-options";
import type { Clients } from "../../../fleet/target-clients";
import type { Report, SessionRow } from "../../../report/model";
import { HOSTILE_VALUES } from "../../fixtures/hostile-values";
import { coverage, hostileRow, reportOf, row, transcript } from "../../fixtures/reports";
import { exampleWith } from "../../helpers/example";
import { hostileTexts } from "../../report/replay/hostile-texts";

const ORGANIZATION = checkMap(
  exampleWith(() => undefined),
  "the example map",
);
const TARGET = ORGANIZATION.targets[0]!;
const START = Date.parse("2026-11-24T09:00:00Z");
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A session of a target of the example map. */
const session = (change: Partial<SessionRow> = {}): SessionRow =>
  row({ account: TARGET.account.name, accountId: TARGET.account.id, region: TARGET.region, ...change });

interface Call {
  readonly account: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

interface World extends SessionProps {
  readonly calls: Call[];
  readonly waited: number[];
  stdout(): string;
  stderr(): string;
}

/** Surroundings in which AWS answers with a stream and a transcript, and time passes at once. */
function world(
  answers: { events?: readonly string[]; transcript?: string; refusal?: string; tty?: boolean } = {},
): World {
  const [calls, waited]: [Call[], number[]] = [[], []];
  let [out, err] = ["", ""];
  const answer = (account: string, region: string) => async (command: { input: Record<string, unknown> }) => {
    calls.push({ account, region, input: command.input });
    if (answers.refusal !== undefined)
      throw Object.assign(new Error(answers.refusal), { name: "AccessDeniedException", $metadata: {} });
    if ("logGroupName" in command.input) {
      const events = (answers.events ?? []).map((message, index) => ({
        timestamp: START + index * 5_000,
        message,
      }));
      return command.input["nextToken"] === undefined
        ? { events, nextForwardToken: "end" }
        : { events: [], nextForwardToken: "end" };
    }
    return { Body: { transformToString: async () => answers.transcript ?? "" } };
  };
  return {
    organization: ORGANIZATION,
    calls,
    waited,
    clients: {
      of: ({ id }, region) => {
        const send = answer(id, region);
        return {
          logs: Object.assign(new CloudWatchLogsClient({ region }), { send }),
          s3: Object.assign(new S3Client({ region }), { send }),
          close: () => undefined,
        } as unknown as Clients;
      },
    },
    io: {
      stdout: { write: (text) => (out += text), ...(answers.tty && { isTTY: true }), columns: 100 },
      stderr: { write: (text) => (err += text) },
      env: {},
      cwd: tmpdir(),
    },
    wait: async (milliseconds) => waited.push(milliseconds),
    stdout: () => out,
    stderr: () => err,
  };
}

const OPTIONS: SessionOptions = { session: row().id, speed: "1", longestPause: "2" };
const shown = async (
  rows: readonly SessionRow[],
  options: Partial<SessionOptions>,
  props: World,
): Promise<string> => {
  await showSession(reportOf(rows), { ...OPTIONS, ...options }, props);
  return props.stdout();
};
const message = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );

describe("one session", () => {
  it("is shown with everything that is known of it", async () => {
    const text = await shown([session()], {}, world());
    for (const value of [
      "Recorded: alice-",
      "203.0.113.10",
      "Ht5x.v1",
      "COMPLIANCE",
      "CRC64NVME:4Ndlh2CLhmU=",
      "INC-1234",
    ])
      expect(text).toContain(value);
  });

  it("whose records contradict it says so before they are shown", async () => {
    const verdict = { kind: "contradicted", words: ["1 event names\u202e the instance i-0bad."] } as const;
    const props = world({ transcript: "$ id" });
    expect(await shown([session({ verdict })], { transcript: true }, props)).toContain("$ id");
    expect(props.stderr()).toBe(
      "Record contradicts the session: 1 event names\\u202e the instance i-0bad.\n",
    );
  });

  it("opens no record unless it is asked to", async () => {
    const props = world();
    await shown([session()], {}, props);
    expect(props.calls).toEqual([]);
  });

  it("that is not there is an error, which names targets that could not be read", async () => {
    const denied = { status: "not-covered", reason: "AccessDenied" } as const;
    const report: Report = reportOf([], { coverage: [coverage("orders", "eu-west-1", { history: denied })] });
    const text = await message(showSession(report, OPTIONS, world()));
    expect(text).toContain("no such session");
    expect(text).toContain("orders eu-west-1");
  });

  it("with an id that two accounts have is shown twice, and not played", async () => {
    const two = [session(), session({ accountId: "555555555555", account: "other" })];
    expect((await shown(two, {}, world())).match(/Session id/g)).toHaveLength(2);
    expect(await message(shown(two, { replay: true }, world()))).toContain("2 sessions have this id");
  });
});

describe("a replay", () => {
  const events = ["$ ls\n", "\u001b[31mtotal\u001b[0m\n", "\u001b]0;evil\u0007bye\n"];

  it("waits as long as the session did on a terminal, at its speed and with shorter pauses", async () => {
    const props = world({ events, tty: true });
    await shown([session()], { replay: true, longestPause: "4" }, props);
    expect(props.waited).toEqual([4_000, 4_000]);
    const fast = world({ events, tty: true });
    await shown([session()], { replay: true, longestPause: "60", speed: "2" }, fast);
    expect(fast.waited).toEqual([2_500, 2_500]);
  });

  it("sends colours and marks to a terminal, and its own looks at the end", async () => {
    const text = await shown([session()], { replay: true }, world({ events, tty: true }));
    expect(text).toBe("$ ls\n\u001b[0;31mtotal\u001b[0m\n\u001b[7m␛]0;evil␇\u001b[27mbye\n\u001b[0m");
  });

  it("is plain text where there is no terminal, without a pause", async () => {
    const props = world({ events });
    expect(await shown([session()], { replay: true }, props)).toBe("$ ls\ntotal\n␛]0;evil␇bye\n");
    expect(props.waited).toEqual([]);
  });

  it("gives the terminal its looks back when it is interrupted", async () => {
    const stopped = new AbortController();
    const props = { ...world({ events, tty: true }), signal: stopped.signal };
    const wait = async () => stopped.abort(new Error("interrupted"));
    expect(
      await message(showSession(reportOf([session()]), { ...OPTIONS, replay: true }, { ...props, wait })),
    ).toBe("interrupted");
    expect(props.stdout()).toMatch(/\u001b\[0m$/);
  });

  it("reads the stream from its beginning, through the role of the account", async () => {
    const props = world({ events });
    await shown([session()], { replay: true }, props);
    expect(props.calls[0]).toEqual({
      account: TARGET.account.id,
      region: TARGET.region,
      input: expect.objectContaining({ logGroupName: "/session-audit/acme/sessions", startFromHead: true }),
    });
  });

  it("of 500 hostile values sends nothing to a terminal that is not a step", async () => {
    const text = await shown([session()], { replay: true }, world({ events: hostileTexts(500), tty: true }));
    const allowed = /\u001b\[(?:0(?:;[14])*(?:;3[1-6])?m|7m|27m|[12]?K)|[\n\r\t\b]/g;
    expect(UNSEEN.test(text.replace(allowed, ""))).toBe(false);
  });

  it("needs a log stream", async () => {
    expect(await message(shown([session({ logStream: null })], { replay: true }, world()))).toContain(
      "no log stream",
    );
  });
});

describe("a transcript", () => {
  it("is safe text, in which nothing is overwritten", async () => {
    expect(
      await shown([session()], { transcript: true }, world({ transcript: "rm -rf /\rls\r\n\u001b[2J" })),
    ).toBe("rm -rf /␍ls\n␛[2J\n");
  });

  it("is the version that the report is about, read through the account that owns the bucket", async () => {
    const props = world({ transcript: "x" });
    await shown([session()], { transcript: true }, props);
    const place = placesOf(ORGANIZATION, TARGET).transcripts!;
    expect(props.calls[0]).toEqual({
      account: place.account.id,
      region: place.region,
      input: { Bucket: "acme-sessions", Key: transcript().key, VersionId: "Ht5x.v1" },
    });
  });

  it("that AWS refuses to open is an error with AWS's words and what is needed", async () => {
    const text = await message(
      shown([session()], { transcript: true }, world({ refusal: "no s3:GetObject\u001b[2J" })),
    );
    expect(text).toContain("AccessDeniedException: no s3:GetObject\\u001b[2J");
    expect(text).toContain("kms:Decrypt");
  });

  it.each([
    ["does not exist", null],
    ["is hidden by a delete marker alone", transcript({ versions: 0, deleted: true })],
  ])("that %s is an error", async (_name, of) => {
    expect(await message(shown([session({ transcript: of })], { transcript: true }, world()))).toContain(
      "no transcript",
    );
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-session-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("have an asciicast that only its owner reads", async () => {
    const file = join(folder, "x.cast");
    await shown([session()], { asciicast: file }, world({ events: ["$ ls"] }));
    const [header, line] = readFileSync(file, "utf8")
      .split("\n")
      .map((text) => JSON.parse(text || "null") as object);
    expect(header).toMatchObject({ version: 2, title: row().id });
    expect(line).toEqual([0, "o", "$ ls\r\n"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("have a page with the replay and the transcript of the session", async () => {
    const file = join(folder, "x.html");
    await writePage(
      reportOf([session()]),
      { ...OPTIONS, html: file },
      world({ events: ["$ ls"], transcript: "$ ls" }),
    );
    expect(readFileSync(file, "utf8")).toContain('id="replay-0"');
  });

  it("have a page without records that AWS refuses to open, which it says", async () => {
    const file = join(folder, "x.html");
    const props = world({ refusal: "no" });
    await writePage(reportOf([session()]), { ...OPTIONS, html: file }, props);
    expect(readFileSync(file, "utf8")).not.toContain('id="replay-0"');
    expect(props.stderr()).toContain("AWS refuses to open the log stream");
  });

  it("have a page of all sessions, for which no record is opened", async () => {
    const props = world();
    const { session: _none, ...options } = OPTIONS;
    await writePage(reportOf([session()]), { ...options, html: join(folder, "x.html") }, props);
    expect(props.calls).toEqual([]);
  });

  it("that cannot be written are an error", async () => {
    expect(
      await message(
        writePage(reportOf([session()]), { ...OPTIONS, html: join(folder, "none", "x.html") }, world()),
      ),
    ).toContain("--html");
  });
});

describe("options", () => {
  it.each([
    [{ replay: true, session: undefined }, "--replay without --session"],
    [{ transcript: true, session: undefined }, "--transcript without --session"],
    [{ asciicast: "x", session: undefined }, "--asciicast without --session"],
    [{ readers: true, session: undefined }, "--readers without --session"],
    [{ readers: true }, "--readers without --trail"],
    [{ readers: true, trail: false as const }, "--readers without --trail"],
    [{ speed: "0" }, "0.5 to 16"],
    [{ speed: "fast" }, "0.5 to 16"],
    [{ longestPause: "-1" }, "0 to 86400"],
  ])("%j are refused", (options, words) => {
    expect(() => checkSessionOptions({ ...OPTIONS, ...options })).toThrow(words);
  });

  it.each([{}, { speed: "0.5" }, { html: "x", session: undefined }, { longestPause: "0" }])(
    "%j are taken",
    (options) => {
      expect(() => checkSessionOptions({ ...OPTIONS, ...options })).not.toThrow();
    },
  );
});

describe("what is read", () => {
  const { of } = world({ events: ["x".repeat(10), "y".repeat(10)] }).clients;

  it("ends where a stream is too long, and says so", async () => {
    const { logs } = of(TARGET.account, TARGET.region);
    expect(await readStream(logs, { group: "g", name: "s" }, { most: 15 })).toMatchObject({
      content: [{ message: "x".repeat(10) }],
      isCut: true,
    });
    expect(await readStream(logs, { group: "g", name: "s" }, { most: 20 })).toMatchObject({ isCut: false });
  });

  it("ends where a transcript is too long, and says so", async () => {
    const props = world();
    const { s3 } = props.clients.of(TARGET.account, TARGET.region);
    expect(
      await readTranscript(s3, { bucket: "b", key: "k", versionId: null, size: 100 }, { most: 10 }),
    ).toEqual({ content: "", isCut: true });
    expect(props.calls[0]!.input).toEqual({ Bucket: "b", Key: "k", Range: "bytes=0-9" });
  });
});

it("the evidence of hostile values has no character that a reader cannot see", () => {
  const cards = HOSTILE_VALUES.map(({ value }, index) =>
    evidenceCard(hostileRow(value, index), { width: 80, timeZone: "UTC", styled: (_format, text) => text }),
  );
  expect(cards.filter((card) => UNSEEN.test(card.replaceAll("\n", "")))).toEqual([]);
});
