import type { z } from "zod";
import type { BucketChoice, Choice, EncryptionChoice, TopicChoice } from "./choices";
import { deepFreeze } from "./merge";
import type { accountSettings, regionSettings } from "../schema/settings";

/** Makes every key of every section required, because every setting has a default. */
type Defaulted<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Defaulted<Exclude<T[K], undefined>> }
    : T;

type Shape<T extends z.core.$ZodLooseShape> = z.output<z.ZodObject<T>>;

/** Settings of one target in the form of the map: all its levels merged over the defaults. */
export type MergedSettings = Defaulted<Shape<typeof regionSettings>>;
/** Settings of one account in the form of the map: the settings of a target, `access` and `trail`. */
export type MergedAccountSettings = Defaulted<Shape<typeof accountSettings>>;
/** Settings of what an account has once, in its home region. */
export type OncePerAccount = Pick<MergedAccountSettings, "access" | "trail">;

/**
 * Settings of one target as the stacks read them. Where the map chooses between creating a resource, an existing one
 * and none, the setting is a discriminated union.
 */
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

/** The settings that one level of the map overrides. */
export type AccountOverrides = Partial<Shape<typeof accountSettings>>;

/** A Slack or Teams channel of a notification channel. */
export type ChatChannel = MergedSettings["notifications"]["activity"]["chat"][number];

/** A subscriber of a notification channel. */
export type Subscriber = MergedSettings["notifications"]["activity"]["subscribers"][number];

/**
 * The defaults of all settings. Every default is the safe one: sessions are recorded, encrypted and kept, an instance
 * refuses sessions unless it sees an encrypted bucket and an encrypted log group, and records are protected from
 * destruction.
 */
export const DEFAULTS: MergedAccountSettings = deepFreeze({
  encryption: { mode: "customer-managed", keyArn: null, deletionWindowDays: 30, rotationPeriodDays: 365 },
  transcripts: {
    bucket: "create",
    prefix: "sessions",
    objectLock: { mode: "governance", days: 365 },
    // Nothing is moved or deleted by default: how long to keep transcripts is for the operator to decide.
    lifecycle: {
      glacierInstantRetrievalAfterDays: null,
      glacierAfterDays: null,
      deepArchiveAfterDays: null,
      minimumTransitionBytes: null,
      expireAfterDays: null,
      noncurrentGlacierInstantRetrievalAfterDays: null,
      noncurrentGlacierAfterDays: null,
      noncurrentDeepArchiveAfterDays: null,
      noncurrentExpireAfterDays: null,
      abortMultipartAfterDays: 7,
    },
    accessLogs: "create",
    accessLogsExpireAfterDays: 365,
    accessLogsLifecycle: {
      glacierInstantRetrievalAfterDays: null,
      glacierAfterDays: null,
      deepArchiveAfterDays: null,
      minimumTransitionBytes: null,
    },
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
    runAs: { enabled: false, defaultUser: null, byTagOnly: false, ssmUserExists: false },
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
      central: true,
      actions: [],
    },
    security: {
      enabled: true,
      topic: "create",
      subscribers: [],
      chat: [],
      central: true,
      actions: [],
      ignoredRoles: [],
      accountChanges: true,
    },
  },
  // Nothing is installed by default: whether servers get software is for the operator to decide.
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
    // The guard ends sessions, so it is off by default: that is for the operator to decide.
    enabled: false,
    terminate: true,
    allowedDocuments: [],
    checkTranscriptsEveryMinutes: 60,
    gracePeriodMinutes: 30,
    reservedConcurrency: null,
  },
  // Recordings cost storage, and AWS ties them to just-in-time node access: both are for the operator to decide.
  remoteDesktop: { recordings: "none" },
  network: [],
  access: {
    attachToRoles: [],
    defaultHostManagementRole: null,
    instanceProfile: false,
    operatorPolicy: true,
    reviewerPolicy: true,
    reporters: [],
    unmaskRoles: [],
    permissionsBoundaryArn: null,
  },
  trail: "none",
  protect: true,
  tags: {},
});
