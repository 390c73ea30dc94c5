import map from "../../fixtures/example-map";
import type { AccountsMap } from "../../../accounts/schema";
import {
  subscriptionOf,
  subscriptionPolicy,
  subscriptionTrust,
} from "../../../stacks/policies/log-subscription";
import {
  accountIn,
  actor,
  EU,
  MEMBER,
  OTHER_MEMBER,
  exampleOrganization,
  roleIn,
  service,
  sidsOf,
  STRANGER,
  US,
  decisionOn,
} from "./helpers";

type Subscription = NonNullable<NonNullable<AccountsMap["logs"]>["subscription"]>;

const subscriptionsIn = (name: string, subscription: Subscription, more: Partial<AccountsMap> = {}) => {
  const organization = exampleOrganization({ ...more, logs: { ...more.logs, subscription } });
  return accountIn(organization, name).targets.flatMap(
    (target) => subscriptionOf(organization, target) ?? [],
  );
};
const SIEM = { destinationArn: `arn:aws:logs:{region}:${STRANGER}:destination:siem` };
const STREAM = { destinationArn: "arn:aws:kinesis:{region}:{account}:stream/siem" };
const FIREHOSE = { destinationArn: "arn:aws:firehose:{region}:{account}:deliverystream/siem" };
const FUNCTION = { destinationArn: "arn:aws:lambda:{region}:{account}:function:siem" };

describe("a subscription", () => {
  it("has one destination in each region", () => {
    expect(subscriptionsIn("payments", SIEM).map(({ destinationArn }) => destinationArn)).toEqual([
      `arn:aws:logs:${EU}:${STRANGER}:destination:siem`,
      `arn:aws:logs:${US}:${STRANGER}:destination:siem`,
    ]);
  });

  it("reaches a stream of its own account", () => {
    expect(subscriptionsIn("sandbox", STREAM)[0]!.destinationArn).toBe(
      `arn:aws:kinesis:${EU}:${MEMBER}:stream/siem`,
    );
  });

  it.each`
    to                                           | subscription                          | wantsRole
    ${"a destination that admits organizations"} | ${SIEM}                               | ${true}
    ${"a destination that admits the account"}   | ${{ ...SIEM, admittedBy: "account" }} | ${false}
    ${"a Kinesis stream"}                        | ${STREAM}                             | ${true}
    ${"a Firehose stream"}                       | ${FIREHOSE}                           | ${true}
    ${"a Lambda function"}                       | ${FUNCTION}                           | ${false}
  `("to $to needs a role: $wantsRole", ({ subscription, wantsRole }) => {
    expect(subscriptionsIn("sandbox", subscription)[0]!.wantsRole).toBe(wantsRole);
  });

  it("forwards the log group that the map names", () => {
    const logs = { group: { existing: "/theirs" } };
    const accounts = { ...map.accounts, payments: { ...map.accounts["payments"]!, regions: [EU] } };
    expect(subscriptionsIn("payments", SIEM, { logs, accounts })[0]!.logGroup).toBe("/theirs");
  });

  it("does not exist without a destination", () => {
    expect(subscriptionsIn("payments", { destinationArn: null })).toEqual([]);
  });
});

describe("the role of subscriptions", () => {
  const trust = subscriptionTrust(subscriptionsIn("payments", SIEM));
  const from = (region: string, account = OTHER_MEMBER) => ({
    "aws:SourceArn": `arn:aws:logs:${region}:${account}:log-group:/session-audit/acme/sessions:*`,
  });

  it("says in its name what it is for", () => {
    expect(sidsOf(trust)).toEqual(["CloudWatchLogsTakesThisRole"]);
  });

  it.each`
    by                                                    | principal                         | context               | expected
    ${"CloudWatch Logs of a region"}                      | ${`logs.${EU}.amazonaws.com`}     | ${from(EU)}           | ${"Allowed"}
    ${"CloudWatch Logs of the other region"}              | ${`logs.${US}.amazonaws.com`}     | ${from(US)}           | ${"Allowed"}
    ${"CloudWatch Logs of a region without subscription"} | ${"logs.eu-west-1.amazonaws.com"} | ${from(EU)}           | ${"ImplicitlyDenied"}
    ${"CloudWatch Logs for another account"}              | ${`logs.${EU}.amazonaws.com`}     | ${from(EU, STRANGER)} | ${"ImplicitlyDenied"}
    ${"CloudWatch Logs that names no source"}             | ${`logs.${EU}.amazonaws.com`}     | ${{}}                 | ${"ImplicitlyDenied"}
    ${"another service"}                                  | ${"events.amazonaws.com"}         | ${from(EU)}           | ${"ImplicitlyDenied"}
  `("is assumed by $by: $expected", async ({ principal, context, expected }) => {
    const resource = roleIn(OTHER_MEMBER, "session-audit-acme-subscription");
    const policy = { ...trust, Statement: trust.Statement.map((one) => ({ ...one, Resource: resource })) };
    expect(
      await decisionOn({
        who: service(principal),
        action: "sts:AssumeRole",
        resource,
        owner: OTHER_MEMBER,
        context,
        policy,
      }),
    ).toBe(expected);
  });
});

