import { isRateExpression } from "../../aws/association-schedule";
import { fault, type SettingRule, repeated } from "./setting-fault";

const maintainedOnce: SettingRule = ({ settings: { prerequisites } }) =>
  repeated(prerequisites.maintain, "prerequisites.maintain", "prerequisite");

const waitingNeedsCron: SettingRule = ({ settings: { prerequisites } }) =>
  prerequisites.applyOnlyAtCronInterval &&
  isRateExpression(prerequisites.schedule) &&
  fault(
    "prerequisites.applyOnlyAtCronInterval",
    "false while prerequisites.schedule is a rate: State Manager takes it with cron expressions only",
    'write a cron expression such as "cron(0 3 ? * SUN *)", or set applyOnlyAtCronInterval: false',
    "prerequisites.schedule",
  );

/** Targets are met together: the same tag twice would ask for two values at once, which no instance has. */
const tagsOnce: SettingRule = ({ settings: { prerequisites } }) =>
  prerequisites.targets === "all"
    ? []
    : prerequisites.targets.flatMap(({ tag }, index, all) =>
        all.findIndex((other) => other.tag === tag) < index
          ? fault(
              `prerequisites.targets.${index}.tag`,
              "each tag once: an instance must match every target, and has one value of a tag",
              "list all values of a tag in one target",
            )
          : [],
      );

/** Rules over what State Manager keeps on instances. */
export const PREREQUISITE_RULES: readonly SettingRule[] = [maintainedOnce, waitingNeedsCron, tagsOnce];
