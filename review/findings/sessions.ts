import { isSet, numberOf } from "../numbers";
import { field, preferencesIn, TYPE } from "./preferences";
import type { Rule } from "./rule";
import { exchanged, raised, turnedOff, turnedOn, weakening } from "./weakening";

/** How people hold sessions. */
export const SESSION_RULES: readonly Rule[] = [
  field("runAsEnabled", {
    id: "run-as-off",
    isWeaker: turnedOff,
    severity: "medium",
    title: ({ place }) => `Sessions in ${place} run as ssm-user, who may use sudo`,
    detail:
      "Until now, sessions ran as the operating system user that the preferences or the person's tag SSMSessionRunAs name.",
    remedy: "Set preferences.runAs.enabled: true in the map.",
  }),
  field("runAsEnabled", {
    id: "run-as-on",
    isWeaker: turnedOn,
    severity: "low",
    title: ({ place }) =>
      `Sessions in ${place} run as an operating system user that the preferences or a tag name`,
    detail: "Instances without that user refuse sessions.",
    remedy: "Make sure that every instance has the user.",
  }),
  field("runAsDefaultUser", {
    id: "run-as-user-changed",
    isWeaker: (before, after) => exchanged(before, after) || (after === "root" && before !== "root"),
    severity: (_before, after) => (after === "root" ? "high" : "medium"),
    title: ({ place, before, after }) => `Sessions in ${place} run as the user ${after} instead of ${before}`,
    detail:
      "The user decides what people may do on the instance. Instances without the user refuse sessions.",
    remedy: "Make sure that the user exists and may do no more than is needed.",
  }),
  field("idleSessionTimeout", {
    id: "idle-timeout-lengthened",
    isWeaker: raised,
    severity: "medium",
    title: ({ place, before, after }) =>
      `Idle sessions in ${place} end after ${after} minutes instead of ${before}`,
    detail: "Whoever finds an unattended session can go on in the name of the person who opened it.",
    remedy: "Keep preferences.idleTimeoutMinutes short.",
  }),
  field("maxSessionDuration", {
    id: "maximum-duration-lengthened",
    isWeaker: (before, after) => raised(before, after) || (numberOf(before) !== null && !isSet(after)),
    severity: "medium",
    title: ({ place, before, after }) =>
      after === "nothing"
        ? `Sessions in ${place} no longer end after ${before} minutes`
        : `Sessions in ${place} end after ${after} minutes instead of ${before}`,
    detail: "A transcript is uploaded to S3 when its session ends.",
    remedy: "Set preferences.maximumDurationMinutes in the map.",
  }),
  ...(["linux", "windows"] as const).map((system) =>
    weakening({
      type: TYPE,
      within: preferencesIn,
      path: ["shellProfile", system],
      id: `shell-profile-${system}-changed`,
      isWeaker: (before, after) => (before ?? "") !== (after ?? ""),
      severity: "medium",
      title: ({ place, before, after }) =>
        `Each session on ${system === "linux" ? "Linux" : "Windows"} in ${place} begins with other commands: ${after} (until now: ${before})`,
      detail:
        "The commands run in the name of everybody who opens a session, with the rights of the session.",
      remedy: "Read the commands as code that runs on every instance.",
    }),
  ),
];
