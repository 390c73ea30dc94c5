import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { eventsOf, WEAKENING_CALLS, type ChangedResource, type TellingRule } from "../../../stacks/weakening";
import { managementCall } from "../../fixtures/cloudtrail";
import { MODELLED_SERVICES, operationsOf } from "../../helpers/api-models";
import { mutatingCalls } from "../../helpers/mutating-calls";
import { EXAMPLES, PATTERNS } from "../../helpers/watched-resources";

/** CloudTrail appends an API version to the names of some calls of Lambda. */
const recordedAs = (service: string, operation: string) =>
  eventsOf(service, operation).flatMap((name) =>
    service === "lambda" ? [name, `${name}20150331v2`] : [name],
  );

/** Parameters in which a path has a value. */
const parametersWith = (path: string, value: unknown) =>
  path.split(".").reduceRight<unknown>((inner, member) => ({ [member]: inner }), value) as object;

/** The rules that report a call, in alphabetical order. Two would report it twice. */
const rulesFor = (service: string, name: string, parameters: object) =>
  Object.entries(PATTERNS)
    .filter(([, pattern]) => matchesPattern(pattern, managementCall(service, name, parameters)))
    .map(([rule]) => rule)
    .sort();

interface Call {
  readonly service: string;
  readonly operation: string;
  readonly of: ChangedResource;
  readonly parameter: string | null;
  readonly told: TellingRule | null;
}

/** Every call of the table, once for each way to name the resource. */
const CALLS = WEAKENING_CALLS.flatMap(({ service, operations, of, namedBy, told }) =>
  operations.flatMap((operation) =>
    (namedBy.length === 0 ? [null] : namedBy).map((parameter): Call => ({
      service,
      operation,
      of,
      parameter,
      told,
    })),
  ),
);

const TOLD = CALLS.filter(({ told }) => told !== null);
const valuesOf = ({ of, parameter }: Call) => (parameter === null ? undefined : EXAMPLES[of]?.[parameter]);

describe.each(TOLD)("$service:$operation of $of by $parameter", (call) => {
  const { service, operation, parameter, told } = call;
  const rulesOf = (value: unknown) =>
    recordedAs(service, operation).map((name) =>
      rulesFor(service, name, parameter === null ? {} : parametersWith(parameter, value)),
    );

  it(`is reported by one rule: ${told}`, () => {
    const { ours } = valuesOf(call) ?? { ours: [null] };
    expect(parameter === null || valuesOf(call) !== undefined).toBe(true);
    expect(eventsOf(service, operation)).not.toEqual([]);
    for (const value of ours) for (const rules of rulesOf(value)) expect(rules).toEqual([told]);
  });
});

it.each(TOLD.filter((call) => valuesOf(call) !== undefined))(
  "$service:$operation of another resource than $of, by $parameter, is not reported",
  (call) => {
    const { service, operation, parameter } = call;
    const { theirs } = valuesOf(call)!;
    expect(theirs.length).toBeGreaterThan(0);
    for (const value of theirs)
      for (const name of recordedAs(service, operation))
        expect(rulesFor(service, name, parametersWith(parameter!, value))).toEqual([]);
  },
);

it.each(CALLS.filter(({ told }) => told === null))(
  "$service:$operation of $of by $parameter is not reported, as the table says",
  (call) => {
    const { service, operation, parameter } = call;
    const values = valuesOf(call)?.ours ?? [null];
    for (const value of values)
      for (const name of recordedAs(service, operation))
        expect(rulesFor(service, name, parameter === null ? {} : parametersWith(parameter, value))).toEqual(
          [],
        );
  },
);

const TOPIC = "arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security";
const ANOTHER = "arn:aws:sns:eu-central-1:444444444444:another";

it.each`
  rule                             | topics              | expected
  ${"mallory"}                     | ${[TOPIC]}          | ${["channels"]}
  ${"mallory"}                     | ${[ANOTHER, TOPIC]} | ${["channels"]}
  ${"mallory"}                     | ${[ANOTHER]}        | ${[]}
  ${"session-audit-acme-activity"} | ${[TOPIC]}          | ${["channels"]}
  ${"session-audit-acme-activity"} | ${[ANOTHER]}        | ${["channels"]}
`("PutTargets of $topics to the rule $rule is reported by $expected", ({ rule, topics, expected }) => {
  const targets = (topics as string[]).map((arn, index) => ({ id: String(index), arn, input: '"forged"' }));
  expect(rulesFor("events", "PutTargets", { rule, targets })).toEqual(expected);
});

it.each`
  logGroupName                   | metricNamespace         | expected
  ${"/app"}                      | ${"session-audit-acme"} | ${["guard"]}
  ${"/app"}                      | ${"app"}                | ${[]}
  ${"/session-audit/acme/guard"} | ${"app"}                | ${["guard"]}
`(
  "PutMetricFilter of $logGroupName into $metricNamespace is reported by $expected",
  ({ logGroupName, metricNamespace, expected }) => {
    const metricTransformations = [{ metricName: "ChecksUpToDate", metricNamespace, metricValue: "1" }];
    expect(rulesFor("logs", "PutMetricFilter", { logGroupName, metricTransformations })).toEqual(expected);
  },
);

/** Members of requests that CloudTrail spells in another way than the API. */
const MEMBERS: Readonly<Record<string, string>> = { bucketName: "bucket" };

/** Members of requests that a call of the table shares with other calls, by service. */
const membersThatName = (service: string): [string, unknown][] =>
  WEAKENING_CALLS.filter((row) => row.service === service).flatMap(({ of }) =>
    Object.entries(EXAMPLES[of] ?? {}).flatMap(([parameter, { ours }]) =>
      ours.map((value): [string, unknown] => [parameter, value]),
    ),
  );

it.each(MODELLED_SERVICES)("no other call of %s is reported, whatever it names", async (service) => {
  const listed = new Set(TOLD.filter((call) => call.service === service).map(({ operation }) => operation));
  const others = (await mutatingCalls(service)).filter((name) => !listed.has(name));
  const members = new Map(operationsOf(service).map((operation) => [operation.name, operation.members]));
  const reported = others.filter((operation) =>
    membersThatName(service)
      .filter(([parameter]) => members.get(operation)!.includes(MEMBERS[parameter] ?? parameter))
      .some(([parameter, value]) =>
        recordedAs(service, operation).some(
          (name) => rulesFor(service, name, parametersWith(parameter, value)).length > 0,
        ),
      ),
  );
  expect(reported).toEqual([]);
});
