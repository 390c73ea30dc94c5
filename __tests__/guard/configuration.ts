import type { GuardConfiguration, TranscriptCheck } from "../../guard/configuration";

/** Configuration of a guard that looks for both records of each session, and ends sessions with any other document. */
export const CONFIGURATION: GuardConfiguration & { readonly transcripts: TranscriptCheck } = {
  partition: "aws",
  account: "444444444444",
  region: "eu-central-1",
  topicArn: "arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security",
  chatTopicArn: null,
  table: "session-audit-acme-guard",
  preferences: "SSM-SessionManagerRunShell",
  allowedDocuments: [],
  transcripts: {
    gracePeriodMinutes: 30,
    maximumDurationMinutes: 720,
    bucket: { name: "archive", prefix: "sessions/444444444444/eu-central-1", keptDays: null },
    logGroup: { name: "/session-audit/acme/sessions", keptDays: 365 },
  },
  console: "https://eu-central-1.console.aws.amazon.com/systems-manager/session-manager/sessions",
};
