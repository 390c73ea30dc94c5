import { ACTIVITY, command, SANDBOX, ofSandbox } from "./actions-of";
import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "a document by ARN",
    { [ACTIVITY]: [command({ document: ofSandbox("ssm", "document/Acme-OnSession") })] },
    `${ACTIVITY}[0].document`,
    "the name of a command document",
    'write "Acme-OnSession", the name alone',
  ],
  [
    "no nodes",
    { [ACTIVITY]: [command({ tag: null })] },
    `${ACTIVITY}[0]`,
    "either instanceIds or tag",
    "name the nodes",
  ],
  [
    "nodes in two ways",
    { [ACTIVITY]: [command({ instanceIds: ["i-0123456789abcdef0"] })] },
    `${ACTIVITY}[0]`,
    "not both",
    "name the nodes",
  ],
  [
    "a node by name",
    { [ACTIVITY]: [command({ tag: null, instanceIds: ["web-1"] })] },
    `${ACTIVITY}[0].instanceIds[0]`,
    "the id of an instance",
    "copy the id",
  ],
  [
    "51 nodes",
    { [ACTIVITY]: [command({ tag: null, instanceIds: Array(51).fill("i-0123456789abcdef0") })] },
    `${ACTIVITY}[0].instanceIds`,
    "at most 50",
    "name a tag instead",
  ],
  [
    "a tag whose key leaves no room for tag: before it",
    { [ACTIVITY]: [command({ tag: { key: "k".repeat(125), values: ["audit"] } })] },
    `${ACTIVITY}[0].tag.key`,
    "1 to 124 letters",
    "EventBridge has room for a shorter key",
  ],
  [
    "an empty value of a tag",
    { [ACTIVITY]: [command({ tag: { key: "Role", values: ["audit", ""] } })] },
    `${ACTIVITY}[0].tag.values[1]`,
    "of 1 to 256 letters",
    "EventBridge does not take the empty value",
  ],
  [
    "a tag without values",
    { [ACTIVITY]: [command({ tag: { key: "Role", values: [] } })] },
    `${ACTIVITY}[0].tag.values`,
    "1 to 50 values",
    "at least one",
  ],
  [
    "a parameter that is a number",
    { [ACTIVITY]: [command({ parameters: { Days: 3 } })] },
    `${ACTIVITY}[0].parameters.Days`,
    "a string, a list of strings",
    'write "3", in quotes',
  ],
  [
    "a field that the event does not have",
    { [ACTIVITY]: [command({ parameters: { Id: { event: "sesion" } } })] },
    `${ACTIVITY}[0].parameters.Id.event`,
    '"session"',
    'mean "session"?',
  ],
  [
    "the reason, which the caller writes",
    { [ACTIVITY]: [command({ parameters: { Why: { event: "reason" } } })] },
    `${ACTIVITY}[0].parameters.Why.event`,
    '"session"',
    "did you mean",
  ],
  [
    "a field of the event for a document of AWS's",
    {
      [ACTIVITY]: [
        command({ document: "AWS-RunShellScript", parameters: { commands: { event: "session" } } }),
      ],
    },
    `${ACTIVITY}[0].parameters.commands`,
    "AWS-RunShellScript is one of AWS's own documents",
    "with an allowedPattern",
  ],
  [
    "a command twice on the same nodes",
    { [ACTIVITY]: [command(), command({ parameters: { Mode: "b" } })] },
    `${ACTIVITY}[1]`,
    "each target once",
    "remove",
  ],
  [
    "parameters beyond a template",
    { [`${SANDBOX}.activity.actions`]: [command({ parameters: { Text: Array(5).fill("x".repeat(2048)) } })] },
    `${SANDBOX}.activity.actions`,
    "what fits into the parameters for arn:aws:ssm:eu-central-1:222222222222:document/Acme-OnSession",
    "shorter parameters",
  ],
  [
    "values of a tag beyond a role's policy, for all",
    {
      [ACTIVITY]: [
        command({
          tag: {
            key: "Role",
            values: Array.from({ length: 50 }, (_, index) => String(index).padStart(256, "x")),
          },
        }),
      ],
    },
    ACTIVITY,
    "what fits into the role's policy",
    "name fewer nodes",
  ],
])("a map is refused: %s", (_, changes, path, allowed, remedy) => {
  expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
});

it.each<[string, Changes]>([
  [
    "with a document of AWS's and constants",
    { [ACTIVITY]: [command({ document: "AWS-RunShellScript", parameters: { commands: "date" } })] },
  ],
  [
    "one document on nodes of two tags",
    { [ACTIVITY]: [command(), command({ tag: { key: "Role", values: ["siem"] } })] },
  ],
])("a map may name actions %s", (_, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
