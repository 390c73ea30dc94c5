import { arns, channelNames } from "../../../stacks/names";
import { centralKeyPolicy } from "../../../stacks/policies/central-policy";
import { keyUsesOf, sessionKeyPolicy } from "../../../stacks/policies/key-policy";
import { reportersEncrypt, reportersPublish } from "../../../stacks/policies/summary-policy";
import { topicPolicy } from "../../../stacks/policies/notification-policy";
import {
  actor,
  ADMINISTRATOR,
  administratorOf,
  ARCHIVE,
  at,
  decisionOn,
  encrypting,
  EU,
  exampleOrganization,
  keyIn,
  MEMBER,
  roleIn,
  STRANGER,
  targetIn,
  US,
  type Actor,
} from "./helpers";

/** Who publishes summaries of reports: a role of the topic's account, and roles of another account. */
const REPORTERS = [roleIn(ARCHIVE, "auditor"), roleIn(MEMBER, "audit/*")];
const strong = (account: string, name: string) => actor(roleIn(account, name), ADMINISTRATOR);
const WHO = {
  own: strong(ARCHIVE, "auditor"),
  abroad: strong(MEMBER, "audit/weekly"),
  bare: actor(roleIn(MEMBER, "audit/weekly")),
  other: strong(MEMBER, "auditor"),
  admin: administratorOf(MEMBER),
  home: administratorOf(ARCHIVE),
  stranger: strong(STRANGER, "audit/weekly"),
} satisfies Record<string, Actor>;

const home = at(ARCHIVE);
const { topic } = channelNames({ kind: "central", place: home });
const TOPIC = arns.topic(home, topic);

describe("the topic of the central channel, where the map has reporters,", () => {
  const policy = topicPolicy(home, topic, REPORTERS);
  const may = (who: Actor, action = "sns:Publish", resource = TOPIC, context = {}) =>
    decisionOn({ who, action, resource, owner: ARCHIVE, policy, context });

  it.each`
    who                                                | role          | expected
    ${"a reporter of its account"}                     | ${"own"}      | ${"Allowed"}
    ${"a reporter of another account"}                 | ${"abroad"}   | ${"Allowed"}
    ${"a reporter whose own policies do not allow it"} | ${"bare"}     | ${"ImplicitlyDenied"}
    ${"another role of that account"}                  | ${"other"}    | ${"ExplicitlyDenied"}
    ${"an administrator of that account"}              | ${"admin"}    | ${"ExplicitlyDenied"}
    ${"an administrator of the topic's account"}       | ${"home"}     | ${"ExplicitlyDenied"}
    ${"a role of that name of a third account"}        | ${"stranger"} | ${"ExplicitlyDenied"}
  `("accepts messages from $who: $expected", async ({ role, expected }) => {
    expect(await may(WHO[role as keyof typeof WHO])).toBe(expected);
  });

  it.each(["sns:Subscribe", "sns:SetTopicAttributes", "sns:AddPermission", "sns:DeleteTopic"])(
    "does not allow %s to reporters of another account",
    async (action) => {
      expect(await may(WHO.abroad, action)).toBe("ImplicitlyDenied");
    },
  );

  it("accepts none over plain http, and none for another topic", async () => {
    expect(await may(WHO.abroad, "sns:Publish", TOPIC, { "aws:SecureTransport": "false" })).toBe(
      "ExplicitlyDenied",
    );
    expect(await may(WHO.abroad, "sns:Publish", `${TOPIC}-chat`)).toBe("ImplicitlyDenied");
  });

  it("has no such statement where the map has none", () => {
    expect(topicPolicy(home, topic).Statement.map(({ Sid }) => Sid)).not.toContain("ReportersPublish");
  });
});

const SNS = (region = EU) => ({ "kms:ViaService": `sns.${region}.amazonaws.com` });

