import type { z } from "zod";
import { deepFreeze } from "./merge";
import type { accountSettings, regionSettings } from "../schema/settings";

/** Makes every key of every section required: what defaults lie under is never undefined. */
type Defaulted<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Defaulted<Exclude<T[K], undefined>> }
    : T;

type Shape<T extends z.core.$ZodLooseShape> = z.output<z.ZodObject<T>>;

/** Settings of one target, fully defaulted. */
export type Settings = Defaulted<Shape<typeof regionSettings>>;
/** Settings of one account, fully defaulted: a target's, and what an account has once. */
export type AccountSettings = Defaulted<Shape<typeof accountSettings>>;
/** What one level of the map says about an account. */
export type AccountOverrides = Partial<Shape<typeof accountSettings>>;

export type ChatChannel = Settings["notifications"]["activity"]["chat"][number];

export type Subscriber = Settings["notifications"]["activity"]["subscribers"][number];

/**
 * What holds where the map says nothing. Every default is the safe one: recorded, encrypted, kept,
 * refused when it could not be recorded, protected from destruction.
 */
export const DEFAULTS: AccountSettings = deepFreeze({
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
