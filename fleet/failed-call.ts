import { UserError } from "../processes/user-error";
import { isFromAws, wordsOf } from "./aws-errors";

/** The call that an error ended, like "PutObject on s3://acme-plans/monday/files.json". */
const calls = new WeakMap<Error, string>();

/** What a call names, of the inputs of all services. */
interface Input {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly Prefix?: string;
  readonly QueueUrl?: string;
  readonly stateMachineArn?: string;
  readonly executionArn?: string;
}

/** What makes a call, and gives the answer. */
type Handler = (call: { input: object }) => Promise<{ output: object; response: unknown }>;

/** A client of the AWS SDK. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler, context: { commandName?: string }) => Handler,
      options: { step: "initialize"; name: string },
    ): void;
  };
}

/**
 * Lets a client note at its errors which call has failed, and on which thing: AWS says neither.
 * @returns the client
 * @example const sqs = notingCalls(new SQSClient({ region }));
 */
export function notingCalls<C extends Client>(client: C): C {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        try {
          return await next(call);
        } catch (error) {
          if (error instanceof Error)
            calls.set(error, `${commandName.replace(/Command$/, "")}${thingOf(call.input)}`);
          throw error;
        }
      },
    { step: "initialize", name: "sessionAuditNotesCalls" },
  );
  return client;
}

function thingOf({ Bucket, Key, Prefix, QueueUrl, stateMachineArn, executionArn }: Input): string {
  const path = Key ?? Prefix;
  const object = Bucket && `s3://${Bucket}${path === undefined ? "" : `/${path}`}`;
  const thing = object ?? QueueUrl ?? stateMachineArn ?? executionArn;
  return thing === undefined ? "" : ` on ${thing}`;
}

/** What to do, by the words of AWS or of its SDK. The first that fits counts. */
const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/^NoSuchBucket\b/, "Name a bucket that exists. If its stack is not deployed yet, deploy it first."],
  [
    /QueueDoesNotExist|NonExistentQueue/,
    "Copy the URL from the output queue_url of the stack pipeline. The queue is in the account of the pipeline.",
  ],
  [
    /^StateMachineDoesNotExist\b/,
    "Copy the ARN from the output state_machine_arn of the stack pipeline. If the stack is not deployed yet, deploy it first.",
  ],
  [/^ExecutionDoesNotExist\b/, "AWS keeps executions for 90 days. Start the command again."],
  [
    /^(?:Credentials|Token)ProviderError\b/,
    "Give the environment credentials: name a profile in AWS_PROFILE, log in with aws sso login, or run in a role.",
  ],
  [/Region is missing/, "Name a region in AWS_REGION."],
  [
    /Expired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch/,
    "Get new credentials, and run the command again.",
  ],
  [
    /AccessDenied|Forbidden|NotAuthorized/,
    "Let the identity of the environment's credentials make this call.",
  ],
  [/\bE[A-Z]{4,}\b|TimeoutError/, "Check the network and the endpoint of AWS, and run the command again."],
];
const OTHERWISE = "Check the names, and that the credentials of the environment may make this call.";

/** The SDK throws it as an Error without a name of its own. */
const isWithoutRegion = (error: Error): boolean => error.message === "Region is missing";

/** Errors of the program itself. A retry of the SDK adds its `$metadata` to them as well. */
const isBug = (error: Error): boolean => /^(?:Type|Reference|Range)Error$/.test(error.name);

/**
 * The message for an error of AWS that nobody has caught: a wrong name, missing credentials or rights. It has no stack
 * trace, because people correct it without the code.
 * @returns undefined: every other error
 */
export function failedCall(error: unknown): UserError | undefined {
  if (!(error instanceof Error) || error instanceof UserError || isBug(error)) return undefined;
  const call = calls.get(error);
  // Files have codes such as ENOENT as well, and no call.
  const isOfCall =
    call !== undefined || "$metadata" in error || /^(?:Credentials|Token)ProviderError$/.test(error.name);
  if (!isOfCall || !(isFromAws(error) || isWithoutRegion(error))) return undefined;
  const words = wordsOf(error);
  const hasAnswer = (error as { $response?: unknown }).$response !== undefined;
  const [, remedy = OTHERWISE] = REMEDIES.find(([pattern]) => pattern.test(words)) ?? [];
  const what = call ?? "a call";
  return new UserError(
    { what: `${hasAnswer ? `AWS refused ${what}` : what}: ${words.replace(/\.$/, "")}.`, remedy },
    { cause: error },
  );
}