describe.each([
  ["the central channel", centralKeyPolicy(home, [topic, `${topic}-chat`], REPORTERS), TOPIC, ARCHIVE],
  [
    "a target",
    (() => {
      const target = targetIn(exampleOrganization(), "sandbox", EU);
      return sessionKeyPolicy(at(MEMBER), keyUsesOf(target, at(MEMBER), REPORTERS));
    })(),
    arns.topic(at(MEMBER), channelNames({ kind: "target", place: at(MEMBER) }).topic),
    MEMBER,
  ],
])("the key of %s, where the map has reporters,", (_, policy, topicArn, owner) => {
  const encrypts = async (who: Actor, context: object) =>
    Promise.all(
      ["kms:GenerateDataKey", "kms:Decrypt"].map((action) =>
        decisionOn({ who, action, resource: keyIn(owner), owner, policy, context: { ...context } }),
      ),
    );
  const both = (verdict: string) => [verdict, verdict];
  const forTopic = encrypting({ "aws:sns:topicArn": topicArn });

  it.each`
    who                                            | role          | context                                                                    | expected
    ${"a reporter of the archive account"}         | ${"own"}      | ${{ ...forTopic, ...SNS() }}                                               | ${"Allowed"}
    ${"a reporter of the member account"}          | ${"abroad"}   | ${{ ...forTopic, ...SNS() }}                                               | ${"Allowed"}
    ${"a reporter whose policies do not allow it"} | ${"bare"}     | ${{ ...forTopic, ...SNS() }}                                               | ${"ImplicitlyDenied"}
    ${"a reporter, not through SNS"}               | ${"abroad"}   | ${forTopic}                                                                | ${"ImplicitlyDenied"}
    ${"a reporter, through SNS of another region"} | ${"abroad"}   | ${{ ...forTopic, ...SNS(US) }}                                             | ${"ImplicitlyDenied"}
    ${"a reporter, for another topic"}             | ${"abroad"}   | ${{ ...encrypting({ "aws:sns:topicArn": `${topicArn}-chat` }), ...SNS() }} | ${"ImplicitlyDenied"}
    ${"a reporter, for a transcript"}              | ${"abroad"}   | ${{ ...encrypting({ "aws:s3:arn": "arn:aws:s3:::any" }), ...SNS() }}       | ${"ImplicitlyDenied"}
    ${"another role of the member account"}        | ${"other"}    | ${{ ...forTopic, ...SNS() }}                                               | ${"ImplicitlyDenied"}
    ${"a role of that name of a third account"}    | ${"stranger"} | ${{ ...forTopic, ...SNS() }}                                               | ${"ImplicitlyDenied"}
  `("encrypts for $who: $expected", async ({ role, context, expected }) => {
    expect(await encrypts(WHO[role as keyof typeof WHO], context as object)).toEqual(
      both(expected as string),
    );
  });

  it("allows reporters nothing else", async () => {
    for (const action of ["kms:Encrypt", "kms:CreateGrant", "kms:ReEncryptFrom"])
      expect(
        await decisionOn({
          who: WHO.abroad,
          action,
          resource: keyIn(owner),
          owner,
          policy,
          context: { ...forTopic, ...SNS() },
        }),
      ).toBe("ImplicitlyDenied");
  });
});

describe("the statements for roles that make reports", () => {
  it("are none if there are no roles, or no topics", () => {
    expect(reportersPublish(TOPIC, [])).toEqual([]);
    expect(reportersEncrypt(home, [TOPIC], [])).toEqual([]);
    expect(reportersEncrypt(home, [], REPORTERS)).toEqual([]);
    expect(reportersEncrypt(home, [], [])).toEqual([]);
  });

  it("say in their names what they are for", () => {
    const statements = [...reportersPublish(TOPIC, REPORTERS), ...reportersEncrypt(home, [TOPIC], REPORTERS)];
    expect(statements.map(({ Sid }) => Sid)).toEqual(["ReportersPublish", "ReportersPublishToTopics"]);
  });
});
