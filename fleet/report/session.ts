import { resolve } from "node:path";
import { widthOf } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";
import { prose, visible } from "../../pages/visible";
import type { Report, SessionRow } from "../../report/model";
import { asciicast } from "../../report/replay/asciicast";
import { recordingOf } from "../../report/replay/recording";
import { html, type Replay } from "../../report/render/html";
import { rowKey } from "../../report/row-key";
import { MEANINGS } from "../../report/verdicts";
import { writeOutput } from "../output-file";
import { evidenceCard } from "./evidence-card";
import { play, withoutPace, type PlayProps } from "./play";
import { placesOf } from "./places";
import { readersOf, readersText } from "./readers";
import { targetOf, transcriptOf, writtenIn, type RecordProps } from "./records";
import { OF_ONE, type SessionOptions } from "./session-options";
import { styles } from "./styles";
import { trailBucketOf } from "./trail-bucket";
import { trailClient } from "./trail-reader";

/** What {@link showSession} and {@link writePage} need beside the report. */
export interface SessionProps extends RecordProps {
  /** @see PlayProps.wait */
  readonly wait?: PlayProps["wait"];
}

/**
 * Shows one session: what is known of it, and on demand its records.
 * @throws UserError if the report has no such session, or AWS refuses to open its records
 */
export async function showSession(
  report: Report,
  options: SessionOptions,
  props: SessionProps,
): Promise<void> {
  const { io, signal, wait } = props;
  const { stdout, env } = io;
  if (report.rows.length === 0) throw notFound(report, options.session!);
  const needing = OF_ONE.find((name) => options[name]);
  if (needing === undefined) {
    const look = {
      width: widthOf(stdout, env),
      timeZone: report.header.timeZone,
      styled: styles(stdout, env),
    };
    stdout.write(report.rows.map((row) => evidenceCard(row, look)).join("\n"));
    return;
  }
  const row = onlyOne(report.rows, needing);
  const { kind, words } = row.verdict;
  // Said before the records are shown, which cannot say it of themselves.
  if (kind === "contradicted") io.stderr.write(`${MEANINGS[kind].title}: ${prose(words.join(" "))}\n`);
  if (options.readers) stdout.write(await readersIn(report, row, options.trail as string, props));
  if (options.transcript) stdout.write(await transcriptOf(row, props));
  if (!options.replay && options.asciicast === undefined) return;
  const written = await writtenIn(row, props);
  if (options.asciicast !== undefined) {
    const file = resolve(io.cwd, options.asciicast);
    await writeOutput("--asciicast", file, asciicast(recordingOf(written), visible(row.id)));
    io.stderr.write(`Asciicast: ${file}\n`);
  }
  if (!options.replay) return;
  if (stdout.isTTY !== true) {
    stdout.write(withoutPace(written));
    return;
  }
  await play(recordingOf(written), {
    output: stdout,
    speed: Number(options.speed),
    longestPause: Number(options.longestPause),
    signal,
    wait,
  });
}

/**
 * Writes a report as one HTML page. The page about one session has its replay and its transcript, as far as AWS lets them
 * be read; what it refuses is said on stderr.
 * @throws UserError if the file cannot be written
 */
export async function writePage(report: Report, options: SessionOptions, props: SessionProps): Promise<void> {
  const { io } = props;
  const file = resolve(io.cwd, options.html!);
  const replays = new Map<string, Replay>();
  for (const row of options.session === undefined ? [] : report.rows) {
    const attempt = async <T>(of: () => Promise<T>): Promise<T | null> => {
      try {
        return await of();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        io.stderr.write(`${error.message}\n`);
        return null;
      }
    };
    const written = row.logStream === null ? null : await attempt(() => writtenIn(row, props));
    const transcript = row.transcript === null ? null : await attempt(() => transcriptOf(row, props));
    if (written !== null || transcript !== null)
      replays.set(rowKey(row), { recording: recordingOf(written ?? []), transcript });
  }
  await writeOutput("--html", file, html(report, replays));
  io.stderr.write(`Report: ${file}\n`);
}

/** Who read the transcript of a session, in words. */
async function readersIn(
  { header }: Report,
  row: SessionRow,
  url: string,
  { organization, io, signal }: SessionProps,
): Promise<string> {
  const { transcript } = row;
  if (transcript === null)
    throw new UserError({
      what: `Session ${visible(row.id)} has no transcript that somebody could read.`,
      remedy: "Leave --readers out.",
    });
  const place = placesOf(organization, targetOf(organization, row)).transcripts;
  const s3 = trailClient(organization, io.env);
  try {
    const readers = await readersOf(transcript, {
      s3,
      organization,
      signal,
      trail: trailBucketOf(url),
      region: place?.region ?? row.region,
      until: new Date(header.generatedAt),
    });
    return readersText(readers, transcript, {
      width: widthOf(io.stdout, io.env),
      timeZone: header.timeZone,
    });
  } finally {
    s3.destroy();
  }
}

function onlyOne(rows: readonly SessionRow[], option: string): SessionRow {
  const [first, ...others] = rows;
  if (others.length === 0) return first!;
  throw new UserError({
    what: `--${option}: ${rows.length} sessions have this id.`,
    found: rows.map(({ account, region }) => `${visible(account)} ${region}`).join(", "),
    remedy: "Select one account and region with --account and --region.",
  });
}

function notFound({ coverage, header }: Report, session: string): UserError {
  const open = coverage.filter(({ covered }) => !covered);
  return new UserError({
    what: `--session ${JSON.stringify(session)}: no such session from ${header.period.since} until ${header.period.until}.`,
    ...(open.length > 0 && {
      found: `${open.length} of ${coverage.length} targets could not be read to the end, so it may exist there: ${open
        .slice(0, 5)
        .map(({ account, region }) => `${account} ${region}`)
        .join(", ")}`,
    }),
    remedy: "Check the id, the period (--since), and the selected accounts.",
    exitCode: open.length > 0 ? 4 : 1,
  });
}
