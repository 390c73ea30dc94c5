import pLimit from "p-limit";
import { Journal, type JournalLine } from "../deploy/journal";
import { s3Store } from "../deploy/journal-stores";

/** How many journals are read side by side. */
const PARALLEL = 16;

type Line = Extract<JournalLine, { event: "started" | "ended" }>;

const isOfStack = (line: JournalLine): line is Line => line.event === "started" || line.event === "ended";

/**
 * Adds to the journal of a deployment what workers have written into the journals of single stacks: one line after the
 * other, in the order of time, and none twice. Each worker writes into a journal that it shares with nobody, so that
 * workers do not wait for each other; this program alone writes the journal of the deployment.
 * @param journals folder of the journals of single stacks, as a URL
 * @throws UserError if one of these journals is not whole
 */
export async function collect(
  journal: Journal,
  stacks: readonly string[],
  journals: string,
  origin: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const limit = pLimit(PARALLEL);
  const read = async (id: string) =>
    (await Journal.open(await s3Store(`${journals}/${id}`, env), origin)).lines.filter(isOfStack);
  const found = (await Promise.all(stacks.map((id) => limit(read, id)))).flat();
  const known = new Set(journal.lines.filter(isOfStack).map(identityOf));
  const news = found.filter((line) => !known.has(identityOf(line)));
  for (const { sequence: _, previous: __, hash: ___, ...event } of news.sort((a, b) =>
    a.time < b.time ? -1 : 1,
  ))
    await journal.add(event);
}

/** A line happened once: at its time, to its stack. */
const identityOf = ({ stack, event, attempt, time }: Line): string => `${stack} ${event} ${attempt} ${time}`;
