import type { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { tellOnce, type Run } from "../../guard/guard";
import type { Report } from "../../guard/messages";
import type { ReportBook } from "../../guard/report-book";
import { CONFIGURATION } from "./configuration";

const OWN = CONFIGURATION.topicArn!;
const CENTRAL = "arn:aws:sns:eu-west-1:777777777777:session-audit-acme-all-security";
const central = { topicArn: CENTRAL, chatTopicArn: `${CENTRAL}-chat` };
const REPORT = { action: "SessionEnded", session: "s1" } as unknown as Report;

/** Tells the report with a configuration. Returns where it went: region, topic and id in the report book. */
async function told(more: Partial<Run["configuration"]>, fails: readonly string[] = []) {
  const published: string[] = [];
  const ids: string[] = [];
  const run = {
    configuration: { ...CONFIGURATION, ...more },
    book: {
      async once(id: string, tell: () => Promise<unknown>) {
        ids.push(id);
        await tell();
        return true;
      },
    } as unknown as ReportBook,
    sns: (region: string) =>
      ({
        async send({ input }: PublishCommand) {
          if (fails.includes(input.TopicArn!)) throw new Error(`cannot publish to ${input.TopicArn}`);
          published.push(`${region} ${input.TopicArn}`);
        },
      }) as unknown as SNSClient,
  } as unknown as Run;
  const outcome = await tellOnce(run, REPORT, "id").catch((error: Error) => error.message);
  return { published, ids, outcome };
}

it("tells the account's own topic alone without central topics", async () => {
  expect(await told({})).toEqual({ published: [`eu-central-1 ${OWN}`], ids: ["id"], outcome: true });
});

it("tells the central topics in their own region, with ids of their own in the report book", async () => {
  expect(await told({ topicArn: null, central })).toEqual({
    published: [`eu-west-1 ${CENTRAL}`, `eu-west-1 ${CENTRAL}-chat`],
    ids: ["id/central", "id/central/chat"],
    outcome: true,
  });
});

it("tells both topics if the account has one of its own", async () => {
  expect((await told({ central })).published[0]).toBe(`eu-central-1 ${OWN}`);
  expect((await told({ central })).published).toHaveLength(3);
});

it("tells the central topics although the account's own topic fails, and then fails", async () => {
  expect(await told({ central }, [OWN])).toMatchObject({
    published: [`eu-west-1 ${CENTRAL}`, `eu-west-1 ${CENTRAL}-chat`],
    outcome: `cannot publish to ${OWN}`,
  });
});
