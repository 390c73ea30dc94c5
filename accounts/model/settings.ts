import type { z } from "zod";
import type { BucketChoice, Choice, EncryptionChoice, TopicChoice } from "./choices";
import { deepFreeze } from "./merge";
import type { accountSettings, regionSettings } from "../schema/settings";

/** Makes every key of every section required: what defaults lie under is never undefined. */
type Defaulted<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Defaulted<Exclude<T[K], undefined>> }
    : T;

type Shape<T extends z.core.$ZodLooseShape> = z.output<z.ZodObject<T>>;

/** Settings of one target in the words of the map: all its levels merged over the defaults. */
export type MergedSettings = Defaulted<Shape<typeof regionSettings>>;
/** Settings of one account in the words of the map: those of a target, and what an account has once. */
export type MergedAccountSettings = Defaulted<Shape<typeof accountSettings>>;
/** Settings that an account has once, in its home region. */
export type OncePerAccount = Pick<MergedAccountSettings, "access" | "trail">;

/** Settings of one target as the stacks read them: where the map chooses, the choice is a discriminated union. */
export type Settings = Omit<MergedSettings, "encryption" | "transcripts" | "logs" | "notifications"> & {
  readonly encryption: EncryptionChoice;
  readonly transcripts: Omit<MergedSettings["transcripts"], "bucket" | "accessLogs"> & {
    readonly bucket: BucketChoice;
    readonly accessLogs: Choice;
  };
  readonly logs: Omit<MergedSettings["logs"], "group"> & { readonly group: Choice };
  readonly notifications: {
    readonly [Channel in keyof MergedSettings["notifications"]]: Omit<
      MergedSettings["notifications"][Channel],
      "topic"
    > & { readonly topic: TopicChoice };
  };
};
/** Settings of one account as the stacks read them. */
export type AccountSettings = Settings & OncePerAccount;

/** What one level of the map says about an account. */
export type AccountOverrides = Partial<Shape<typeof accountSettings>>;

export type ChatChannel = MergedSettings["notifications"]["activity"]["chat"][number];

export type Subscriber = MergedSettings["notifications"]["activity"]["subscribers"][number];

/**
 * What holds where the map says nothing. Every default is the safe one: recorded, encrypted, kept,
 * refused when it could not be recorded, protected from destruction.
 */
export const DEFAULTS: MergedAccountSettings = deepFreeze({
  encryption: { mode: "customer-managed", keyArn: null, deletionWindowDays: 30, rotationPeriodDays: 365 },
  transcripts: {
    bucket: "create",
    prefix: "sessions",
    objectLock: { mode: "governance", days: 365 },
    // Nothing is moved or deleted until the operator says when.
    lifecycle: {
      glacierInstantRetrievalAfterDays: null,
      glacierAfterDays: null,
      deepArchiveAfterDays: null,
      expireAfterDays: null,
      noncurrentExpireAfterDays: null,
      abortMultipartAfterDays: 7,
    },
    accessLogs: "create",
    accessLogsExpireAfterDays: 365,
    readers: [],
    organizationReaders: [],
    replication: null,
  },
  logs: {
    group: "create",
    streaming: true,
    retentionDays: 365,
    class: "STANDARD",
    subscription: {
      destinationArn: null,
      filterPattern: "",
      distribution: "ByLogStream",
      admittedBy: "organization",
    },
    masking: { enabled: false, identifiers: [], custom: [], findingsLogGroup: null },
  },
  preferences: {
    idleTimeoutMinutes: 20,
    maximumDurationMinutes: 720,
    runAs: { enabled: false, defaultUser: null },
    shellProfile: { linux: "", windows: "" },
    encryptSessionData: true,
    enforce: { s3: true, cloudWatch: true },
    adopt: false,
  },
  notifications: {
    activity: {
      enabled: true,
      events: ["StartSession", "ResumeSession", "TerminateSession"],
      topic: "create",
      subscribers: [],
      chat: [],
      actions: [],
    },
    security: { enabled: true, topic: "create", subscribers: [], chat: [], actions: [], ignoredRoles: [] },
  },
  // Installing software on every server is the operator's to ask for.
  prerequisites: {
    maintain: [],
    schedule: "rate(14 days)",
    applyOnlyAtCronInterval: false,
    targets: "all",
    maxConcurrency: "10%",
    maxErrors: "10%",
    complianceSeverity: "HIGH",
  },
  guard: {
    // It ends sessions: for the operator to decide.
    enabled: false,
    terminate: true,
    allowedDocuments: [],
    checkTranscriptsEveryMinutes: 60,
    gracePeriodMinutes: 30,
    reservedConcurrency: null,
  },
  network: [],
  access: {
    attachToRoles: [],
    defaultHostManagementRole: null,
    instanceProfile: false,
    operatorPolicy: true,
    reviewerPolicy: true,
    unmaskRoles: [],
    permissionsBoundaryArn: null,
  },
  trail: "none",
  protect: true,
  tags: {},
});
