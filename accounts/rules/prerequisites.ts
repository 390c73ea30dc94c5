import { isRateExpression } from "../../aws/association-schedule";
import { fault, type SettingRule, repeated } from "./setting-fault";

const maintainedOnce: SettingRule = ({ settings: { prerequisites } }) =>
  repeated(prerequisites.maintain, "prerequisites.maintain", "prerequisite");

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html */
const waitingNeedsCron: SettingRule = ({ settings: { prerequisites } }) =>
  prerequisites.applyOnlyAtCronInterval &&
  isRateExpression(prerequisites.schedule) &&
  fault(
    "prerequisites.applyOnlyAtCronInterval",
    "false while prerequisites.schedule is a rate: State Manager accepts it only with cron expressions",
    'write a cron expression such as "cron(0 3 ? * SUN *)", or set applyOnlyAtCronInterval: false',
    "prerequisites.schedule",
  );

/** An instance must match all targets of an association, so the same tag in two targets would match no instance. */
const tagsOnce: SettingRule = ({ settings: { prerequisites } }) =>
  prerequisites.targets === "all"
    ? []
    : prerequisites.targets.flatMap(({ tag }, index, all) =>
        all.findIndex((other) => other.tag === tag) < index
          ? fault(
              `prerequisites.targets.${index}.tag`,
              "each tag once: an instance must match every target, and its tag has one value",
              "list all values of a tag in one target",
            )
          : [],
      );

/** Rules over what State Manager installs on instances. */
export const PREREQUISITE_RULES: readonly SettingRule[] = [maintainedOnce, waitingNeedsCron, tagsOnce];
