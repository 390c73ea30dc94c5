import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AccountsMap } from "../../accounts/schema";
import type { Emulator } from "../../emulator";
import type { Format } from "../../processes/terminal";
import { names } from "../../stacks/names";
import type { Journal } from "../progress";
import { expect, words, type Commands } from "../commands";
import { excerptOf } from "./excerpt";
import { changingStacks, checkJournal } from "./journal-checks";
import { ACCOUNTS, CHANGES, changedMap, mapDifference, REGION, ROLES, ROLLOUT_MAP } from "./map";
import {
  changeRetention,
  changeTrust,
  createTrustedRole,
  pipelineArn,
  type TrustedRole,
} from "./surroundings";

/** Names of the files in the directory in which the demo works. */
export const FILES = { map: "acme.json", plans: "plans", review: "review.html" } as const;

/** The plan folders, in the order in which they are made. */
export const PLANS = { first: "plans/first", changed: "plans/changed", accepted: "plans/accepted" } as const;

/** The canary: the first account that gets a change. */
const CANARY = `session-sandbox-${REGION}`;
/** Where somebody changes something by hand: the log group of the sessions in payments. */
const BY_HAND = {
  accountId: ACCOUNTS.payments,
  region: REGION,
  logGroup: names.logGroup({ organization: ROLLOUT_MAP.organization.name }),
  days: 7,
} as const;

/** What the story needs. */
export interface StoryProps {
  /** An empty directory, in which the map and the plan folders are. */
  readonly directory: string;
  readonly emulator: Emulator;
  readonly commands: Commands;
  readonly journal: Journal;
  /** Gives a text a colour, where the output has colours. */
  readonly styled: (format: Format, text: string) => string;
}

/**
 * Deploys an organization, changes it, refuses the change, deploys a part of it through a failure, and finds a change
 * that somebody made by hand.
 * @throws UnexpectedOutcome as soon as something differs from what the demo expects
 */
export async function tell(props: StoryProps): Promise<void> {
  const trust = await createRoles(props.emulator);
  await deployFirst(props);
  await refuseChanges(props);
  await deployThroughFailure(props, trust);
  await findDrift(props);
}

/** Creates the roles of the pipeline in each account. @returns the role that deploys the canary */
async function createRoles(emulator: Emulator): Promise<TrustedRole> {
  const trusts = await pipelineArn(emulator, REGION);
  for (const accountId of Object.values(ACCOUNTS)) {
    for (const role of Object.values(ROLES)) {
      await createTrustedRole(emulator, { accountId, region: REGION, role, trusts });
    }
  }
  return { accountId: ACCOUNTS.sandbox, region: REGION, role: ROLES.deploy, trusts };
}

const writeMap = (directory: string, map: AccountsMap) =>
  writeFile(join(directory, FILES.map), `${JSON.stringify(map, null, 2)}\n`);

function showDifference({ commands, styled }: StoryProps, before: AccountsMap, after: AccountsMap): void {
  for (const line of mapDifference(before, after)) {
    const style = line.startsWith("+") ? "green" : "red";
    commands.show(line, (text) => styled(style, text));
  }
}

async function deployFirst({ directory, journal, commands }: StoryProps): Promise<void> {
  const folder = join(directory, PLANS.first);
  journal.begin("plan");
  await writeMap(directory, ROLLOUT_MAP);
  const accounts = listed(Object.keys(ROLLOUT_MAP.accounts));
  journal.line(`${FILES.map} has the accounts ${accounts}, and the waves ${listed(WAVES)}.`);
  await commands.run(`plan --out ${PLANS.first}`, {
    exitCode: 2,
    meaning: "there are changes",
    says: ["0 without, 0 failed"],
  });
  journal.begin("deploy");
  const stacks = await changingStacks(folder);
  await commands.run(`deploy ${PLANS.first}`, {
    exitCode: 0,
    meaning: "every plan was applied, and a plan made afterwards is empty",
    says: [`${stacks.length} stacks applied, 0 without changes, 0 failed, 0 not started.`],
  });
  await checkJournal(folder, { applied: stacks, failed: [] });
}

const WAVES = ROLLOUT_MAP.waves!.map((wave) => (typeof wave === "string" ? wave : wave.name));