describe("in the role of subscriptions, CloudWatch Logs", () => {
  const may = (subscription: Subscription, action: string, resource: string, owner = MEMBER) =>
    decisionOn({
      who: actor(
        roleIn(MEMBER, "session-audit-acme-subscription"),
        subscriptionPolicy(subscriptionsIn("sandbox", subscription)),
      ),
      action,
      resource,
      owner,
      policy:
        owner === MEMBER
          ? undefined
          : {
              Version: "2012-10-17",
              Statement: [
                { Sid: "Any", Effect: "Allow", Principal: "*", Action: [action], Resource: resource },
              ],
            },
    });
  const group = `arn:aws:logs:${EU}:${MEMBER}:log-group:/session-audit/acme/sessions`;
  const destination = `arn:aws:logs:${EU}:${STRANGER}:destination:siem`;

  it.each`
    to               | subscription | action                             | resource                                                  | owner       | expected
    ${"destination"} | ${SIEM}      | ${"logs:PutSubscriptionFilter"}    | ${destination}                                            | ${STRANGER} | ${"Allowed"}
    ${"destination"} | ${SIEM}      | ${"logs:PutSubscriptionFilter"}    | ${`${destination}-2`}                                     | ${STRANGER} | ${"ImplicitlyDenied"}
    ${"destination"} | ${SIEM}      | ${"logs:PutLogEvents"}             | ${`${group}:log-stream:alice-1`}                          | ${MEMBER}   | ${"Allowed"}
    ${"destination"} | ${SIEM}      | ${"logs:PutLogEvents"}             | ${`${group}-2:log-stream:alice-1`}                        | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"destination"} | ${SIEM}      | ${"logs:GetLogEvents"}             | ${`${group}:log-stream:alice-1`}                          | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"destination"} | ${SIEM}      | ${"kinesis:PutRecord"}             | ${`arn:aws:kinesis:${EU}:${MEMBER}:stream/siem`}          | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"stream"}      | ${STREAM}    | ${"kinesis:PutRecord"}             | ${`arn:aws:kinesis:${EU}:${MEMBER}:stream/siem`}          | ${MEMBER}   | ${"Allowed"}
    ${"stream"}      | ${STREAM}    | ${"kinesis:PutRecord"}             | ${`arn:aws:kinesis:${EU}:${MEMBER}:stream/other`}         | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"stream"}      | ${STREAM}    | ${"kinesis:GetRecords"}            | ${`arn:aws:kinesis:${EU}:${MEMBER}:stream/siem`}          | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"stream"}      | ${STREAM}    | ${"logs:PutLogEvents"}             | ${`${group}:log-stream:alice-1`}                          | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"Firehose"}    | ${FIREHOSE}  | ${"firehose:PutRecord"}            | ${`arn:aws:firehose:${EU}:${MEMBER}:deliverystream/siem`} | ${MEMBER}   | ${"Allowed"}
    ${"Firehose"}    | ${FIREHOSE}  | ${"firehose:PutRecordBatch"}       | ${`arn:aws:firehose:${EU}:${MEMBER}:deliverystream/siem`} | ${MEMBER}   | ${"Allowed"}
    ${"Firehose"}    | ${FIREHOSE}  | ${"firehose:DeleteDeliveryStream"} | ${`arn:aws:firehose:${EU}:${MEMBER}:deliverystream/siem`} | ${MEMBER}   | ${"ImplicitlyDenied"}
  `(
    "sending to a $to may $action on $resource: $expected",
    async ({ subscription, action, resource, owner, expected }) => {
      expect(await may(subscription, action, resource, owner)).toBe(expected);
    },
  );

  it.each`
    to               | subscription | sids
    ${"destination"} | ${SIEM}      | ${["SubscribeToDestinations", "SendSessionLogs"]}
    ${"stream"}      | ${STREAM}    | ${["SendToStreams"]}
    ${"Firehose"}    | ${FIREHOSE}  | ${["SendToFirehose"]}
  `("may do only what sending to a $to needs", ({ subscription, sids }) => {
    expect(sidsOf(subscriptionPolicy(subscriptionsIn("sandbox", subscription)))).toEqual(sids);
  });
});
