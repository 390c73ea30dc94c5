import type { Identities } from "../clients/identities";
import type { AwsRequest, Amend, Amendment } from "../gateway/protocol";

/** What the emulator needs in order to run a Lambda function. */
export interface LambdaFunction {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** The zip archive. */
  readonly code: Buffer;
  /** ARN of its execution role. */
  readonly role: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** ARN of the queue or topic for events that failed; undefined when they are lost. */
  readonly deadLetters: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Settings that moto accepts and does not return (observed with 5.2.1), although the Terraform provider reads them. */
const FORGOTTEN = ["LoggingConfig", "DeadLetterConfig"] as const;

const PATH = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/(code|configuration))?)?\/?(?:\?|$)/;

/** Whether a request creates a function, or changes its configuration, both of which may name its role. */
export function deploysRole(method: string, url: string): boolean {
  const path = PATH.exec(url);
  if (path === null) return false;
  return path[1] === undefined ? method === "POST" : method === "PUT" && path[2] === "configuration";
}

/**
 * The functions that were deployed. Moto keeps them as well, but returns neither their code nor all of their settings, and
 * runs them only in containers.
 * @see https://docs.getmoto.org/en/latest/docs/services/lambda.html
 */
export class Functions {
  private readonly settings = new Map<string, Json>();
  private readonly codes = new Map<string, Buffer>();

  constructor(private readonly identities: Identities) {}

  /** A function by its name; undefined when there is none, or when it was not deployed as a zip archive. */
  find(accountId: string, region: string, name: string): LambdaFunction | undefined {
    const key = keyOf(accountId, region, name);
    const settings = this.settings.get(key);
    const code = this.codes.get(key);
    if (settings === undefined || code === undefined) return undefined;
    const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
    const member = (name: string, of: string) => (settings[name] as Json | undefined)?.[of];
    return {
      accountId,
      region,
      name,
      code,
      role: text(settings["Role"], ""),
      runtime: text(settings["Runtime"], ""),
      handler: text(settings["Handler"], ""),
      timeoutSeconds: Number(settings["Timeout"] ?? 3),
      environment: (member("Environment", "Variables") ?? {}) as Record<string, string>,
      logGroup: text(member("LoggingConfig", "LogGroup"), `/aws/lambda/${name}`),
      deadLetters: member("DeadLetterConfig", "TargetArn") as string | undefined,
    };
  }

  /** Remembers what a request deploys, and completes moto's answers to requests that read it. */
  readonly amend: Amend = async (request) => {
    const path = request.service === "lambda" ? PATH.exec(request.url) : null;
    if (path === null) return undefined;
    const { accountId } = await this.identities.of(request.accessKeyId, request.region);
    const body = parsed(request);
    const name = nameOf(String(path[1] === undefined ? body["FunctionName"] : decodeURIComponent(path[1])));
    return this.amendment(request.method, path[2], keyOf(accountId, request.region, name), body);
  };

  private amendment(
    method: string,
    part: string | undefined,
    key: string,
    body: Json,
  ): Amendment | undefined {
    const then = (change: () => void) => (answer: Record<string, unknown>) => {
      change();
      return this.completed(key, answer);
    };
    if (method === "GET") return then(() => undefined);
    if (method === "DELETE" && part === undefined) {
      return then(() => void (this.settings.delete(key) && this.codes.delete(key)));
    }
    if (method === "PUT" && part === "code") return then(() => this.keepCode(key, body));
    return then(() => {
      const { Code, ...settings } = body;
      this.settings.set(key, { ...this.settings.get(key), ...settings });
      if (Code !== undefined) this.keepCode(key, Code as Json);
    });
  }

  private keepCode(key: string, { ZipFile }: Json): void {
    if (typeof ZipFile === "string") this.codes.set(key, Buffer.from(ZipFile, "base64"));
  }

  private completed(key: string, answer: Record<string, unknown>): Record<string, unknown> {
    const settings = this.settings.get(key) ?? {};
    const known = Object.fromEntries(
      FORGOTTEN.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]),
    );
    return answer["Configuration"] === undefined
      ? { ...answer, ...(answer["FunctionArn"] !== undefined && known) }
      : { ...answer, Configuration: { ...(answer["Configuration"] as Json), ...known } };
  }
}

const parsed = ({ body }: AwsRequest): Json =>
  body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Json);

const keyOf = (accountId: string, region: string, name: string) => `${accountId}/${region}/${name}`;

/**
 * The name of a function, from its name, its ARN or its partial ARN, with or without a version or alias.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const nameOf = (name: string): string =>
  (name.includes(":") ? (name.split("function:")[1] ?? name) : name).split(":")[0]!;