/** @example listed(["a", "b", "c"]) // "a, b and c" */
const listed = (names: readonly string[]) => `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

async function refuseChanges(props: StoryProps): Promise<void> {
  const { directory, journal, commands } = props;
  journal.begin("change");
  const after = changedMap(CHANGES);
  await writeMap(directory, after);
  journal.line(`Somebody edits ${FILES.map}: ${CHANGES.map(({ what }) => what).join("; ")}.`);
  showDifference(props, ROLLOUT_MAP, after);
  await commands.run(`plan --out ${PLANS.changed}`, {
    exitCode: 2,
    meaning: "there are changes",
    says: ["4 with changes, 4 without, 0 failed"],
  });
  journal.begin("review");
  await commands.run(`review ${PLANS.changed}`, {
    exitCode: 0,
    meaning: "the review was written",
    says: [
      "Refused if unrecorded: 3 of 3 → 2 of 3",
      "Shortest retention: 365 days → 30 days",
      "role/data-science",
      "soc@example.com no longer receives what is published",
    ],
    show: excerptOf,
  });
  await commands.run(`review ${PLANS.changed} --format html --out ${FILES.review}`, {
    exitCode: 0,
    meaning: "the page for the people who approve was written",
    says: [`Review: ${FILES.review}`],
  });
  await commands.run(`review ${PLANS.changed} --fail-on high --out review.txt`, {
    exitCode: 2,
    meaning: "the change is refused",
    says: ["--fail-on high: 4 high findings."],
  });
}

async function deployThroughFailure(props: StoryProps, role: TrustedRole): Promise<void> {
  const { directory, emulator, journal, commands } = props;
  const folder = join(directory, PLANS.accepted);
  journal.begin("again");
  const acceptable = changedMap(CHANGES.filter(({ isAcceptable }) => isAcceptable));
  await writeMap(directory, acceptable);
  journal.line(`The other changes are taken back. What is left in ${FILES.map}:`);
  showDifference(props, ROLLOUT_MAP, acceptable);
  await commands.run(`plan --out ${PLANS.accepted}`, {
    exitCode: 2,
    meaning: "there are changes",
    says: ["3 with changes, 5 without, 0 failed"],
  });
  await commands.run(`review ${PLANS.accepted} --fail-on high --out review.txt`, {
    exitCode: 0,
    meaning: "no finding is of severity high or worse",
    says: [],
  });
  const changing = await changingStacks(folder);
  expect(changing.includes(CANARY), `${CANARY} was not planned to change`);

  journal.begin("stop");
  await changeTrust(emulator, { ...role, trusts: `arn:aws:iam::${ACCOUNTS.archive}:root` });
  journal.line(`Meanwhile, somebody in sandbox takes the pipeline out of the trust policy of ${role.role}.`);
  await commands.run(`deploy ${PLANS.accepted}`, {
    exitCode: 1,
    meaning: "a stack failed, so the next wave did not start",
    says: [
      `${CANARY}: failed`,
      "is not authorized to perform: sts:AssumeRole",
      "wave canary stopped after 1 failure",
      `Go on with: npx session-audit deploy ${PLANS.accepted} --resume --reconcile`,
    ],
  });
  await checkJournal(folder, { applied: [], failed: [CANARY] });

  journal.begin("resume");
  await changeTrust(emulator, role);
  journal.line(
    "The trust policy is as it was. Terraform has written the state before it failed, so --reconcile plans " +
      "that stack again, and applies the plan only if all of it was reviewed.",
  );
  await commands.run(`deploy ${PLANS.accepted} --resume --reconcile`, {
    exitCode: 0,
    meaning: "what was left is applied, and nothing twice",
    says: [`${changing.length} stacks applied, 5 without changes, 0 failed, 0 not started.`],
  });
  await checkJournal(folder, { applied: changing, failed: [CANARY] });
}

async function findDrift({ emulator, journal, commands }: StoryProps): Promise<void> {
  journal.begin("drift");
  await changeRetention(emulator, BY_HAND);
  const { logGroup, days } = BY_HAND;
  journal.line(`Somebody in payments lets the log group ${logGroup} keep ${days} days, in the console.`);
  const stdout = await commands.run("drift", {
    exitCode: 2,
    meaning: "somebody has changed something outside Terraform",
    says: [`session-payments-${REGION}`],
    show: excerptOf,
  });
  const found = words(stdout);
  const kept = String(ROLLOUT_MAP.logs!.retentionDays);
  expect(
    found.includes(logGroup) && found.includes(kept) && new RegExp(`\\b${days} days\\b`).test(found),
    `session-audit drift did not say that ${kept} days have become ${days}`,
    stdout,
  );
}
