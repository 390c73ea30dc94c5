import type { AwsRequest, Room } from "../gateway/protocol";

/**
 * Calls that read settings: what the embedded AWS takes from the answer stays the same until a call changes a setting of the
 * service. Of `DescribeTable` it takes the key, and not the number of items. Calls of which it takes a count, or a state that
 * changes by itself, are left out. Moto closes the connection after each answer, so that
 * a call costs ten milliseconds of processor time, and one verdict on a call needs ten of them.
 */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ["DescribeTable", "GetResourcePolicy"],
  events: ["DescribeEventBus", "ListRules", "ListTargetsByRule"],
  iam: [
    ...["GetPolicy", "GetPolicyVersion", "GetRole", "GetRolePolicy"],
    ...["ListAttachedRolePolicies", "ListRolePolicies"],
  ],
  kms: ["DescribeKey", "GetKeyPolicy"],
  logs: ["DescribeDestinations", "DescribeMetricFilters", "DescribeSubscriptionFilters"],
  sns: ["GetTopicAttributes"],
};

/** Calls that change no setting: they read, or they handle data such as items of a table, lines and messages. */
const KEEPS_SETTINGS =
  /^(Get|List|Describe|Batch|Query|Scan|Encrypt|Decrypt|ReEncrypt|GenerateDataKey|Publish|PutEvents|PutLogEvents|CreateLogStream|(Put|Update|Delete)Item)/;

/** Services whose calls change nothing of another service in moto. */
const INDEPENDENT: ReadonlySet<string> = new Set([
  ...Object.keys(SETTINGS),
  ...["cloudtrail", "cloudwatch", "lambda", "monitoring", "s3", "sqs", "ssm", "sts"],
]);

/** A call of a client. */
interface SettingsCall {
  /** The name of the service, like `kms`. */
  readonly service: string;
  readonly operation: string;
  /** Account and region. */
  readonly place: string;
  readonly input: object;
}

/** Answers of moto about settings, kept until a call changes a setting of the same service. */
export class SettingsCache {
  private readonly services = new Map<string, Map<string, Promise<unknown>>>();

  /** What a call answers: the kept answer, or the one that `ask` gets. */
  async answer(
    { service, operation, place, input }: SettingsCall,
    ask: () => Promise<unknown>,
  ): Promise<unknown> {
    if (!SETTINGS[service]?.includes(operation)) {
      try {
        return await ask();
      } finally {
        this.note(service, operation);
      }
    }
    const known = this.services.get(service) ?? new Map<string, Promise<unknown>>();
    this.services.set(service, known);
    const key = `${operation} ${place} ${JSON.stringify(input)}`;
    const asked = known.get(key) ?? ask();
    known.set(key, asked);
    // What does not exist is asked for again.
    asked.catch(() => known.get(key) === asked && known.delete(key));
    return asked;
  }

  /** Notes a call that has ended. After a call that may have changed settings, their answers are forgotten. */
  note(service: string, operation: string): void {
    if (KEEPS_SETTINGS.test(operation)) return;
    if (INDEPENDENT.has(service)) this.services.delete(service);
    else this.services.clear();
  }

  /** Notes the calls that pass through the gateway, before their callers get the answers. */
  readonly room: Room = {
    observers: [
      ({ service, operation }: AwsRequest) =>
        () =>
          this.note(service, operation),
    ],
  };
}
